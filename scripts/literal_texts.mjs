// Finds texts for people that stand in static/js/ itself: node scripts/literal_texts.mjs
//
// What a page says comes from a language's table, by `say("its id")` with the id written out (cnn_server/words/en/pages.json). A literal
// is taken for a text where it has two words or begins like a sentence, and anywhere where it would be shown.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const FOLDER = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "static", "js");
const PROSE = /\p{L}{2,}[,.:;]? \p{L}|^[“ ]*\p{Lu}\p{Ll}+|\p{L}{2}[.!?:]$/u;
const WORD = /\p{L}{2}/u;
// What names things for machines: attributes, properties and calls whose texts nobody reads.
const SILENT = new Set(["class", "className", "role", "type", "id", "field", "way", "style", "for", "kind", "cssText", "font", "accept", "method", "key"]);
const SHOWN = new Set(["label", "title", "ask", "note", "sentence", "aria-label", "placeholder", "alt", "caption", "textContent", "ariaLabel", "data-asks"]);
const SILENT_CALLS = new Set(
  ("querySelector querySelectorAll matches closest addEventListener createElementNS setProperty byRole onAction includes startsWith endsWith " +
    "split join replace replaceAll test mark Event toggle add remove import getAttribute removeAttribute toggleAttribute find findAll matchMedia").split(" "),
);
const SHOWN_CALLS = new Set(["append", "prepend", "replaceChildren"]);
const MACHINES = new Set(["Content-Type", "Accept-Language", "AbortError", "Enter", "Escape", "Home", "End", "Delete", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);
// Said to who writes the scripts, or names of classes that are put together.
const OURS = [
  /^the page has no (\{\} |room for )/,
  /^the setting \{\} is no /,
  /^what this page relies on is (not there|no \{\})$/,
  /^the trace of .* has no /,
  /^a pixel has at least one stage$/,
  /^this page names no operation$/,
  /^step \{\} is not among those of the answer$/,
  /^system-ui, /,
  /^terms (bare|compact)$/,
  /^(drag|stroke|window|move|rate) \{\}$/,
  /^paste-read paste-error$/,
  /^(file|photo\.webp)$/,
];

/** The text of a literal, a pair of braces for each value in it. @param {ts.StringLiteralLike | ts.TemplateExpression} node */
const textOf = (node) => (ts.isTemplateExpression(node) ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join("{}") : node.text);

/** The expression that a literal is part of: of a choice, of a list, of another text. @param {ts.Node} node */
function wholeOf(node) {
  const { parent } = node;
  const passes =
    ts.isParenthesizedExpression(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isTemplateExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    (ts.isBinaryExpression(parent) && ["+", "??", "||", "&&"].includes(parent.operatorToken.getText()));
  return passes ? wholeOf(parent) : node;
}

/** @param {string} name @returns {boolean | null} whether what has this name is shown; null: nobody knows */
const isShown = (name) => (SHOWN.has(name) ? true : SILENT.has(name) || name.startsWith("data-") ? false : null);

/** Whether a literal is shown where it stands; null: by its text. @param {ts.Node} node */
function shownAt(node) {
  const whole = wholeOf(node);
  const { parent } = whole;
  if (ts.isPropertyAssignment(parent)) return parent.name === whole ? false : isShown(parent.name.text ?? "");
  if (ts.isComputedPropertyName(parent) || ts.isElementAccessExpression(parent) || ts.isCaseClause(parent)) return false;
  if (ts.isBinaryExpression(parent) && ["===", "!==", "in"].includes(parent.operatorToken.getText())) return false;
  if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left)) return isShown(parent.left.name.text);
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return null;
  return shownIn(parent, whole);
}

/** @param {ts.CallExpression | ts.NewExpression} call @param {ts.Node} argument */
function shownIn(call, argument) {
  const { expression, arguments: all = [] } = call;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
  const index = all.indexOf(/** @type {ts.Expression} */ (argument));
  if (name === "el" || name === "math") return index > 0;
  if (name === "setAttribute") return index > 0 && isShown(/** @type {any} */ (all[0]).text ?? "");
  if (SHOWN_CALLS.has(name)) return true;
  return SILENT_CALLS.has(name) || (name === "say" && ts.isIdentifier(expression)) ? false : null;
}

/** What is wrong with a node, if anything. @param {ts.Node} node */
function fault(node) {
  if (ts.isCallExpression(node) && node.expression.getText() === "say" && !ts.isStringLiteral(node.arguments[0] ?? node)) return "an id that is not written out";
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return "";
  const text = textOf(node);
  const shown = shownAt(node);
  if (shown === false || MACHINES.has(text) || OURS.some((ours) => ours.test(text))) return "";
  return (shown ? WORD : PROSE).test(text) ? `a text without an id: ${text}` : "";
}

let found = 0;
for (const name of readdirSync(FOLDER, { recursive: true }).map(String).sort()) {
  if (!name.endsWith(".js")) continue;
  const source = ts.createSourceFile(name, readFileSync(path.join(FOLDER, name), "utf8"), ts.ScriptTarget.ES2022, true);
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const wrong = fault(node);
    if (wrong) {
      found += 1;
      console.error(`static/js/${name}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${wrong}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
process.exitCode = found ? 1 : 0;
