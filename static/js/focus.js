// Whether the focus came by a pointer: a click shows where somebody looks, and leaves the keys to the steps.

let pressed = false;
let byPointer = false;

/** Whether a pointer put the focus where it is, and no key since then. */
export const isByPointer = () => byPointer;

/** The keys belong to what has the focus: somebody entered it. */
export function enter() {
  byPointer = false;
}

globalThis.document?.addEventListener(
  "pointerdown",
  ({ target }) => {
    pressed = true;
    if (target instanceof Node && document.activeElement?.contains(target)) byPointer = true;
  },
  { capture: true },
);
globalThis.document?.addEventListener("focusin", () => void (byPointer = pressed), { capture: true });
for (const type of ["pointerup", "pointercancel"])
  globalThis.document?.addEventListener(type, () => setTimeout(() => void (pressed = false)), { capture: true }); // a label hands the focus on with its click
