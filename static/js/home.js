// The start page: paints the numbers that the engine put into the pipeline.

import { drawSwatch, strongest } from "./draw/scale.js";
import { markReady, startShell } from "./shell.js";

function paint() {
  for (const picture of document.querySelectorAll(".stop-picture")) {
    const canvases = [...picture.querySelectorAll("canvas")];
    const planes = canvases.map((canvas) => /** @type {number[][]} */ (JSON.parse(canvas.dataset["plane"] ?? "[]")));
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
markReady();
