// Shapes of an SVG as plain values: a page makes elements of them, a file is written of them.

/** @typedef {{ name: string, attributes: Record<string, string | number>, children: (Shape | string)[] }} Shape */

const NS = "http://www.w3.org/2000/svg";
/** @type {Record<string, string>} */
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} name @param {Record<string, string | number>} attributes @param {(Shape | string)[]} children @returns {Shape} */
export const shape = (name, attributes, ...children) => ({ name, attributes, children });

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => ESCAPED[letter] ?? "");

/** A coordinate without the digits that nobody sees. @param {string | number} value */
const short = (value) => (typeof value === "number" ? String(Math.round(value * 100) / 100) : escaped(value));

/** A shape as text. @param {Shape | string} part @returns {string} */
export function written(part) {
  if (typeof part === "string") return escaped(part);
  const { name, attributes, children } = part;
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${short(value)}"`);
  return `<${name}${pairs.join("")}>${children.map(written).join("")}</${name}>`;
}

/** A shape as an element; what is in `style` is set as the content security policy lets a script set it. @param {Shape} part @returns {SVGElement} */
export function built({ name, attributes, children }) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "style") node.style.cssText = String(value);
    else node.setAttribute(key, String(value));
  }
  node.append(...children.map((child) => (typeof child === "string" ? child : built(child))));
  return node;
}
