// Shapes of an SVG as plain values: a page makes elements of them, a file is written of them.

import { assign, SVG } from "../draw/dom.js";

/** @typedef {{ name: string, attributes: Record<string, string | number>, children: (Shape | string)[] }} Shape */

/** @type {Record<string, string>} */
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} name @param {Record<string, string | number>} attributes @param {(Shape | string)[]} children @returns {Shape} */
export const shape = (name, attributes, ...children) => ({ name, attributes, children });

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => ESCAPED[letter] ?? "");

/** A coordinate without the digits that nobody sees. @param {string | number} value */
const short = (value) => (typeof value === "number" ? String(Math.round(value * 100) / 100) : escaped(value));

/** A shape as text. @param {Shape | string} part @returns {string} */
export function markupOf(part) {
  if (typeof part === "string") return escaped(part);
  const { name, attributes, children } = part;
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${short(value)}"`);
  return `<${name}${pairs.join("")}>${children.map(markupOf).join("")}</${name}>`;
}

/** What an element was last made to show. @type {WeakMap<Node, Shape>} */
const shown = new WeakMap();

/** A shape as an element. @param {Shape} part @returns {SVGElement} */
function built(part) {
  const node = document.createElementNS(SVG, part.name);
  become(node, part);
  return node;
}

/** Give a host this shape for all its content, touching only what differs from what it shows. @param {HTMLElement} host @param {Shape} part */
export function showShape(host, part) {
  const [node] = host.children;
  if (node instanceof SVGElement && shown.get(node)?.name === part.name) become(node, part);
  else host.replaceChildren(built(part));
}

/** Make an element of its kind show a shape. @param {SVGElement} node @param {Shape} part */
function become(node, part) {
  const old = shown.get(node);
  shown.set(node, part);
  for (const [key, value] of Object.entries(part.attributes)) if (old?.attributes[key] !== value) assign(node, key, String(value));
  for (const key of Object.keys(old?.attributes ?? {})) if (!(key in part.attributes)) node.removeAttribute(key);
  part.children.forEach((child, index) => becomeChild(node, node.childNodes[index], child));
  while (node.childNodes.length > part.children.length) node.lastChild?.remove();
}

/** Make the child of an element show a shape or a text. @param {SVGElement} node @param {ChildNode | undefined} old @param {Shape | string} part */
function becomeChild(node, old, part) {
  if (typeof part === "string") {
    if (old?.nodeType === Node.TEXT_NODE) return void (old.nodeValue === part || (old.nodeValue = part));
  } else if (old instanceof SVGElement && shown.get(old)?.name === part.name) return become(old, part);
  const made = typeof part === "string" ? document.createTextNode(part) : built(part);
  if (old) old.replaceWith(made);
  else node.append(made);
}
