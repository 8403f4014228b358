// Shapes of an SVG as plain values: a page makes elements of them, a file is written of them.

import { assign, patch, SVG } from "../draw/dom.js";

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

/** A shape as an element. @param {Shape} part @returns {SVGElement} */
function built({ name, attributes, children }) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) assign(node, key, String(value));
  node.append(...children.map((child) => (typeof child === "string" ? child : built(child))));
  return node;
}

/** Give a host this shape for all its content, touching only what differs from what it shows. @param {HTMLElement} host @param {Shape} part */
export const showShape = (host, part) => patch(host, [built(part)]);
