// The page of feature maps on paper: the picture, its maps, and what was set.

/** @import { Chosen } from "./settings.js" */

import { startPaper } from "../paper.js";
import { FIELDS } from "./settings.js";

const SHOWN = ["relu", "stride", "pool", "pool_size"]; // the picture and the kernels are seen

/** @param {() => Chosen} chosen */
export function startMapsPaper(chosen) {
  startPaper({
    page: () => document.querySelector(".page"),
    settings: () => FIELDS.filter(({ name, when }) => SHOWN.includes(name) && (!when || when(chosen()))).map(({ name, label, format }) => [label, format(chosen()[/** @type {keyof Chosen} */ (name)])]),
  });
}
