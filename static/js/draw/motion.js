// Motion that explains: numbers that travel. Drawing never waits for it; whatever still moves is dropped by the next step.

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {Set<Animation>} */
const moving = new Set();

/** @type {Set<HTMLElement>} */
const ghosts = new Set();

export const motionAllowed = () => !reduced.matches && document.visibilityState === "visible";

/** Drop whatever still moves. */
export function settle() {
  for (const animation of moving) animation.cancel();
  moving.clear();
  for (const ghost of ghosts) ghost.remove();
  ghosts.clear();
}

/** @param {Element} node @param {Keyframe[]} frames @param {KeyframeAnimationOptions} timing */
function animate(node, frames, timing) {
  const animation = node.animate(frames, { easing: "cubic-bezier(0.2, 0.7, 0.2, 1)", ...timing });
  moving.add(animation);
  const forget = () => moving.delete(animation);
  animation.finished.then(forget, forget);
  return animation;
}

/** The element comes into sight where it stands. @param {Element} node @param {number} delay @param {number} duration */
export function appear(node, delay, duration) {
  const frames = [
    { opacity: 0, transform: "translateY(-6px)" },
    { opacity: 1, transform: "none" },
  ];
  animate(node, frames, { delay, duration, fill: "backwards" });
}

/** A copy of one element travels to another and is gone. @param {Element} from @param {Element} to @param {number} delay @param {number} duration */
export function fly(from, to, delay, duration) {
  const start = from.getBoundingClientRect();
  const end = to.getBoundingClientRect();
  if (!start.width || !end.width) return;
  const ghost = /** @type {HTMLElement} */ (from.cloneNode(true));
  ghost.classList.add("flying");
  ghost.setAttribute("aria-hidden", "true");
  ghost.removeAttribute("role");
  ghost.removeAttribute("tabindex");
  ghost.removeAttribute("data-role");
  const style = getComputedStyle(from);
  Object.assign(ghost.style, {
    left: `${start.left}px`,
    top: `${start.top}px`,
    width: `${start.width}px`,
    height: `${start.height}px`,
    font: style.font,
    lineHeight: style.lineHeight,
    color: style.color,
    background: style.backgroundColor,
  });
  document.body.append(ghost);
  ghosts.add(ghost);
  const x = end.left + end.width / 2 - (start.left + start.width / 2);
  const y = end.top + end.height / 2 - (start.top + start.height / 2);
  const frames = [
    { opacity: 0, transform: "none" },
    { opacity: 1, transform: "none", offset: 0.05 },
    { opacity: 1, offset: 0.8 },
    { opacity: 0, transform: `translate(${x}px, ${y}px)` },
  ];
  const remove = () => {
    ghost.remove();
    ghosts.delete(ghost);
  };
  animate(ghost, frames, { delay, duration, fill: "both" }).finished.then(remove, remove);
}
