// The link to the training page: a set-up, and which runs are looked at.

/** @import { State } from "../types" */
/** @import { Drawn } from "./curves.js" */
/** @import { Chosen } from "./settings.js" */
/** @import { Dataset } from "./setup.js" */

import { ApiError } from "../api.js";
import { formatState, parseState } from "../state.js";
import { say } from "../words.js";
import { stateOf } from "./requests.js";
import { FIELDS, TABLE, VIEW } from "./settings.js";
import { Run } from "./run.js";
import { formatSetup, writtenOut } from "./scenarios.js";

const GONE = 404;
const MOST = 3; // runs beside or below one
const SETTING = new RegExp(`(^|[#&])(${FIELDS.map(({ name }) => name).join("|")})=`);

/** @typedef {{ run: Drawn | null, step: number, earlier: Drawn[], side: Drawn[], clock: string, sample: number, scale: string, weight: string }} View what a link looks at */

/** @param {string} list */
const ids = (list) => (list ? list.split(",").slice(0, MOST) : []);

/** @param {string} address @param {Dataset[]} datasets */
export async function readLink(address, datasets) {
  const fragment = writtenOut(address);
  const { state, step, problems } = parseState([...FIELDS, ...VIEW], fragment);
  const { run: id, over, side, clock, sample, scale, weight, ...chosen } = state;
  if (!datasets.some(({ name }) => name === chosen["data"])) {
    problems.push(say("training.no_data_set", { name: chosen["data"] }));
    chosen["data"] = "digits";
  }
  const [[run = null], earlier, lanes] = await Promise.all([id, over, side].map((list) => findRuns(ids(list), problems)));
  const started = run && !SETTING.test(fragment) ? setupOf(run, datasets) : chosen;
  return { state: started, view: { run, step, earlier, side: lanes.length < ids(side).length ? [] : lanes, clock, sample, scale, weight }, problems, rest: "" };
}

/**
 * @param {Chosen} state @param {Dataset[]} datasets
 * @param {{ run: Run | null, step: number, earlier: Drawn[], side: string[], clock: string, sample: number, own: boolean, weight: string }} view
 */
export function writeLink(state, datasets, { run, step, earlier, side, clock, own, ...view }) {
  const isOwn = run && isSame(state, setupOf(run, datasets));
  const setup = formatSetup(state) || (run && !isOwn && `data=${state["data"]}`);
  const looked = { run: run?.info.id ?? "", side: side.join(), clock: side.length ? clock : "epoch", over: earlier.map(({ info }) => info.id).join() };
  const seen = formatState(VIEW, { ...view, ...looked, scale: own ? "map" : "layer" }, run ? step : 0);
  return [setup, seen].filter(Boolean).join("&");
}

/** @param {State} one @param {State} other */
const isSame = (one, other) => TABLE.every(({ name, format }) => format(one[name]) === format(other[name]));

/** Those of these runs that are still there. @param {string[]} list @param {string[]} problems @returns {Promise<Drawn[]>} */
export async function findRuns(list, problems) {
  const found = await Promise.all(list.map((id) => findRun(id, problems)));
  return found.flatMap((run) => run ?? []);
}

/** @param {string} id @param {string[]} problems */
async function findRun(id, problems) {
  try {
    return await Run.open(id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const gone = say("training.no_run", { id });
    problems.push(error.status === GONE ? gone : error.message);
    return null;
  }
}

/** The set-up that a run was started with. @param {Pick<Drawn, "info">} run @param {Dataset[]} datasets @returns {Chosen} */
export function setupOf({ info }, datasets) {
  const { settings, steps_per_epoch: steps, task } = info;
  const whole = datasets.find(({ name }) => name === settings.dataset)?.sizes.train ?? 1;
  const uneven = steps === 1 ? settings.batch_size : Number.POSITIVE_INFINITY;
  return stateOf(settings, settings.dataset_options?.imbalance ? uneven : whole, task);
}
