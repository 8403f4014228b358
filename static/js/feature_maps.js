// The page of feature maps: a picture, a wall of maps, and where any one pixel of them comes from.

/** @import { Presets, Target } from "./types" */
/** @import { ApiError } from "./api.js" */
/** @import { Spot } from "./draw/wall.js" */
/** @import { Chosen } from "./feature-maps/settings.js" */
/** @import { Sheet } from "./input/placing.js" */

import { presets, refusedBy } from "./api.js";
import { byRole, el, find } from "./draw/dom.js";
import { paintScale, Wall } from "./draw/wall.js";
import { Picture } from "./feature-maps/picture.js";
import { Pinned } from "./feature-maps/pinned.js";
import { Pixel } from "./feature-maps/pixel.js";
import { AT, CARDS, FIELDS, LARGEST_OWN, WALL, wallOf } from "./feature-maps/settings.js";
import { OWN } from "./fields.js";
import { sendPhoto, takeFiles } from "./files.js";
import { number } from "./format.js";
import { PHOTO, unpackedPhoto } from "./input/photo-link.js";
import { Page } from "./page.js";
import { startPresenting } from "./present.js";
import { formatState, parseState } from "./state.js";
import { say } from "./words.js";

const GONE = 404;

/** @typedef {{ at: Target | null }} View the pixel that a link points at */
/** @typedef {{ chosen: Chosen, canvas: HTMLCanvasElement | null, headers: Headers, bytes: Uint8Array }} Answer */

/** One page, from the picture to the pixel. */
class FeatureMapsPage {
  fields = FIELDS;
  wall = new Wall(byRole("wall"), { point: (spot) => this.#point(spot), pin: (spot) => this.#pin(spot) });
  pinned = new Pinned();
  /** @type {Presets | null} */ known = null;
  /** @type {import("./inspector.js").Inspector | null} */ inspector = null;

  constructor() {
    /** @type {Page<Chosen, View, Answer>} */
    this.page = new Page(this);
    this.store = this.page.store;
    const complain = (/** @type {string} */ sentence) => this.page.message.show(sentence);
    this.picture = new Picture((image) => this.store.set({ image }), complain);
    this.pixel = new Pixel(this.picture, (name) => this.#kernel(name), (act) => this.page.attempt(act));
    takeFiles((file) => this.page.attempt(() => this.#upload(file)));
    const scaleBar = find('[data-role="scale"]', HTMLCanvasElement);
    paintScale(scaleBar);
    document.addEventListener("themechange", () => paintScale(scaleBar));
    startPresenting({ next() {}, previous() {}, changeSpeed() {} });
  }

  start() {
    return this.page.start(
      () => this.#startSettings(),
      async () => (await import("./feature-maps/paper.js")).startMapsPaper(() => this.store.state),
    );
  }

  /** What has a name on this page. */
  async #know() {
    if (this.known) return this.known;
    this.known = await presets();
    this.picture.offer(this.known.images);
    return this.known;
  }

  async #startSettings() {
    const [known, { Inspector }, { sheetButton, takePasted }] = await Promise.all([
      this.#know(),
      import("./inspector.js"),
      import("./input/paste.js"),
    ]);
    const host = byRole("inspector");
    const sheet = this.#ownSheet();
    const tools = () => el("div", { class: "tools" }, sheetButton(sheet));
    this.inspector = new Inspector(host, { cards: CARDS }, this.store, known, undefined, tools);
    this.inspector.formulaCard.remove();
    this.showSettings();
    takePasted((element) => {
      const cell = host.contains(element) ? element?.closest(".cell") : null;
      if (!cell) return null;
      const at = (/** @type {Element | null} */ node, /** @type {string} */ name) => Number(node?.getAttribute(name)) - 1;
      return { sheet, spot: { channel: 0, cell: [at(cell.parentElement, "aria-rowindex"), at(cell, "aria-colindex")] } };
    });
  }

  /** The kernel of one's own, where pasted numbers go. @returns {Sheet} */
  #ownSheet() {
    return {
      label: say("maps.your_kernel"),
      array: "weight",
      planes: () => this.store.state.own.values,
      limits: () => ({ height: [1, LARGEST_OWN], width: [1, LARGEST_OWN] }),
      keep: async (values) => refusedBy(await this.page.change({ own: { values } })),
      tell: (sentence) => this.page.message.show(sentence),
    };
  }

  /** @returns {string} */
  fragment() {
    return [formatState(FIELDS, this.store.state, 0), this.pinned.cell && `at=${AT.format(this.pinned.cell)}`].filter(Boolean).join("&");
  }

  about() {
    return this.picture.keeping.aboutLink();
  }

  /** @param {string} fragment */
  async read(fragment) {
    await this.#know();
    const { state, problems } = parseState([...FIELDS, AT, PHOTO], fragment);
    const { at, photo, ...chosen } = state;
    if (photo) chosen["image"] = (await this.#unpacked(photo, problems)) || chosen["image"];
    const unknown = chosen["kernels"].filter((name) => name !== OWN && !this.#kernel(name));
    for (const name of unknown) problems.push(say("maps.no_kernel", { name }));
    if (unknown.length) chosen["kernels"] = WALL;
    return { state: chosen, view: { at }, problems };
  }

  /** A photo that came in the link is an upload like any other. @param {string} photo @param {string[]} problems */
  async #unpacked(photo, problems) {
    const image = await unpackedPhoto(photo, problems);
    if (image) this.page.address.schedule();
    return image;
  }

  /** @param {View} [view] */
  showSettings(view) {
    if (view) this.pinned.cell = view.at;
    this.inspector?.update(this.store.state, undefined);
    this.picture.mark(this.store.state.image);
  }

  /** @param {Chosen} chosen @param {AbortSignal} signal @returns {Promise<Answer>} */
  async ask(chosen, signal) {
    const [answer, canvas] = await Promise.all([wallOf(chosen, signal), this.picture.draw(chosen.image)]);
    return { chosen, canvas, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) };
  }

  /** @param {Answer} answer */
  show({ chosen, canvas, headers, bytes }) {
    const [count = 0, rows = 0, cols = 0] = (headers.get("X-Tensor-Shape") ?? "").split(",").map(Number);
    this.pinned.show(chosen.kernels, rows, cols);
    const scales = (headers.get("X-Tensor-Scale") ?? "").split(",").map(Number);
    const each = chosen.scale === "each";
    const captions = chosen.kernels.map((name) => this.#kernel(name) ?? { name, title: say("common.your_own"), finds: say("maps.own_kernel_note") });
    this.wall.show(
      { count, rows, cols, bytes },
      captions.map((caption, map) => ({ ...caption, ...(each ? { scale: say("maps.up_to", { strongest: number(scales[map] ?? 0) }) } : {}) })),
    );
    this.#showScale(each ? null : (scales[0] ?? 0));
    if (canvas) this.picture.show(chosen.image, canvas);
    byRole("again").hidden = true;
    this.pixel.open({ chosen, kernelSize: (headers.get("X-Kernel-Size") ?? "").split(",").map(Number) });
    this.#point(null);
  }

  /** What the colours mean. @param {number | null} strongest null: of each map something else */
  #showScale(strongest) {
    byRole("scale-low").textContent = strongest === null ? "−" : number(-strongest);
    byRole("scale-high").textContent = strongest === null ? "+" : number(strongest);
    byRole("scale-note").textContent = strongest === null ? say("maps.each_scale") : say("maps.one_scale");
  }

  /** @param {View} _ @param {string[]} problems */
  opened(_, problems) {
    if (!this.pinned.check(problems)) this.page.address.schedule();
  }

  /** @param {string} name */
  #kernel(name) {
    return this.known?.kernels.find((kernel) => kernel.name === name);
  }

  /** Who had a photo here that is gone may upload it again. @param {ApiError} error */
  failed({ status }) {
    byRole("again").hidden = status !== GONE;
  }

  /** @param {Spot} spot */
  #pin(spot) {
    this.pinned.toggle(spot);
    this.page.address.schedule();
    this.#point(spot);
  }

  /** Look at a pixel; null: back to the one that is kept. @param {Spot | null} pointed */
  #point(pointed) {
    const spot = pointed ?? this.pinned.spot;
    this.wall.mark(spot);
    this.pixel.look(spot);
  }

  /** @param {File} file */
  async #upload(file) {
    const answer = await sendPhoto(file);
    this.pinned.cell = null;
    this.store.set({ image: answer.headers.get("X-Image-Id") ?? "" });
  }
}

await new FeatureMapsPage().start();
