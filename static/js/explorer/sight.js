// What a link leads to is on the screen as soon as it opens.

/** Let something begin at the top of the screen, where it begins above that or far down, or what it ends in is below. @param {HTMLElement} node @param {HTMLElement} [last] */
export function beginOnScreen(node, last) {
  const { top } = node.getBoundingClientRect();
  const isBelow = last !== undefined && last.getBoundingClientRect().bottom > innerHeight;
  if (top < 0 || top > innerHeight / 2 || isBelow) node.scrollIntoView({ block: "start", behavior: "instant" });
}
