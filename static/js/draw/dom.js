// Making elements, briefly.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, unknown>} [attributes] @param {(Node | string | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "class") node.className = String(value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** @param {string} tag @param {(Node | string)[]} children */
export function math(tag, ...children) {
  const node = document.createElementNS(MATHML, tag);
  node.append(...children);
  return node;
}

/**
 * The element that the template gave this role.
 * @param {string} role @param {ParentNode} [root] @returns {HTMLElement}
 */
export function byRole(role, root = document) {
  const node = root.querySelector(`[data-role="${role}"]`);
  if (!(node instanceof HTMLElement)) throw new Error(`the page has no element for ${role}`);
  return node;
}

/** @param {string} action @param {(event: Event) => void} run @param {ParentNode} [root] */
export function onAction(action, run, root = document) {
  for (const node of root.querySelectorAll(`[data-action="${action}"]`)) node.addEventListener("click", run);
}
