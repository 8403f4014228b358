// What the API says of a reason.

/** @typedef {{ cells: number[][], sum: number | null, logit: number | null, fall: number | null, beats_chance: boolean | null }} Switched */
/** @typedef {{ layers: number[], correlation: number | null, strengths: number | null, alike: boolean }} Scrambled */
/**
 * @typedef {object} Why
 * @property {import("./reason-settings.js").MethodName} method
 * @property {number[]} class
 * @property {number | null} layer
 * @property {number[]} shape
 * @property {unknown} values nested as the shape says
 * @property {number[]} strongest the cell with the largest magnitude
 * @property {number | null} logit
 * @property {number | null} [sum]
 * @property {number | null} [bias]
 * @property {boolean} [exact]
 * @property {number | null} [remainder]
 * @property {number} [baseline]
 * @property {number} [size]
 * @property {number[][]} [sums] of Grad-CAM: before what is negative becomes 0
 * @property {number | null} [highest]
 * @property {string} [blank] of Grad-CAM where every value is 0: why
 * @property {number | null} [agreement]
 * @property {boolean | null} [agrees]
 * @property {Switched} [largest]
 * @property {{ grad_cam?: Switched, random: Switched }} [controls]
 * @property {Scrambled} [scrambled]
 */
/** @typedef {{ index: number[], value: number | null, equation: string, description: string, terms?: number[][], covered?: [number, number, number, number] }} Reckoned */

export {};
