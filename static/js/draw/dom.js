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

/** A button that does something. @param {(event: MouseEvent) => unknown} act @param {Record<string, unknown>} attributes beside those of a plain one @param {(Node | string)[]} children */
export function buttonTo(act, attributes, ...children) {
  const node = el("button", { type: "button", class: "button", ...attributes }, ...children);
  node.addEventListener("click", act);
  return node;
}

/** A choice on a chip, one of several unless it is a box to tick: its input, and the label around it. @param {(input: HTMLInputElement) => unknown} act @param {Record<string, unknown>} attributes of the input @param {(Node | string)[]} children */
export function chip(act, attributes, ...children) {
  const input = el("input", { type: "radio", ...attributes });
  input.addEventListener("change", () => act(input));
  return { input, node: el("label", { class: "chip" }, input, ...children) };
}

/** Numbers beside each other: the head of each column, where it has one, and a row each. @param {string[]} head @param {HTMLElement[]} rows @param {Record<string, unknown>} [attributes] */
export function comparedTable(head, rows, attributes = {}) {
  const heads = head.map((text) => (text ? el("th", { scope: "col" }, text) : el("td")));
  return el("table", { class: "compared", ...attributes }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

const MATHML = "http://www.w3.org/1998/Math/MathML";

export const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Record<string, string | number>} [attributes] @param {Node[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** @param {string} tag @param {(Node | string)[]} children */
export function math(tag, ...children) {
  const node = document.createElementNS(MATHML, tag);
  node.append(...children);
  return node;
}

/** An element of the page by a selector, and of which kind it is. @template {Element} E @param {string} selector @param {new () => E} Kind @param {ParentNode} [root] @returns {E} */
export function find(selector, Kind, root = document) {
  const node = root.querySelector(selector);
  if (!(node instanceof Kind)) throw new Error(`the page has no ${Kind.name} ${selector}`);
  return node;
}

/** All the elements of a kind by a selector. @template {Element} E @param {string} selector @param {new () => E} Kind @param {ParentNode} [root] @returns {E[]} */
export const findAll = (selector, Kind, root = document) => [...root.querySelectorAll(selector)].flatMap((node) => (node instanceof Kind ? [node] : []));

/** The element that the template gave this role. @param {string} role @param {ParentNode} [root] @returns {HTMLElement} */
export const byRole = (role, root) => find(`[data-role="${role}"]`, HTMLElement, root);

/** @param {string} action @param {(event: Event) => void} run @param {ParentNode} [root] */
export function onAction(action, run, root = document) {
  for (const node of root.querySelectorAll(`[data-action="${action}"]`)) node.addEventListener("click", run);
}

/** Whether a key is pressed with another that makes it the browser's. @param {KeyboardEvent} event */
export const isModified = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;

/**
 * Give a host these children, touching only what differs from those that it has: what stays the same is neither laid
 * out nor painted again.
 * @param {Node} host @param {(Node | string)[]} children
 */
export function patch(host, children) {
  let old = host.firstChild;
  for (const child of children) {
    const made = typeof child === "string" ? document.createTextNode(child) : child;
    if (old?.nodeName === made.nodeName) become(old, made);
    else host.insertBefore(made, old);
    old = old?.nodeName === made.nodeName ? old.nextSibling : old;
  }
  while (old) {
    const next = old.nextSibling;
    old.remove();
    old = next;
  }
}

/** @param {ChildNode} old @param {Node} made of the same kind */
function become(old, made) {
  if (!(old instanceof Element) || !(made instanceof Element)) {
    if (old.nodeValue !== made.nodeValue) old.nodeValue = made.nodeValue;
    return;
  }
  if (old.isEqualNode(made)) return;
  const { attributes } = made;
  for (const { name, value } of attributes) if (old.getAttribute(name) !== value) assign(old, name, value);
  if (old.attributes.length > attributes.length)
    for (const { name } of [...old.attributes])
      if (!made.hasAttribute(name)) old.removeAttribute(name);
  patch(old, [...made.childNodes]);
}

/** An attribute; a style is not one where the content security policy has a say. @param {Element} node @param {string} name @param {string} value */
export function assign(node, name, value) {
  if (name === "style" && (node instanceof HTMLElement || node instanceof SVGElement)) node.style.cssText = value;
  else node.setAttribute(name, value);
}
