// The one step that made a cell, drawn by the stage of the operation's own page.

/** @import { Frame, Panel, Step, TraceAnswer } from "../types" */
/** @import { Answer } from "./model.js" */

import { byRole, find } from "../draw/dom.js";
import { number, operand } from "../format.js";
import { frame } from "../frame.js";
import { needed } from "../needed.js";
import { valuesIn } from "../nested.js";
import { Stage } from "../stage.js";
import { TraceTimeline } from "../timeline.js";
import { drawPlane, lines } from "../draw/pictures.js";
import { strongest } from "../draw/scale.js";
import { say } from "../words.js";
import { ask } from "./model.js";
import { ACROSS } from "./places.js";

const MOST_TERMS = 128; // that a card shows one by one

export class CellView {
  #stage = new Stage(byRole("stage"), byRole("arithmetic"), {
    edit: () => {},
    choose: () => {},
    pin: () => {},
    say: (sentence) => void (byRole("sentence").textContent = sentence),
  });

  /** Ask for the step; what is given back shows it. @param {Answer} answer @param {number} layer @param {number[]} index @returns {Promise<() => void>} */
  async ask({ model, chosen }, layer, index) {
    const { input_shape = [] } = model.layers[layer] ?? {};
    const isLong = input_shape.length === 1 && (input_shape[0] ?? 0) > MOST_TERMS;
    const tensors = isLong ? [] : null;
    /** @type {TraceAnswer} */
    const answer = await ask(model, "cell", chosen, { layer, index, tensors, parts: ["card", "links"] });
    const trace = new TraceTimeline({ operation: answer.op, body: {}, page: 1 }, answer);
    const step = needed(trace.at(answer.steps.start));
    return () => (isLong ? this.#showLong(step) : this.#showStep(frame(trace, step)));
  }

  /** @param {Frame} whole */
  #showStep(whole) {
    byRole("step").hidden = false;
    byRole("long").hidden = true;
    this.#stage.show({ ...whole, panels: whole.panels.map(concerned) });
  }

  /** Too many products for a card: they are a picture, and what they add up to stands beside it. @param {Step} step */
  #showLong({ description, products, row_sums, bias, output }) {
    byRole("step").hidden = true;
    byRole("long").hidden = false;
    byRole("sentence").textContent = description;
    const terms = valuesIn(products ?? []);
    byRole("long-sum").textContent = terms.length
      ? say("explorer.long_sum", { count: terms.length, sum: number(row_sums?.flat()[0]), bias: operand(bias ?? null), output: number(output) })
      : number(output);
    const canvas = find('[data-role="long-products"]', HTMLCanvasElement);
    canvas.hidden = !terms.length;
    drawPlane(canvas, lines(terms, ACROSS), strongest(terms));
  }
}

/** A panel with the grids that the step is about: of other channels none. @param {Panel} panel @returns {Panel} */
function concerned(panel) {
  const own = panel.grids.filter(({ region, marked }) => region || marked);
  return own.length ? { ...panel, grids: own } : panel;
}
