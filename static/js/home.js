// The start page: a convolution that plays, and the numbers that the engine put into the pipeline.

import { drawSwatch, strongest } from "./draw/scale.js";
import { Live } from "./live.js";
import { planeOf } from "./nested.js";
import { markFirstFrame, markReady, startShell } from "./shell.js";

function paint() {
  for (const picture of document.querySelectorAll(".stop-picture")) {
    const canvases = [...picture.querySelectorAll("canvas")];
    const planes = canvases.map((canvas) => planeOf(JSON.parse(canvas.dataset["plane"] ?? "[]")).map((row) => row.map(Number)));
    const max = strongest(planes.flat(2));
    canvases.forEach((canvas, index) => {
      const plane = planes[index] ?? [];
      const line = canvas.classList.contains("line"); // a vector stands upright
      drawSwatch(canvas, line ? plane.flat().map((value) => [value]) : plane, max);
    });
  }
}

startShell();
paint();
document.addEventListener("themechange", paint);
await new Live({
  input: { preset: "digit", size: [8, 8] },
  kernel: { preset: "vertical-edge", size: [3, 3] },
}).start();
markFirstFrame();
markReady();
