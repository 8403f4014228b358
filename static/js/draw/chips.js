// What a number of a frame looks like by itself, wherever it is drawn: its text and its colours.

/** @import { Block, Card, Frame, Part } from "../types" */

import { cellText, number } from "../format.js";
import { say } from "../words.js";
import { kindOf, ROOM } from "./cells.js";
import { strongest } from "./scale.js";

/** A value with the magnitude that has the strongest colour; without one it has no colour. @typedef {{ text: string, value: number | null, max: number | null, hue?: string | undefined }} Chip */

/** What a person has to say first. */
export const UNSAID = "?";

/** The magnitude that has the strongest colour among the terms of a block. @param {Block} block @param {Pick<Card, "max">} card */
export const blockStrength = ({ rows }, { max }) => max ?? strongest(rows.flatMap(({ terms }) => terms.map(({ value }) => value)));

/** What the sum of a row is called. @param {Pick<Block, "running">} block @param {number} row */
export const rowWord = ({ running }, row) => (running ? say("stage.so_far") : say("stage.row", { row: row + 1 }));

/** A number without a colour. @param {number | null | undefined} value @returns {Chip} */
const plain = (value) => ({ text: number(value), value: value ?? null, max: null });

/** What stands in a part of a frame. @param {Pick<Frame, "panels" | "card">} frame @param {Part} part @returns {Chip} */
export function chipOf({ panels, card }, part) {
  switch (part.kind) {
    case "cell": {
      const model = panels.flatMap(({ grids }) => grids).find(({ id }) => id === part.grid);
      const index = part.row * (model?.cols ?? 0) + part.col;
      const value = model?.values[index] ?? null;
      const padding = model && kindOf(model, index) === "padding";
      return { text: value === null ? "" : cellText(value, ROOM.large).text, value, max: padding ? null : (model?.max ?? null), hue: model?.hue };
    }
    case "term": {
      const block = card.blocks[part.block];
      const term = block?.rows[part.row]?.terms[part.col];
      return { ...plain(term?.value), ...(term?.asks ? { text: UNSAID } : {}), max: block && !term?.padding ? blockStrength(block, card) : null };
    }
    case "row":
      return plain(card.blocks[part.block]?.rows[part.row]?.sum);
    case "block":
      return plain(card.blocks[part.block]?.sum);
    case "line":
      return { text: card.lines[part.line]?.value ?? "", value: null, max: null };
    default:
      return { ...plain(card.result), ...(card.asks ? { text: UNSAID } : {}) };
  }
}
