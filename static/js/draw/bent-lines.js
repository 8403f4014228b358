// Lines from one thing to another that turn half-way: they leave and arrive straight.

/** @typedef {{ x: number, y: number }} Point */

/** From left to right. @param {Point} from @param {Point} to */
export function bentAcross(from, to) {
  const middle = (from.x + to.x) / 2;
  return `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
}

/** From top to bottom. @param {Point} from @param {Point} to */
export function bentDown(from, to) {
  const middle = (from.y + to.y) / 2;
  return `M${from.x} ${from.y}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
}
