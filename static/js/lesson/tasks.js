// The tables of tasks, one for each page.

/** @import { Task } from "../types" */

/** @type {Record<string, () => Promise<{ tasks: Task[] }>>} */
export const TASKS = {
  convolution: () => import("./tasks/convolution.js"),
  stride: () => import("./tasks/stride.js"),
  padding: () => import("./tasks/padding.js"),
  channels: () => import("./tasks/channels.js"),
  pooling: () => import("./tasks/pooling.js"),
  activation: () => import("./tasks/activation.js"),
  flatten: () => import("./tasks/flatten.js"),
  dense: () => import("./tasks/dense.js"),
  output: () => import("./tasks/output.js"),
  backpropagation: () => import("./tasks/backpropagation.js"),
  depth: () => import("./tasks/depth.js"),
  optimizers: () => import("./tasks/optimizers.js"),
};
