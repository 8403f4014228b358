// What a page needs whose stage is made of grids, and a page with a stage of its own does not load.

export { startPasting } from "./input/paste.js";
export { Stage } from "./stage.js";
