// The page of feature maps: a picture, a wall of maps, and where any one pixel of them comes from.

/** @import { Control, Field, Presets, State } from "./types" */
/** @import { Maps, Spot } from "./draw/wall.js" */

import { ApiError, post, presets, send } from "./api.js";
import { drawCard } from "./draw/card.js";
import { byRole, el } from "./draw/dom.js";
import { drawFile, drawPixels } from "./draw/photo.js";
import { paintScale, placeSpot, Wall } from "./draw/wall.js";
import { arrayField, choiceField, flagField, namesField, OWN, pairField, textField, wholeField } from "./fields.js";
import { noteOf, sendPhoto, takeFiles } from "./files.js";
import { number } from "./format.js";
import { pixelCard, pixelSentences } from "./frames/pixel.js";
import { showHistory, startHistory } from "./history.js";
import { PHOTO, PhotoKeeping, photoOf } from "./input/photo-link.js";
import { fetchLater, MISSING } from "./later.js";
import { markFirstFrame, markReady, Message, startShell } from "./shell.js";
import { Address, formatState, parseState, Store } from "./state.js";

const PIXEL_DELAY_MS = 30;
const GONE = 404;
const REFUSED = [413, 422];
const LARGEST_OWN = 7;
const WALL = [
  "vertical-edge",
  "horizontal-edge",
  "diagonal-edge-down",
  "diagonal-edge-up",
  "corners",
  "outline",
  "box-blur",
  "gaussian-blur",
  "sharpen",
  "emboss",
  "line-horizontal",
  "line-vertical",
];

/** @type {Field[]} */
const FIELDS = [
  textField("image", "Picture", "", /^[\w-]{1,100}$/, "the name of a picture"),
  namesField("kernels", "Kernels", WALL),
  arrayField("own", "Your kernel", {
    values: [
      [
        [1, 1, 1],
        [0, 0, 0],
        [-1, -1, -1],
      ],
    ],
  }),
  flagField("relu", "ReLU", false),
  pairField("stride", "Stride", [1, 1]),
  choiceField("pool", "Pooling", "none", ["none", "max", "avg"]),
  wholeField("pool_size", "Pooling size", 2, 2, 4),
];
const AT = textField("at", "Pixel", "", /^[a-z-]+,\d{1,4},\d{1,4}$/, "a map, a row and a column");

/** @type {{ title: string, controls: Control[] }[]} */
const CARDS = [
  {
    title: "After the convolution",
    controls: [
      { kind: "flag", field: "relu", label: "ReLU: negative values become 0" },
      { kind: "pair", field: "stride", label: "Stride", min: 1, max: 4 },
      {
        kind: "choice",
        field: "pool",
        label: "Pooling",
        options: [
          { value: "none", label: "none" },
          { value: "max", label: "max" },
          { value: "avg", label: "average" },
        ],
      },
      {
        kind: "whole",
        field: "pool_size",
        label: "Pooling size",
        min: 2,
        max: 4,
        when: (state) => state["pool"] !== "none",
      },
    ],
  },
  { title: "Kernels on the wall", controls: [{ kind: "toggles", field: "kernels", label: "Kernels on the wall" }] },
  {
    title: "A kernel of your own",
    controls: [
      { kind: "own", field: "own", label: "Your kernel" },
      { kind: "size", field: "own", label: "Kernel size", min: 1, max: LARGEST_OWN },
      { kind: "tools", field: "own", label: "Your kernel" },
    ],
  },
];

/** One page, from the picture to the pixel. */
class FeatureMapsPage {
  store = new Store(FIELDS);
  message = new Message();
  wall = new Wall(byRole("wall"), { point: (spot) => this.#point(spot), pin: (spot) => this.#pin(spot) });
  spot = el("div", { class: "spot", hidden: true });
  keeping = new PhotoKeeping(
    byRole("keeping"),
    (told) => this.message.show(told),
    () => this.store.set({ image: "" }),
  );
  pinned = "";
  known = /** @type {Presets | null} */ (null);
  kernelSize = /** @type {number[]} */ ([]);
  maps = /** @type {Maps | null} */ (null);
  shown = "";
  noted = { name: "", note: "" }; // what has to be said of which picture
  #opening = ["pixel-title", "pixel-said"].map((role) => ({ role, text: byRole(role).textContent }));
  #request = new AbortController();
  #pixelRequest = new AbortController();
  #pixelTimer = 0;
  #settled = /** @type {Promise<string>} */ (Promise.resolve(""));

  constructor() {
    this.address = new Address(
      () => [formatState(FIELDS, this.store.state, 0), this.pinned && `at=${this.pinned}`].filter(Boolean).join("&"),
      (fragment) => this.#open(fragment),
    );
    this.store.onChange(() => void (this.#settled = this.#changed()));
    startHistory(this.store);
    takeFiles((file) => this.#upload(file));
    startShell({ beforeLink: () => this.address.write(), aboutLink: () => this.keeping.aboutLink() });
    const scaleBar = /** @type {HTMLCanvasElement} */ (byRole("scale"));
    paintScale(scaleBar);
    document.addEventListener("themechange", () => paintScale(scaleBar));
  }

  async start() {
    try {
      this.known = await presets();
    } catch (error) {
      this.message.show(/** @type {Error} */ (error).message);
      return;
    }
    byRole("samples").replaceChildren(...this.known.images.map((image) => this.#sampleButton(image)));
    await this.#open(location.hash);
    markFirstFrame();
    fetchLater();
    await this.#startSettings(this.known).catch(() => this.message.show(MISSING));
    markReady();
  }

  /** @param {Presets} known */
  async #startSettings(known) {
    const [{ Inspector }, { sheetButton, takePasted }] = await Promise.all([import("./inspector.js"), import("./input/paste.js")]);
    const host = byRole("inspector");
    const sheet = this.#ownSheet();
    const tools = () => el("div", { class: "tools" }, sheetButton(sheet));
    this.inspector = new Inspector(host, { cards: CARDS }, this.store, known, undefined, tools);
    this.inspector.formulaCard.remove();
    this.#showSettings();
    takePasted((element) => {
      const cell = host.contains(element) ? element?.closest(".cell") : null;
      if (!cell) return null;
      const at = (/** @type {Element | null} */ node, /** @type {string} */ name) => Number(node?.getAttribute(name)) - 1;
      return { sheet, place: { channel: 0, cell: [at(cell.parentElement, "aria-rowindex"), at(cell, "aria-colindex")] } };
    });
  }

  /** The kernel of one's own, where pasted numbers go. @returns {import("./input/placing.js").Sheet} */
  #ownSheet() {
    const { store } = this;
    return {
      label: "Your kernel",
      array: "weight",
      planes: () => store.state["own"].values,
      limits: () => ({ height: [1, LARGEST_OWN], width: [1, LARGEST_OWN] }),
      keep: (values) => {
        store.set({ own: { values } });
        return this.#settled;
      },
      tell: (sentence) => this.message.show(sentence),
    };
  }

  get image() {
    return this.store.state["image"] || (this.known?.images[0]?.name ?? "");
  }

  /** @param {string} fragment */
  async #open(fragment) {
    const { state, problems } = parseState([...FIELDS, AT, PHOTO], fragment);
    const { at, photo, ...chosen } = state;
    if (photo) chosen["image"] = await this.#unpacked(photo, problems);
    const unknown = chosen["kernels"].filter((/** @type {string} */ name) => name !== OWN && !this.#kernel(name));
    for (const name of unknown) problems.push(`There is no kernel “${name}”.`);
    if (unknown.length) chosen["kernels"] = WALL;
    this.pinned = at;
    this.message.clear();
    this.store.replace(chosen);
    this.#showSettings();
    await this.#load();
    if (problems.length)
      this.message.show(
        "This link cannot be shown as it is.",
        ...problems,
        "What could not be read is as the page opens with it.",
      );
  }

  /** A photo that came in the link is an upload like any other. @param {string} photo @param {string[]} problems */
  async #unpacked(photo, problems) {
    const body = new FormData();
    try {
      body.append("file", photoOf(photo), "photo.webp");
      const answer = await send("/api/images", { method: "POST", body });
      this.address.schedule();
      return (await answer.json()).id;
    } catch (error) {
      problems.push(`Photo: ${/** @type {Error} */ (error).message}`);
      return "";
    }
  }

  /** @returns {Promise<string>} why it cannot be shown, where the server refuses it */
  async #changed() {
    this.#showSettings();
    this.address.schedule();
    const { why, shown } = await this.#load();
    if (shown) this.message.clear();
    return why;
  }

  /** What cannot be computed is taken back, and said. @param {ApiError} error */
  #takeBack(error) {
    this.store.reject();
    this.#showSettings();
    this.message.show(error.message, "What you had is kept.");
  }

  /** @param {string} name */
  #kernel(name) {
    return this.known?.kernels.find((kernel) => kernel.name === name);
  }

  /** What the API takes. @param {State} state */
  #body(state) {
    const size = state["pool_size"];
    const pooling = state["pool"] === "none" ? {} : { pooling: { op: state["pool"], kernel_size: size } };
    return { image: this.image, stride: state["stride"], relu: state["relu"], ...pooling };
  }

  /** @param {string} name @param {State} state */
  #asked(name, state) {
    return name === OWN ? { name: OWN, values: state["own"].values[0] } : name;
  }

  /** @returns {Promise<{ shown: boolean, why: string }>} whether the wall could be shown, and why the server refused it */
  async #load() {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.#clearPixel();
    const state = this.store.state;
    const names = /** @type {string[]} */ (state["kernels"]);
    try {
      const kernels = names.map((name) => this.#asked(name, state));
      const body = { ...this.#body(state), kernels };
      const wall = post("/api/feature-maps", body, { signal: request.signal, accept: "application/octet-stream" });
      const [answer] = await Promise.all([wall, this.#showPhoto()]);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (!request.signal.aborted) this.#showWall(answer.headers, bytes, names);
      return { shown: !request.signal.aborted, why: "" };
    } catch (error) {
      if (request.signal.aborted) return { shown: false, why: "" };
      const refused = error instanceof ApiError && REFUSED.includes(error.status) ? error : null;
      if (refused && this.maps) {
        this.#takeBack(refused);
        this.#point(null);
      } else this.#complain(error);
      return { shown: false, why: refused?.message ?? "" };
    }
  }

  /** @param {unknown} error */
  #complain(error) {
    if (!(error instanceof ApiError)) throw error;
    byRole("again").hidden = error.status !== GONE;
    this.message.show(error.message);
  }

  /** @param {Headers} headers @param {Uint8Array} bytes @param {string[]} names */
  #showWall(headers, bytes, names) {
    const [count = 0, rows = 0, cols = 0] = (headers.get("X-Tensor-Shape") ?? "").split(",").map(Number);
    this.kernelSize = (headers.get("X-Kernel-Size") ?? "").split(",").map(Number);
    this.maps = { count, rows, cols, bytes };
    this.shown = names.join(",");
    const captions = names.map(
      (name) => this.#kernel(name) ?? { name, title: "Your own", finds: "The kernel that you typed." },
    );
    this.wall.show(
      this.maps,
      captions.map(({ name, title, finds }) => ({ name, title, finds })),
    );
    const strongest = Number(headers.get("X-Tensor-Scale"));
    byRole("scale-low").textContent = number(-strongest);
    byRole("scale-high").textContent = number(strongest);
    this.#point(null);
  }

  #showSettings() {
    showHistory(this.store);
    this.inspector?.update(this.store.state, undefined);
    for (const button of document.querySelectorAll(".sample"))
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset["name"] === this.image));
    this.#showCredit();
  }

  /** Whose the picture is, and what has to be said of it. */
  #showCredit() {
    const sample = this.known?.images.find(({ name }) => name === this.image);
    const note = this.noted.name === this.image ? this.noted.note : "";
    byRole("credit").textContent = sample ? `${sample.title}. ${sample.credit}` : `Your photo. ${note}`.trim();
  }

  /** @param {Presets["images"][number]} image */
  #sampleButton(image) {
    const picture = el("img", { src: image.thumbnail, alt: image.alt ?? image.title, width: 64, height: 52 });
    const button = el(
      "button",
      { type: "button", class: "sample", "data-name": image.name, "aria-pressed": "false", title: image.title },
      picture,
    );
    button.addEventListener("click", () => this.store.set({ image: image.name }));
    return button;
  }

  /** The picture itself, from its file where it is shipped, from its pixels where it was uploaded. */
  async #showPhoto() {
    const name = this.image;
    const host = byRole("photo");
    if (host.dataset["name"] === name) return;
    const sample = this.known?.images.find((image) => image.name === name);
    const canvas = el("canvas", { role: "img", "aria-label": sample ? (sample.alt ?? sample.title) : "Your photo" });
    if (sample) await drawFile(canvas, sample.url);
    else {
      const headers = { Accept: "application/octet-stream" };
      const answer = await send(`/api/images/${encodeURIComponent(name)}`, { headers });
      await drawPixels(canvas, answer);
      this.noted = { name, note: noteOf(answer) };
    }
    if (name !== this.image) return;
    this.#showCredit();
    this.keeping.follow(sample ? "" : name);
    host.replaceChildren(canvas, this.spot);
    host.dataset["name"] = name;
  }

  /** @param {Spot} spot */
  #pin(spot) {
    const text = `${this.store.state["kernels"][spot.map]},${spot.row},${spot.col}`;
    this.pinned = this.pinned === text ? "" : text;
    this.address.schedule();
    this.#point(spot);
  }

  /** The pixel that is kept, where the wall has it. @returns {Spot | null} */
  #pinnedSpot() {
    const [name = "", row = "0", col = "0"] = this.pinned.split(",");
    const map = this.store.state["kernels"].indexOf(name);
    const inside = this.maps && Number(row) < this.maps.rows && Number(col) < this.maps.cols;
    return this.pinned && map >= 0 && inside ? { map, row: Number(row), col: Number(col) } : null;
  }

  /** Look at a pixel; null: back to the one that is kept. @param {Spot | null} pointed */
  #point(pointed) {
    const spot = this.#pinnedSpot() && !pointed ? this.#pinnedSpot() : pointed;
    this.wall.mark(spot);
    clearTimeout(this.#pixelTimer);
    if (spot) this.#pixelTimer = window.setTimeout(() => this.#explain(spot), PIXEL_DELAY_MS);
  }

  /** The arithmetic is of a picture and settings: with others it is gone, until a pixel of theirs is looked at. */
  #clearPixel() {
    clearTimeout(this.#pixelTimer);
    this.#pixelRequest.abort();
    for (const { role, text } of this.#opening) byRole(role).textContent = text;
    byRole("arithmetic").replaceChildren();
    byRole("open-window").hidden = true;
    this.spot.hidden = true;
  }

  /** @param {Spot} spot */
  async #explain({ map, row, col }) {
    this.#pixelRequest.abort();
    const request = (this.#pixelRequest = new AbortController());
    const state = this.store.state;
    const name = state["kernels"][map];
    const body = { ...this.#body(state), kernel: this.#asked(name, state), row, col, kernel_size: this.kernelSize };
    try {
      const answer = await (await post("/api/feature-maps/pixel", body, { signal: request.signal })).json();
      if (!request.signal.aborted) this.#showPixel(answer, name, row, col);
    } catch (error) {
      if (!request.signal.aborted) this.#complain(error);
    }
  }

  /** @param {any} answer @param {string} name @param {number} row @param {number} col */
  #showPixel(answer, name, row, col) {
    const kernel = this.#kernel(name);
    const weights = kernel?.values ?? this.store.state["own"].values[0];
    const where = `row ${row + 1}, column ${col + 1} of the map`;
    byRole("pixel-title").textContent = `${kernel?.title ?? "Your own"}, row ${row + 1}, column ${col + 1}`;
    byRole("pixel-said").textContent = pixelSentences(answer.stages);
    drawCard(byRole("arithmetic"), pixelCard(answer.stages, weights, where));
    const { values } = answer.crop;
    const [rows, cols] = this.#photoSize();
    placeSpot(
      this.spot,
      { row: answer.crop.row, col: answer.crop.col, height: values.length, width: values[0].length },
      rows,
      cols,
    );
    this.spot.hidden = false;
    const link = /** @type {HTMLAnchorElement} */ (byRole("open-window"));
    const written = (/** @type {number[][]} */ plane) => plane.map((line) => line.join(",")).join(";");
    const stride = /** @type {number[]} */ (this.store.state["stride"]).join("x");
    link.href = `/operations/convolution#input=${written(answer.neighbourhood.values)}&kernel=${written(weights)}&stride=${stride}&step=${answer.step}`;
    link.hidden = false;
  }

  #photoSize() {
    const canvas = byRole("photo").querySelector("canvas");
    return [canvas?.height ?? 1, canvas?.width ?? 1];
  }

  /** @param {File} file */
  async #upload(file) {
    try {
      const answer = await sendPhoto(file);
      this.pinned = "";
      this.store.set({ image: answer.headers.get("X-Image-Id") ?? "" });
    } catch (error) {
      this.#complain(error);
    }
  }
}

await new FeatureMapsPage().start();
