// From one zoom to the next: what was clicked grows into what is opened, and shrinks back into its place.

const NAME = "zoomed";

/** Whether things move here. */
const moves = () => "startViewTransition" in document && !matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Change what is seen, so that the one place becomes the other before one's eyes; done once it is changed.
 * @param {() => Element | null} from @param {() => void} change @param {() => Element | null} to
 */
export async function zoom(from, change, to) {
  const before = moves() && document.visibilityState === "visible" ? from() : null;
  if (!before) return change();
  before.classList.add(NAME);
  /** @type {Element | null} */
  let after = null;
  const transition = document.startViewTransition(() => {
    before.classList.remove(NAME);
    change();
    after = to();
    after?.classList.add(NAME);
  });
  transition.finished.catch(() => {}).then(() => after?.classList.remove(NAME)); // another may have begun meanwhile
  transition.ready.catch(() => {});
  await transition.updateCallbackDone;
}
