// The tasks of a page as rows of one table, by their names. What each asks and what is to be seen then are the texts
// `tasks.PAGE.NAME` and the same with `_met` behind, which a page carries for every row (`page_texts.py`).

/** @import { Task } from "../../types" */

import { textOf } from "../../words.js";

/**
 * @template S
 * @param {string} page @param {Record<string, Omit<Task<S>, "name" | "ask" | "seen"> & { seen?: string }>} rows `seen`: where that has values
 * @returns {Task<S>[]}
 */
export const tasksOf = (page, rows) =>
  Object.entries(rows).map(([name, row]) => {
    const id = `tasks.${page}.${name.replaceAll("-", "_")}`;
    return { name, ask: textOf(id), seen: textOf(`${id}_met`), ...row };
  });
