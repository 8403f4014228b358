// The page of optimizers: what can be set, how a race is asked for, what draws it.

/** @import { Field, Operation, Pair, Settings, State } from "../types" */

import { calledOf, LANDSCAPES, named, OPTIMIZERS, RUNNERS, SCHEDULES } from "../catalogue.js";
import { choiceField, flagField, namesField, numberField, readPositive, wholeField } from "../fields.js";
import { optimizersFrame } from "../race-frame.js";
import { readCell } from "../input/numbers.js";
import { fractionControl, racesControl, runnersControl } from "../race-controls.js";
import { RaceStage } from "../race-stage.js";
import { say } from "../words.js";

const DRAWN = ["path", "relief", "level_relief"];
const PAGE = 24; // steps asked for at once: each holds the arithmetic of every runner
/** What links call an option of a schedule, where another has one of this name. @type {Record<string, string>} */
const LINKED = { "exponential.gamma": "decay", "cosine.T_max": "updates", "warm_up.total_iters": "warm" };
const PLANS = calledOf(SCHEDULES.filter(({ parameters }) => parameters.every(({ name }) => name !== "patience"))); // a step has nothing to wait for

/** @type {Field<"start", Pair | null>} */
const start = {
  name: "start",
  label: say("race.start"),
  initial: null,
  parse(text) {
    const [x, y, ...more] = text.split(",").map(readCell);
    if (x === undefined || y === undefined || more.length) throw new Error(say("race.not_start", { text }));
    return [x, y];
  },
  format: (start) => start?.join(",") ?? "",
};

/** @type {Field<"rate", number | null>} */
const rate = { name: "rate", label: say("race.rate_all"), initial: null, parse: readPositive, format: (value) => (value === null ? "" : String(value)) };

/** @type {Field<"rates", Record<string, number>>} */
const rates = {
  name: "rates",
  label: say("race.rates"),
  initial: {},
  parse: (text) =>
    Object.fromEntries(
      text.split(",").map((part) => {
        const [name = "", value = ""] = part.split(":");
        if (!Object.hasOwn(RUNNERS, name)) throw new Error(say("race.no_runner", { name }));
        return [name, readPositive(value)];
      }),
    ),
  format: (value) => Object.entries(value).map((pair) => pair.join(":")).join(),
};

/** A schedule as the API takes it. @param {Chosen} state @returns {unknown} */
function schedule(state) {
  const name = state["schedule"];
  /** @type {State} */
  const held = { ...state, start_factor: 0.01 }; // where a warm-up begins
  const options = (named(SCHEDULES, name)?.parameters ?? []).map((option) => [option.name, held[LINKED[`${name}.${option.name}`] ?? option.name]]);
  const own = options.filter(([, value]) => value !== undefined);
  return own.length ? { name, ...Object.fromEntries(own) } : name;
}

/** @param {Chosen} state @param {string} name */
function runner(state, name) {
  const own = state["rate"] === null ? state["rates"][name] : undefined;
  const { momentum } = state;
  const usual = named(OPTIMIZERS, name)?.opens["momentum"]; // it is said where another is wanted
  return {
    name,
    ...(own === undefined ? {} : { learning_rate: own }),
    ...(usual && usual !== momentum ? { momentum } : {}),
  };
}

const by = (/** @type {string} */ name) => (/** @type {Chosen} */ state) => state["schedule"] === name;

const RACES = [
  { title: say("race.six_valley"), state: {} },
  { title: say("scenarios.large_rate"), state: { runners: ["sgd", "momentum", "adam"], rate: 0.27 } },
  { title: say("scenarios.small_rate"), state: { runners: ["sgd", "momentum", "adam"], rate: 0.005 } },
  { title: say("race.zigzag_momentum"), state: { runners: ["sgd", "momentum"], rates: { sgd: 0.24 } } },
  { title: say("race.on_saddle"), state: { landscape: "saddle", start: [-2.5, 0] } },
  { title: say("race.noise_frees_them"), state: { landscape: "saddle", start: [-2.5, 0], noise: 0.1 } },
  { title: say("race.small_batches"), state: { landscape: "bowl", runners: ["sgd", "momentum", "adam"], noise: 1.5 } },
  {
    title: say("race.falling_rate"),
    state: { landscape: "bowl", runners: ["sgd", "momentum", "adam"], noise: 1.5, schedule: "cosine" },
  },
  { title: say("race.many_hollows"), state: { landscape: "bumps" } },
  { title: say("race.in_bent_valley"), state: { landscape: "rosenbrock" } },
  { title: say("race.adam_second"), state: { landscape: "bowl", runners: ["sgd", "adam"], rates: { sgd: 0.5 } } },
];

const FIELDS = [
  choiceField("landscape", say("race.landscape"), "valley", LANDSCAPES),
  start,
  namesField("runners", say("race.runners"), ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]),
  rate,
  rates,
  numberField("momentum", say("race.momentum"), 0.9),
  choiceField("schedule", say("common.schedule"), "constant", PLANS),
  wholeField("step_size", say("race.steps_between"), 30, 1, 500),
  numberField("gamma", say("race.times"), 0.3),
  numberField("decay", say("race.times_each_step"), 0.97),
  wholeField("warm", say("race.steps_warm_up"), 20, 1, 500),
  numberField("noise", say("race.noise"), 0),
  wholeField("seed", say("common.seed"), 0, 0, 2 ** 32 - 1),
  wholeField("updates", say("race.steps"), 120, 3, 500),
  flagField("ahead", say("race.way_ahead"), true),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Operation<Chosen>} */
export const optimizers = {
  fields: FIELDS,
  cards: [
    { title: say("race.races_watch"), controls: [{ kind: "custom", build: racesControl(RACES), field: "runners", label: say("race.races") }] },
    {
      title: say("race.race"),
      controls: [
        {
          kind: "choice",
          field: "landscape",
          label: say("race.landscape"),
          write: (_, landscape) => ({ landscape: String(landscape), start: null, rates: {}, rate: null }), // what suited the other one
        },
        { kind: "whole", field: "updates", label: say("race.steps"), min: 20, max: 500 },
        { kind: "flag", field: "ahead", label: say("race.show_way_ahead") },
      ],
    },
    {
      title: say("race.runners_rates"),
      controls: [
        { kind: "custom", build: runnersControl, field: "runners", label: say("race.runners") },
        { kind: "custom", build: fractionControl, field: "momentum", label: say("race.momentum"), min: 0.05, max: 0.99, step: 0.01 },
      ],
    },
    {
      title: say("common.schedule"),
      controls: [
        { kind: "choice", field: "schedule", label: say("common.learning_rate") },
        { kind: "whole", field: "step_size", label: say("race.steps_between"), min: 1, max: 120, when: by("step") },
        { kind: "custom", build: fractionControl, field: "gamma", label: say("race.times"), min: 0.05, max: 0.95, when: by("step") },
        { kind: "custom", build: fractionControl, field: "decay", label: say("race.times_each_step"), min: 0.8, max: 0.99, step: 0.01, when: by("exponential") },
        { kind: "whole", field: "warm", label: say("race.warm_up_steps"), min: 1, max: 120, when: by("warm_up") },
      ],
    },
    {
      title: say("race.noise_label"),
      controls: [
        { kind: "custom", build: fractionControl, field: "noise", label: say("race.noise"), min: 0, max: 4 },
        { kind: "whole", field: "seed", label: say("common.seed"), min: 0, max: 99, when: (state) => state["noise"] > 0 },
      ],
    },
  ],
  request: (state) => ({
    operation: "optimizers",
    page: PAGE,
    body: {
      landscape: state["landscape"],
      ...(state["start"] ? { start: state["start"] } : {}),
      optimizers: state["runners"].map((name) => runner(state, name)),
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
