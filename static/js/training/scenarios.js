// Set-ups worth seeing, each with what to look at, which stands beside the run; and the choice of one.

/** @import { State } from "../types" */
/** @import { Live } from "./live.js" */
/** @import { Chosen } from "./settings.js" */

import { byRole, chip } from "../draw/dom.js";
import { formatState, initialState } from "../state.js";
import { say } from "../words.js";
import { freshLayer } from "./choices.js";
import { FIELDS, TABLE } from "./settings.js";

/** @typedef {{ name: string, title: string, sentence: string, patch: Partial<Chosen>, question?: string, against?: string }} Scenario `question`: what to look for, where the sentence would give it away; `against`: the scenario that it is measured by */

/** What is said of a scenario before it has run. @param {Scenario | undefined} scenario */
export const introduced = (scenario) => scenario?.question ?? scenario?.sentence;

const CONV = (/** @type {number} */ out_channels) => ({ layer: "conv2d", out_channels, kernel_size: 3, padding: 1 });
const POOL = { layer: "max_pool2d", kernel_size: 2 };
const RELU = { layer: "relu" };
const LEAKY = freshLayer("leaky_relu");
const FLATTEN = { layer: "flatten" };
const dense = (/** @type {number} */ out_features) => ({ layer: "linear", out_features });

/** @type {Scenario[]} */
const SCENARIOS = [
  {
    name: "learns",
    title: say("scenarios.learns"),
    question: say("scenarios.learns_question"),
    sentence: say("scenarios.learns_sentence"),
    patch: {},
  },
  {
    name: "small-rate",
    title: say("scenarios.small_rate"),
    sentence: say("scenarios.small_rate_sentence"),
    patch: { rate: 0.00001 },
    against: "learns",
  },
  {
    name: "large-rate",
    title: say("scenarios.large_rate"),
    question: say("scenarios.large_rate_question"),
    sentence: say("scenarios.large_rate_sentence"),
    patch: {
      rate: 5,
      optimizer: { name: "sgd" },
      speed: 2,
      net: [CONV(8), LEAKY, POOL, CONV(16), LEAKY, POOL, FLATTEN, dense(10)],
    },
  },
  {
    name: "dead",
    title: say("scenarios.dead"),
    question: say("scenarios.dead_question"),
    sentence: say("scenarios.dead_sentence"),
    patch: {
      rate: 2,
      optimizer: { name: "sgd" },
      speed: 50,
      net: [CONV(8), RELU, POOL, FLATTEN, dense(32), RELU, dense(10)],
    },
  },
  {
    name: "overfitting",
    title: say("scenarios.overfitting"),
    sentence: say("scenarios.overfitting_sentence"),
    patch: {
      data: "shapes",
      samples: 60,
      epochs: 60,
      batch: 20,
      speed: 10,
      net: [CONV(8), RELU, POOL, CONV(16), RELU, POOL, FLATTEN, dense(64), RELU, dense(8)],
    },
  },
  {
    name: "alike",
    title: say("scenarios.alike"),
    question: say("scenarios.alike_question"),
    sentence: say("scenarios.alike_sentence"),
    patch: { init: { name: "constant", val: 0.05 }, optimizer: { name: "sgd" }, rate: 0.05 },
  },
  {
    name: "zeros",
    title: say("scenarios.zeros"),
    question: say("scenarios.zeros_question"),
    sentence: say("scenarios.zeros_sentence"),
    patch: { init: { name: "zeros" }, optimizer: { name: "sgd" }, rate: 0.05 },
  },
  {
    name: "tiny",
    title: say("scenarios.tiny"),
    question: say("scenarios.tiny_question"),
    sentence: say("scenarios.tiny_sentence"),
    patch: { init: { name: "normal", std: 0.001 }, optimizer: { name: "sgd" }, rate: 0.05 },
  },
  {
    name: "rare",
    title: say("scenarios.rare"),
    question: say("scenarios.rare_question"),
    sentence: say("scenarios.rare_sentence"),
    patch: { imbalance: 100, net: [FLATTEN, dense(10)], epochs: 30 },
  },
  {
    name: "batches",
    title: say("scenarios.batches"),
    sentence: say("scenarios.batches_sentence"),
    patch: { optimizer: { name: "sgd" }, rate: 0.05, epochs: 10, speed: 20, compare: "batches" },
  },
  {
    name: "strides",
    title: say("scenarios.strides"),
    sentence: say("scenarios.strides_sentence"),
    patch: {
      data: "shapes",
      samples: 200,
      epochs: 30,
      speed: 20,
      net: [CONV(8), RELU, CONV(16), RELU, FLATTEN, dense(8)],
      compare: "strides",
    },
  },
  {
    name: "filters",
    title: say("scenarios.filters"),
    question: say("scenarios.filters_question"),
    sentence: say("scenarios.filters_sentence"),
    patch: {
      data: "orientations",
      net: [{ layer: "conv2d", out_channels: 8, kernel_size: 5, padding: 2 }, RELU, POOL, FLATTEN, dense(8)],
    },
  },
  {
    name: "regression",
    title: say("scenarios.regression"),
    sentence: say("scenarios.regression_sentence"),
    patch: {
      data: "angles",
      net: [{ layer: "conv2d", out_channels: 8, kernel_size: 5, padding: 2 }, RELU, POOL, FLATTEN, dense(32), RELU, dense(1)],
    },
  },
];

/** All the settings of a scenario. @param {Scenario} scenario @returns {Chosen} */
export const stateIn = (scenario) => ({ ...initialState(FIELDS), ...scenario.patch });

/** A link's words for a set-up: the scenario that it is nearest to, and where it differs from that one. @param {Chosen} state */
export function formatSetup(state) {
  const fragments = SCENARIOS.map((scenario) => {
    /** @type {State} */
    const base = stateIn(scenario);
    const fields = TABLE.map((field) => ({ ...field, initial: base[field.name] }));
    const like = scenario.name === "learns" ? "" : `like=${scenario.name}`;
    return [like, formatState(fields, state, 0)].filter(Boolean).join("&");
  });
  return fragments.reduce((one, other) => (other.length < one.length ? other : one));
}

/** A link with `like=overfitting` written out, so that what follows in it counts. @param {string} fragment */
export function writtenOut(fragment) {
  const parts = fragment.replace(/^#/, "").split("&");
  const like = parts.find((part) => part.startsWith("like="))?.slice(5);
  if (like === undefined) return fragment;
  const scenario = SCENARIOS.find(({ name }) => name === like);
  if (!scenario) return fragment; // there is no such setting, then
  const base = formatState(FIELDS, stateIn(scenario), 0) || `seed=${stateIn(scenario)["seed"]}`;
  return [base, ...parts.filter((part) => !part.startsWith("like="))].join("&");
}

/** Whether two set-ups are the same, whatever the speed. @param {State} one @param {State} other */
const alike = (one, other) => TABLE.every(({ name, format }) => name === "speed" || format(one[name]) === format(other[name]));

/** Which scenario a set-up is, if any. @param {Chosen} state */
export const scenarioOf = (state) => SCENARIOS.find((scenario) => alike(stateIn(scenario), state));

/** The set-up whose curve has to lie under that of this one, unless one of these has it. @param {Chosen} state @param {Chosen[]} others */
export function measureOf(state, others) {
  const against = scenarioOf(state)?.against;
  const scenario = SCENARIOS.find(({ name }) => name === against);
  return scenario && !others.some((other) => alike(stateIn(scenario), other)) ? stateIn(scenario) : null;
}

export class ScenarioChoice {
  #chips = byRole("scenarios");
  #sentence = byRole("scenario-sentence");

  /** @param {(scenario: Scenario) => void} chosen */
  constructor(chosen) {
    this.chosen = chosen;
  }

  /** Offer them, once the page knows what they set. */
  offer() {
    const chips = SCENARIOS.map((scenario) => {
      const { node } = chip(() => this.chosen(scenario), { name: "scenario", value: scenario.name }, scenario.title);
      node.title = introduced(scenario) ?? "";
      return node;
    });
    this.#chips.replaceChildren(...chips);
  }

  /** Mark the one that a set-up is, if any. @param {Chosen} state */
  mark(state) {
    const scenario = scenarioOf(state);
    for (const input of this.#chips.querySelectorAll("input")) input.checked = input.value === scenario?.name;
    this.#sentence.textContent = scenario?.sentence ?? "";
  }

  /** What a set-up is to show stays in sight once it runs, or once it is over where it would give the answer away. @param {Chosen} state @param {Live} live */
  showSentence(state, live) {
    const isEarly = Boolean(scenarioOf(state)?.question) && !live.run?.over;
    this.#sentence.hidden = isEarly || !live.any || !this.#sentence.textContent;
  }
}
