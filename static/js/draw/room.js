// How much room the window leaves for the stage: what stands around it is measured, not assumed.

/** @import { Room } from "./layout.js" */

/** As in layout.css: the page is one column and scrolls. */
export const ONE_COLUMN = matchMedia("(max-width: 1000px)");
const TITLE = 13; // pixels of its type, usually: that of the readout is as large
const SPARE = 9; // pixels that stay free, for numbers of layouts are rounded

/** The height of an element with the space above it; 0 where it is not there. @param {Element | null} node */
function heightWithGap(node) {
  if (!(node instanceof HTMLElement) || !node.offsetHeight) return 0;
  const gap = parseFloat(getComputedStyle(node.parentElement ?? node).rowGap) || 0;
  return node.offsetHeight + gap;
}

/** What the space around its content takes of an element's height and width. @param {HTMLElement} node */
function around(node) {
  const style = getComputedStyle(node);
  const sum = (/** @type {string[]} */ ...names) => names.reduce((all, name) => all + parseFloat(style.getPropertyValue(name)), 0);
  return {
    height: sum("padding-top", "padding-bottom", "border-top-width", "border-bottom-width"),
    width: sum("padding-left", "padding-right"),
  };
}

/** What stands below an element that is the last on its page: the space that all around it leave there. @param {Element | null} node @returns {number} */
const endOf = (node) => (node instanceof HTMLElement ? parseFloat(getComputedStyle(node).paddingBottom) + parseFloat(getComputedStyle(node).borderBottomWidth) + endOf(node.parentElement) : 0);

/** How many times as large as usual the smallest digits are: on a wall more than twice. @param {Element} host */
export const zoomOf = (host) => parseFloat(getComputedStyle(host).getPropertyValue("--type")) || 1;

/** The least width of a cell with room for four characters at the smallest type. @param {number} zoom */
export const leastCell = (zoom) => Math.ceil(32 * zoom);

/** The room inside a stage. @param {HTMLElement} host @returns {Room} */
export function measured(host) {
  const lab = host.closest(".lab");
  const own = around(host);
  const readout = host.querySelector(".readout");
  const sentence = lab?.querySelector(".sentence") ?? null;
  const reserved = sentence ? parseFloat(getComputedStyle(sentence).minHeight) || 0 : 0;
  const isWall = document.documentElement.hasAttribute("data-present");
  const end = lab ? parseFloat(getComputedStyle(lab).rowGap) || 0 : isWall ? endOf(host.parentElement) : 0;
  const below = heightWithGap(lab?.querySelector(".transport") ?? null) + reserved + end;
  const top = host.getBoundingClientRect().top + window.scrollY;
  const inside = own.height + (readout instanceof HTMLElement ? readout.offsetHeight : 0);
  return {
    width: host.clientWidth - own.width,
    height: Math.max(0, window.innerHeight - top - inside - below - SPARE),
    around: inside,
    narrow: ONE_COLUMN.matches && !isWall,
    titles: readout ? parseFloat(getComputedStyle(readout).fontSize) / TITLE : 1,
    zoom: zoomOf(host),
    scrolls: isWall && getComputedStyle(host).overflowY === "auto", // on a wall always, and not where it scrolls for want of room
  };
}
