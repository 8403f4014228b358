// Which cell of some values stands where: on which plane, in which row and column.

export const ACROSS = 28; // numbers in a line of what has no rows of its own
const [FEW, MANY] = [64, 128]; // numbers that fit beside others, in lines of so many:
const [SHORT, LONGER] = [8, 16];

/** How many of so many numbers stand in a line that has others beside it. @param {number} count */
export const acrossOf = (count) => (count > MANY ? ACROSS : count > FEW ? LONGER : SHORT);

/** Which of all weights of a number one is that stands at a place of a kernel; a kernel of one row stands in lines. @param {number[]} kernels their shape @param {number} kernel which of them @param {number} row @param {number} col */
export const weightIn = ([, rows = 1, cols = 1], kernel, row, col) => kernel * rows * cols + row * (rows === 1 ? acrossOf(cols) : cols) + col;

/** Which plane, row and column a cell stands at. @param {number[]} shape @param {number[]} cell */
export function positionIn(shape, cell) {
  if (shape.length === 1) return { plane: 0, row: Math.floor((cell[0] ?? 0) / ACROSS), col: (cell[0] ?? 0) % ACROSS };
  const [col = 0, row = 0, plane = 0] = [...cell].reverse();
  return { plane, row, col };
}

/** The cell at a place. @param {number[]} shape @param {number} plane @param {number} row @param {number} col */
export function cellIn(shape, plane, row, col) {
  if (shape.length === 1) return [row * ACROSS + col];
  return shape.length === 2 ? [row, col] : [plane, row, col];
}

/** The cell of so many in reading order. @param {number[]} shape @param {number} index */
export function nthCell(shape, index) {
  const [height = 1, width = 1] = shape.slice(-2);
  if (shape.length === 1) return [index];
  const inside = index % (height * width);
  return cellIn(shape, Math.floor(index / (height * width)), Math.floor(inside / width), inside % width);
}

/** Which of all in reading order a cell is. @param {number[]} shape @param {number[]} cell */
export const indexOf = (shape, cell) => shape.reduce((before, size, axis) => before * size + (cell[axis] ?? 0), 0);

/** @param {number[]} shape */
export const countOf = (shape) => shape.reduce((before, size) => before * size, 1);

/** First row, first column, height and width of a box along channels, rows and columns. @param {[number, number][]} box */
export function outlineOf(box) {
  const [rows, cols] = box.slice(-2);
  if (!rows || !cols) return null;
  return [rows[0], cols[0], rows[1] - rows[0] + 1, cols[1] - cols[0] + 1];
}
