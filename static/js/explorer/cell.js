// The one step that made a cell, drawn by the stage of the operation's own page, and how far the cell reaches.

/** @import { Block, Frame, Step } from "../types" */
/** @import { Answer } from "./model.js" */

import { buttonTo, byRole, el, find } from "../draw/dom.js";
import { nearestPart } from "../draw/layout.js";
import { zoomOf } from "../draw/room.js";
import { number, operand } from "../format.js";
import { frame } from "../frame.js";
import { needed } from "../needed.js";
import { valuesIn } from "../nested.js";
import { Stage } from "../stage.js";
import { TraceTimeline } from "../timeline.js";
import { lines } from "../draw/pictures.js";
import { drawSwatch, strongest } from "../draw/scale.js";
import { say } from "../words.js";
import { numbers } from "./addresses.js";
import { calledAs, folded, isFoldable } from "./cell-frames.js";
import { Questions } from "./model.js";
import { nameIn } from "./names.js";
import { ACROSS } from "./positions.js";
import { Reach } from "./reach.js";

const MOST_TERMS = 128; // that a card shows one by one
const MOST_CHANNELS = 3; // that are shown together; of more one is, with the sums of all
const SMALL_WALL = 1600; // pixels: before a projector with fewer across one channel has room

export class CellView {
  #questions = new Questions();
  #reach = new Reach();
  /** @type {Stage | null} */ #stage = null; // once there is room to be measured for one

  /** @param {() => string} channel the one that was chosen of those that a step adds up, or none @param {(channel: number) => void} choose @param {(channel: string) => void} missing there is no such one */
  constructor(channel, choose, missing) {
    this.channel = channel;
    this.choose = choose;
    this.missing = missing;
  }

  /** Nothing on the maps is marked: no cell is looked at. */
  clear() {
    this.#reach.clear();
  }

  /** Ask for the step and the reach of a cell, together and once; what is given back shows them. @param {Answer} answer @param {string} at @returns {Promise<() => void>} */
  async ask(answer, at) {
    this.#questions.about(answer);
    const { model } = answer;
    const [layer = 0, ...index] = numbers(at);
    const { input_shape = [] } = model.layers[layer] ?? {};
    const nameOf = (/** @type {number} */ read) => nameIn(model, layer === 0 ? null : layer - 1, read);
    const ownName = nameIn(model, layer, index[0] ?? 0);
    const isLong = input_shape.length === 1 && (input_shape[0] ?? 0) > MOST_TERMS;
    const tensors = isLong ? [] : null;
    const [made, reached] = await Promise.all([
      this.#questions.ask("cell", { layer, index, tensors, parts: ["card", "links"] }),
      this.#questions.ask("reach", { layer, index }),
    ]);
    const trace = new TraceTimeline({ operation: made.op, body: {}, page: 1 }, made);
    const step = needed(trace.at(made.steps.start));
    return () => {
      const text = this.channel();
      const channel = text === "" ? null : Number(text);
      const drawn = isLong ? null : frame(trace, step);
      const whole = drawn && isFoldable(drawn) ? folded(drawn) : drawn;
      const { length: count } = whole?.card.blocks ?? [];
      const isThere = channel === null || (count > 1 && channel < count); // one of a few is shown among them
      if (whole) this.#showStep(calledAs(whole, nameOf, ownName), step, (isThere ? channel : null) ?? made.leading ?? 0);
      else this.#showLong(step);
      if (!isThere) this.missing(text);
      this.#reach.show(answer, layer, reached);
    };
  }

  /** @param {Frame} whole @param {Step} step @param {number} channel that is shown where there are many */
  #showStep(whole, step, channel) {
    byRole("step").hidden = false;
    byRole("long").hidden = true;
    const shown = { ...whole, panels: whole.panels.map(nearestPart) };
    const isMany = channelsOf(whole) > 0;
    const choose = (/** @type {number} */ one) => {
      this.choose(one);
      this.#showStep(whole, step, one);
    };
    showChannels(isMany ? whole.card.blocks : [], step, channel, choose);
    this.#stage ??= stageOf();
    this.#stage.show(isMany ? ofChannel(shown, channel) : shown);
  }

  /** Too many products for a card: they are a picture, and what they add up to stands beside it. @param {Step} step */
  #showLong({ description, products, row_sums, bias, output }) {
    byRole("step").hidden = true;
    byRole("cell-channels").hidden = true;
    byRole("long").hidden = false;
    byRole("sentence").textContent = description;
    const terms = valuesIn(products ?? []);
    byRole("long-sum").textContent = terms.length
      ? say("explorer.long_sum", { count: terms.length, sum: number(row_sums?.flat()[0]), bias: operand(bias ?? null), output: number(output) })
      : number(output);
    const canvas = find('[data-role="long-products"]', HTMLCanvasElement);
    canvas.hidden = !terms.length;
    drawSwatch(canvas, lines(terms, ACROSS), strongest(terms));
  }
}

const stageOf = () =>
  new Stage(byRole("stage"), byRole("arithmetic"), {
    edit: () => {},
    choose: () => {},
    pin: () => {},
    say: (sentence) => void (byRole("sentence").textContent = sentence),
  });

/** How many channels there are to choose from: none where all are shown together. @param {Frame | null} whole */
function channelsOf(whole) {
  const { length } = whole?.card.blocks ?? [];
  const isSmall = zoomOf(byRole("cell-view")) > 1 && innerWidth < SMALL_WALL;
  return length > (isSmall ? 1 : MOST_CHANNELS) ? length : 0;
}

/** The sums of all channels, which with the bias are the number: each can be chosen. @param {Block[]} blocks @param {Step} step @param {number} chosen @param {(channel: number) => void} choose */
function showChannels(blocks, { bias, output }, chosen, choose) {
  const host = byRole("cell-channels");
  const focused = [...host.querySelectorAll("button")].findIndex((button) => button === document.activeElement);
  host.hidden = !blocks.length;
  const buttons = blocks.map(({ sum, title }, index) => {
    const text = index ? operand(sum) : number(sum);
    return buttonTo(() => choose(index), { "aria-pressed": String(index === chosen) }, el("small", {}, title), text);
  });
  const rest = typeof bias === "number" ? say("explorer.channels_sum_bias", { bias: operand(bias), output: number(output) }) : say("explorer.channels_sum", { output: number(output) });
  host.replaceChildren(...buttons.flatMap((button, index) => (index ? ["+", button] : [button])), ...(blocks.length ? [el("span", {}, rest)] : []));
  buttons[focused]?.focus();
}

/** A step with one of its channels alone, whose products are not the output yet. @param {Frame} whole @param {number} channel @returns {Frame} */
function ofChannel(whole, channel) {
  const { blocks } = whole.card;
  const idsOf = (/** @type {Block | undefined} */ block) => Object.values(block?.grids ?? {});
  const [all, own] = [new Set(blocks.flatMap(idsOf)), new Set(idsOf(blocks[channel]))];
  const panels = whole.panels
    .filter(({ role }) => role !== "output")
    .map((panel) => ({ ...panel, grids: panel.grids.filter(({ id }) => own.has(id) || !all.has(id)) }));
  return { ...whole, panels, card: { ...whole.card, blocks: blocks.slice(channel, channel + 1) } };
}
