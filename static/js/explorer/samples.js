// A drawing of each digit, as a link has it (strokes.js): one of the ways to write it in cnn_engine/data/skeletons.txt.

export const SAMPLES = [
  "d5IgIiJlLoOqSrWsbtgtktpstrxq0o2l3i4g3d2a0XxVtUpTkSgSbSWTSUOVLXJaIdIg",
  "d5RXIh.d5Ih4h",
  "d5QUNXLZIcIeIhJlMoOqRqVqZpdnikpgucyZzXzVyTxTwTvVuWtYvaxdzf0i1l1n1q1t",
  "d5NUMXKaIdIgIiKlMoOqRqUpWoZnalcjdhegfhgkinjqmrpsssurxp0m2j4g3d2a0XyU",
  "d5JWhU.d5hUgs.d5Iq4o",
  "d5IrIX.d5IXcV.d5cVbYabZeYgZjbmdpfrismsqstrwpzn2k4h3e2a0XzU",
  "d5InKjMgPdSaWYaWfVjUnUrUvVyW0Y2a3d4g3j1mzoxqvrrrormqkoilhigghdjamYoV",
  "d5ITIs.d5IsNqSnXldijhqfxe4c",
  "d5egcdaaYXVWTVQWNXLYJZIcIeIgIiJlKnLoNpQpTpVpYnakciefgcjZlXoVrUuUxVzW1Y2a3d4g3j2m1ozqwrtrqroqlojlgieg",
  "d5RqOoLmJkIhHfIcKZMXOWRVUVWVZWbYdaecefdhbkZmXoVpTqRq.d5RqWqaqfqkqppuozn4n",
];
