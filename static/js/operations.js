// The table of operations. Adding one adds a file beside the others and a row here; a page loads its own alone.

/** @import { Operation } from "./types" */

/** @type {Record<string, () => Promise<Operation>>} */
export const OPERATIONS = {
  convolution: async () => (await import("./operations/convolution.js")).convolution,
  stride: async () => (await import("./operations/stride.js")).stride,
  padding: async () => (await import("./operations/padding.js")).padding,
  channels: async () => (await import("./operations/channels.js")).channels,
  pooling: async () => (await import("./operations/pooling.js")).pooling,
  activation: async () => (await import("./operations/activation.js")).activation,
  flatten: async () => (await import("./operations/flatten.js")).flatten,
  dense: async () => (await import("./operations/dense.js")).dense,
  output: async () => (await import("./operations/output.js")).output,
  backpropagation: async () => (await import("./operations/backpropagation.js")).backpropagation,
  depth: async () => (await import("./operations/depth.js")).depth,
  optimizers: async () => (await import("./operations/optimizers.js")).optimizers,
};
