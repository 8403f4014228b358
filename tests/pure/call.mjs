// Calls functions of static/js: a line of JSON in, {module, name, given}; a line out, {value} or {error}.

import { createInterface } from "node:readline";

const root = new URL("../../static/js/", import.meta.url);
for await (const line of createInterface({ input: process.stdin })) {
  const { module, name, given } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await import(new URL(module, root)))[name](...given) ?? null };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer, (_, value) => (value instanceof Map ? [...value] : value))}\n`);
}
