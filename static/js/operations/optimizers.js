// The page of optimizers: what can be set, how a race is asked for, what draws it.

/** @import { Field, Operation, Pair, State } from "../types" */

import { choiceField, flagField, namesField, numberField, wholeField } from "../fields.js";
import { optimizersFrame, RUNNERS } from "../race-frame.js";
import { readCell } from "../input/numbers.js";
import { fractionControl, racesControl, runnersControl } from "../race-controls.js";
import { RaceStage } from "../race-stage.js";

const DRAWN = ["path", "relief", "level_relief"];
const PAGE = 24; // steps asked for at once: each holds the arithmetic of every runner
const LANDSCAPES = [
  { value: "valley", label: "long valley" },
  { value: "bowl", label: "plain bowl" },
  { value: "saddle", label: "saddle" },
  { value: "bumps", label: "bumpy bowl" },
  { value: "rosenbrock", label: "bent valley" },
];
const SCHEDULES = [
  { value: "constant", label: "constant" },
  { value: "step", label: "in steps" },
  { value: "exponential", label: "exponential" },
  { value: "cosine", label: "cosine" },
  { value: "warm_up", label: "warm-up" },
];

/** @param {string} text */
function parseRate(text) {
  const rate = readCell(text);
  if (rate <= 0) throw new Error(`${text} is not more than 0`);
  return rate;
}

/** @type {Field} */
const start = {
  name: "start",
  label: "Start",
  initial: null,
  parse(text) {
    const place = text.split(",").map(readCell);
    if (place.length !== 2) throw new Error(`“${text}” is not a place such as -2,1.5`);
    return place;
  },
  format: (place) => (place ? /** @type {Pair} */ (place).join(",") : ""),
};

/** @type {Field} */
const rate = { name: "rate", label: "Rate of all", initial: null, parse: parseRate, format: (value) => (value === null ? "" : String(value)) };

/** @type {Field} */
const rates = {
  name: "rates",
  label: "Rates",
  initial: {},
  parse: (text) =>
    Object.fromEntries(
      text.split(",").map((part) => {
        const [name = "", value = ""] = part.split(":");
        if (!RUNNERS.includes(name)) throw new Error(`“${name}” is none of ${RUNNERS.join(", ")}`);
        return [name, parseRate(value)];
      }),
    ),
  format: (value) => Object.entries(/** @type {Record<string, number>} */ (value)).map((pair) => pair.join(":")).join(),
};

/** A schedule as the API takes it. @param {State} state */
function schedule(state) {
  const name = state["schedule"];
  const options = {
    step: { step_size: state["step_size"], gamma: state["gamma"] },
    exponential: { gamma: state["decay"] },
    cosine: { T_max: state["updates"] },
    warm_up: { total_iters: state["warm"], start_factor: 0.01 },
  }[/** @type {"step"} */ (name)];
  return options ? { name, ...options } : name;
}

/** @param {State} state @param {string} name */
function runner(state, name) {
  const own = state["rate"] === null ? state["rates"][name] : undefined;
  return {
    name,
    ...(own === undefined ? {} : { learning_rate: own }),
    ...(name === "momentum" || name === "nesterov" ? { momentum: state["momentum"] } : {}),
  };
}

const by = (/** @type {string} */ name) => (/** @type {State} */ state) => state["schedule"] === name;

const RACES = [
  { title: "Six in a valley", state: {} },
  { title: "Too large a rate", state: { runners: ["sgd", "momentum", "adam"], rate: 0.27 } },
  { title: "Too small a rate", state: { runners: ["sgd", "momentum", "adam"], rate: 0.005 } },
  { title: "Zigzag or momentum", state: { runners: ["sgd", "momentum"], rates: { sgd: 0.24 } } },
  { title: "On a saddle", state: { landscape: "saddle", start: [-2.5, 0] } },
  { title: "Noise frees them", state: { landscape: "saddle", start: [-2.5, 0], noise: 0.1 } },
  { title: "Small batches", state: { landscape: "bowl", runners: ["sgd", "momentum", "adam"], noise: 1.5 } },
  {
    title: "Small batches, falling rate",
    state: { landscape: "bowl", runners: ["sgd", "momentum", "adam"], noise: 1.5, schedule: "cosine" },
  },
  { title: "Many hollows", state: { landscape: "bumps" } },
  { title: "A bent valley", state: { landscape: "rosenbrock" } },
  { title: "Adam is not always first", state: { landscape: "bowl", runners: ["sgd", "adam"], rates: { sgd: 0.5 } } },
];

/** @type {Operation} */
export const optimizers = {
  fields: [
    choiceField("landscape", "Landscape", "valley", LANDSCAPES.map(({ value }) => value)),
    start,
    namesField("runners", "Runners", RUNNERS.slice(0, -1)),
    rate,
    rates,
    numberField("momentum", "Momentum", 0.9),
    choiceField("schedule", "Schedule", "constant", SCHEDULES.map(({ value }) => value)),
    wholeField("step_size", "Steps between", 30, 1, 500),
    numberField("gamma", "Times", 0.3),
    numberField("decay", "Times, each step", 0.97),
    wholeField("warm", "Steps of warm-up", 20, 1, 500),
    numberField("noise", "Noise", 0),
    wholeField("seed", "Seed", 0, 0, 2 ** 32 - 1),
    wholeField("updates", "Steps", 120, 3, 500),
    flagField("ahead", "The way ahead", true),
  ],
  cards: [
    { title: "Races to watch", controls: [{ kind: "custom", build: racesControl(RACES), field: "race", label: "Races" }] },
    {
      title: "The race",
      controls: [
        {
          kind: "choice",
          field: "landscape",
          label: "Landscape",
          options: LANDSCAPES,
          write: (_, landscape) => ({ landscape, start: null, rates: {}, rate: null }), // what suited the other one
        },
        { kind: "whole", field: "updates", label: "Steps", min: 20, max: 500 },
        { kind: "flag", field: "ahead", label: "Show the way ahead" },
      ],
    },
    {
      title: "Runners and their learning rates",
      controls: [
        { kind: "custom", build: runnersControl, field: "runners", label: "Runners" },
        { kind: "custom", build: fractionControl, field: "momentum", label: "Momentum", min: 0.05, max: 0.99, step: 0.01 },
      ],
    },
    {
      title: "Schedule",
      controls: [
        { kind: "choice", field: "schedule", label: "Learning rate", options: SCHEDULES },
        { kind: "whole", field: "step_size", label: "Steps between", min: 1, max: 120, when: by("step") },
        { kind: "custom", build: fractionControl, field: "gamma", label: "Times", min: 0.05, max: 0.95, when: by("step") },
        { kind: "custom", build: fractionControl, field: "decay", label: "Times, each step", min: 0.8, max: 0.99, step: 0.01, when: by("exponential") },
        { kind: "whole", field: "warm", label: "Steps of it", min: 1, max: 120, when: by("warm_up") },
      ],
    },
    {
      title: "Noise, as from small batches",
      controls: [
        { kind: "custom", build: fractionControl, field: "noise", label: "Noise", min: 0, max: 4 },
        { kind: "whole", field: "seed", label: "Seed", min: 0, max: 99, when: (state) => state["noise"] > 0 },
      ],
    },
  ],
  request: (state) => ({
    operation: "optimizers",
    page: PAGE,
    body: {
      landscape: state["landscape"],
      ...(state["start"] ? { start: state["start"] } : {}),
      optimizers: state["runners"].map((/** @type {string} */ name) => runner(state, name)),
      ...(state["rate"] === null ? {} : { learning_rate: state["rate"] }),
      schedule: schedule(state),
      noise: state["noise"],
      seed: state["seed"],
      updates: state["updates"],
      tensors: DRAWN,
    },
  }),
  frame: optimizersFrame,
  stage: (host, arithmetic, events, store) => new RaceStage(host, arithmetic, events, store),
};
