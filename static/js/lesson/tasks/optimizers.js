// What to try on the page of optimizers.

/** @import { RaceStep, RaceTrace, Shown, Task } from "../../types" */


/** Where a runner is in the columns; −1 where it does not run. @param {RaceTrace} trace @param {string} name */
const runnerIndex = ({ params }, name) => params.runners.findIndex((runner) => runner.name === name);

/** Places and losses at the start and after every update, of all runners. @param {RaceTrace} trace */
const path = ({ tensors }) => tensors.path.values;

/** The last loss of a runner; infinite where it has none. @param {RaceTrace} trace @param {string} name */
const lastOf = (trace, name) => path(trace).at(-1)?.[runnerIndex(trace, name)]?.[2] ?? Number.POSITIVE_INFINITY;

/** @param {Shown<RaceTrace>} shown @param {string} landscape */
const isOn = ({ trace }, landscape) => trace.params.landscape === landscape;

import { tasksOf } from "./rows.js";

/** @type {Task<Shown<RaceTrace, RaceStep>>[]} */
export const tasks = tasksOf("optimizers", {
  diverge: {
    met: ({ trace, step }) =>
      step.event[runnerIndex(trace, "sgd")] === "diverges" && runnerIndex(trace, "sgd") >= 0,
    way: "runners=sgd,adam&rate=1&step=4",
  },
  ridge: {
    met: (shown) =>
      isOn(shown, "saddle") &&
      shown.trace.params.start[1] === 0 &&
      lastOf(shown.trace, "sgd") < 0.05,
    way: "landscape=saddle&start=-2.5,0&noise=0.1&step=119",
  },
  hollow: {
    met: (shown) =>
      isOn(shown, "bumps") &&
      Number(path(shown.trace)[0]?.[runnerIndex(shown.trace, "sgd")]?.[2]) > 0.2 &&
      lastOf(shown.trace, "sgd") < 0.001,
    way: "landscape=bumps&start=0.3,0.35&step=119",
  },
  first: {
    met: ({ trace }) => {
      const rate = trace.params.runners[runnerIndex(trace, "adam")];
      return rate?.learning_rate === 0.2 && lastOf(trace, "sgd") < lastOf(trace, "adam");
    },
    way: "landscape=bowl&runners=sgd,adam&rates=sgd:0.5&step=119",
  },
  rest: {
    met: (shown) =>
      isOn(shown, "bowl") &&
      shown.trace.params.noise >= 1 &&
      ["sgd", "momentum", "adam"].every((name) => lastOf(shown.trace, name) < 0.05),
    way: "landscape=bowl&runners=sgd,momentum,adam&noise=1.5&schedule=cosine&step=119",
  },
});
