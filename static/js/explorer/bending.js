// What of a network is bent: numbers that have other values, and channels that are switched off. A link holds both.

/** @import { Field } from "../types" */

import { readCell } from "../input/numbers.js";
import { say } from "../words.js";

/** @typedef {{ parameter: string, index: number[], value: number }} Change another value for one number */
/** @typedef {{ layer: number, channel: number }} Channel */

const MOST_CHANGES = 1000; // as the API has it
const CHANGE = /^(\d{1,3}\.[a-z_]{1,30}):(\d{1,7}(?:,\d{1,7}){0,3}):([-+.\deE]+)$/;
const CHANNEL = /^(\d{1,3}),(\d{1,7})$/;

/** @param {string} text @returns {Change[]} */
export function parseChanges(text) {
  const changes = text.split(";").map((part) => {
    const [, parameter = "", index = "", value = ""] = CHANGE.exec(part) ?? [];
    if (!parameter) throw new Error(say("explorer.no_change", { text: part.slice(0, 40) }));
    return { parameter, index: index.split(",").map(Number), value: readCell(value) };
  });
  if (changes.length > MOST_CHANGES) throw new Error(say("explorer.changes_many", { most: MOST_CHANGES }));
  return changes;
}

/** @param {Change[]} changes */
export const formatChanges = (changes) =>
  changes.map(({ parameter, index, value }) => `${parameter}:${index.join(",")}:${value}`).join(";");

/** @param {string} text @returns {Channel[]} */
export const parseOff = (text) =>
  text.split(";").map((part) => {
    const [, layer, channel] = CHANNEL.exec(part) ?? [];
    if (!layer) throw new Error(say("explorer.no_channel", { text: part.slice(0, 40) }));
    return { layer: Number(layer), channel: Number(channel) };
  });

/** @param {Channel[]} off */
export const formatOff = (off) => off.map(({ layer, channel }) => `${layer},${channel}`).join(";");

/** @type {Field<"changes", Change[]>} */
export const CHANGES = { name: "changes", label: say("explorer.changes"), initial: [], parse: parseChanges, format: formatChanges };
/** @type {Field<"off", Channel[]>} */
export const OFF = { name: "off", label: say("explorer.off"), initial: [], parse: parseOff, format: formatOff };

/** Whether two changes are of the same number. @param {Change} one @param {Change} other */
const isSameNumber = (one, other) => one.parameter === other.parameter && one.index.join() === other.index.join();

/** The changes with more of them, each number once. @param {Change[]} changes @param {Change[]} more */
export const withChanges = (changes, more) => [
  ...changes.filter((one) => !more.some((other) => isSameNumber(one, other))),
  ...more,
];

/** @param {Channel[]} off @param {Channel} channel */
export const isOff = (off, { layer, channel }) => off.some((one) => one.layer === layer && one.channel === channel);

/** The channels with this one switched off, or on again. @param {Channel[]} off @param {Channel} channel */
export const switched = (off, channel) =>
  isOff(off, channel) ? off.filter((one) => !isOff([channel], one)) : [...off, channel];
