// A table of a picture: words in lines and columns, each column as wide as the widest of them.

/** @import { Sheet } from "./sheet.js" */

import { widthOf } from "./sheet.js";

export const LINE = 22;
const TYPE = 13;
const BOLD = 17; // as wide as type of this size
const APART = 20;

/**
 * Several results beside each other; the head of each column and of each line stands out.
 * @param {string[]} head @param {string[][]} rows @param {Sheet} sheet @param {number} left @param {number} top @param {number} [opacity] of what is no head
 */
export function tableOf(head, rows, sheet, left, top, opacity = 1) {
  const all = [head, ...rows];
  const widths = head.map((_, col) => Math.max(...all.map((row, i) => widthOf(row[col] ?? "", i && col ? TYPE : BOLD))) + APART);
  const shapes = all.flatMap((row, i) =>
    row.flatMap((words, col) => {
      const x = left + widths.slice(0, col).reduce((sum, one) => sum + one, 0);
      return words ? [sheet.text(words, x, top + (i + 1) * LINE, { size: TYPE, weight: i && col ? 400 : 600, opacity: col && i ? opacity : 1 })] : [];
    }),
  );
  return { shapes, width: widths.reduce((sum, one) => sum + one, 0), height: all.length * LINE };
}
