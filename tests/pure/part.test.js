// Of a large grid a sheet of paper has the part around its step, and says which rows and columns these are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isPart } from "../../static/js/draw/extent.js";
import { partWords, seenOf } from "../../static/js/picture/part.js";

const region = (row, col, height = 3, width = 3) => ({ row, col, height, width, rowStep: 1, colStep: 1 });
const GRIDS = [
  ["in the first corner", { rows: 28, cols: 28, region: region(0, 0) }, [0, 0, 12, 12], "rows 1–12, columns 1–12"],
  ["in the middle", { rows: 28, cols: 28, region: region(12, 10) }, [7, 5, 12, 12], "rows 8–19, columns 6–17"],
  ["in the last corner", { rows: 28, cols: 28, region: region(25, 25) }, [16, 16, 12, 12], "rows 17–28, columns 17–28"],
  ["around its marked cell", { rows: 28, cols: 28, region: region(0, 0, 28, 28), marked: [20, 6] }, [14, 0, 12, 12], "rows 15–26, columns 1–12"],
  ["padding has no number", { rows: 30, cols: 10, region: region(0, 0), inside: { row: 1, col: 1, height: 28, width: 8 } }, [0, 0, 12, 10], "rows 1–11, columns 1–8"],
  ["small ones are whole", { rows: 12, cols: 12, region: region(9, 9) }, [0, 0, 12, 12], ""],
  ["so are vectors, which go on below", { rows: 1, cols: 40, wrap: true }, [0, 0, 1, 40], ""],
];

for (const [name, model, expected, words] of GRIDS)
  test(name, () => {
    const { row, col, rows, cols } = seenOf(model, true);
    assert.deepEqual([row, col, rows, cols], expected);
    assert.equal(partWords(model, true), words);
    assert.equal(isPart(model, seenOf(model, false)), false); // a file has all of it
  });
