// What there is to choose among, by the engine's names: layers, optimizers, schedules, and the options of each.

/**
 * @typedef {object} Option
 * @property {string} name the engine's
 * @property {string} label
 * @property {number | number[] | boolean | string} value what it is at first
 * @property {boolean} [whole] a whole number
 * @property {string[]} [words] one of these
 */

/**
 * @typedef {object} Choice
 * @property {string} name what a person chooses by
 * @property {string} title
 * @property {string} said one sentence
 * @property {Option[]} options
 * @property {Record<string, any>} [fixed] what makes it this one, where several share the engine's name
 */

/** @param {string} name @param {string} label @param {number} value @returns {Option} */
const whole = (name, label, value) => ({ name, label, value, whole: true });

/** @param {string} name @param {string} label @param {Option["value"]} value @returns {Option} */
const option = (name, label, value) => ({ name, label, value });

const WINDOW = [whole("kernel_size", "size", 2)];
const PER = { name: "per", label: "counted by", value: "epoch", words: ["epoch", "step"] };

/** @type {Choice[]} */
export const LAYERS = [
  {
    name: "conv2d",
    title: "Convolution",
    said: "filters that slide over the maps",
    options: [
      whole("out_channels", "filters", 8),
      whole("kernel_size", "size", 3),
      whole("stride", "stride", 1),
      whole("padding", "padding", 1),
    ],
  },
  { name: "relu", title: "ReLU", said: "negative values become 0", options: [] },
  { name: "max_pool2d", title: "Max pooling", said: "the largest of each window", options: WINDOW },
  { name: "avg_pool2d", title: "Average pooling", said: "the mean of each window", options: WINDOW },
  { name: "dropout", title: "Dropout", said: "while training, some values are left out", options: [option("p", "share", 0.5)] },
  { name: "batch_norm2d", title: "Batch norm", said: "each channel brought to one scale", options: [] },
  { name: "flatten", title: "Flatten", said: "maps become one row of numbers", options: [] },
  {
    name: "linear",
    title: "Dense",
    said: "every input meets every output",
    options: [whole("out_features", "outputs", 10)],
  },
  { name: "global_avg_pool2d", title: "Global average", said: "one mean for each map", options: [] },
  { name: "global_max_pool2d", title: "Global maximum", said: "one maximum for each map", options: [] },
  { name: "leaky_relu", title: "Leaky ReLU", said: "negative values become small", options: [option("negative_slope", "slope", 0.01)] },
  { name: "sigmoid", title: "Sigmoid", said: "every value between 0 and 1", options: [] },
  { name: "tanh", title: "Tanh", said: "every value between −1 and 1", options: [] },
];

/** @param {string} name */
export const layerTitle = (name) => LAYERS.find((layer) => layer.name === name)?.title ?? name;

const BETAS = option("betas", "betas", [0.9, 0.999]);

/** @type {Choice[]} */
export const OPTIMIZERS = [
  { name: "sgd", title: "Gradient descent", said: "The gradient times the learning rate, and no more.", options: [] },
  {
    name: "momentum",
    title: "Momentum",
    said: "Past gradients are kept as a velocity: it smooths the way.",
    options: [option("momentum", "momentum", 0.9)],
    fixed: { name: "sgd" },
  },
  {
    name: "nesterov",
    title: "Nesterov",
    said: "Momentum that looks ahead.",
    options: [option("momentum", "momentum", 0.9)],
    fixed: { name: "sgd", nesterov: true },
  },
  { name: "adagrad", title: "AdaGrad", said: "Each parameter's rate falls with its past gradients.", options: [] },
  {
    name: "rmsprop",
    title: "RMSProp",
    said: "Each gradient over the size that it has had lately.",
    options: [option("alpha", "alpha", 0.99), option("momentum", "momentum", 0)],
  },
  {
    name: "adam",
    title: "Adam",
    said: "RMSProp's rate for each parameter, and momentum.",
    options: [BETAS],
  },
  { name: "adamw", title: "AdamW", said: "Adam, with weight decay kept apart from the gradient.", options: [BETAS] },
];

export const OWN_LOSS = "own";

/** What a run may be scored by. */
export const LOSSES = [
  { name: OWN_LOSS, title: "the task's own", said: "Cross-entropy for classes, the squared error for numbers." },
  { name: "cross_entropy", title: "Cross-entropy", said: "For classes: minus the logarithm of the true class's share, by softmax." },
  { name: "binary_cross_entropy", title: "Binary cross-entropy", said: "A yes or no for each output alone, by the sigmoid." },
  { name: "mse", title: "Squared error", said: "For numbers; of classes each output is to come to 1 or 0. The gradient is small where an answer is very wrong." },
];

/** What weights begin as. @type {Choice[]} */
export const BEGINNINGS = [
  { name: "he", title: "He (Kaiming)", said: "At random, as large as keeps the signal's size through a ReLU.", options: [] },
  { name: "xavier", title: "Xavier", said: "At random, for sigmoid and tanh.", options: [] },
  { name: "zeros", title: "All 0", said: "Behind a ReLU nothing comes through, and no gradient comes back: only the last bias learns.", options: [] },
  { name: "constant", title: "All the same", said: "All filters of a layer give the same and get the same gradient: they stay alike.", options: [option("val", "each", 0.05)] },
  { name: "normal", title: "Tiny, at random", said: "Each layer shrinks what it is given, and with it the gradient.", options: [option("std", "spread", 0.001)] },
];

/** @type {Choice[]} */
export const SCHEDULES = [
  { name: "constant", title: "Constant", said: "The rate stays.", options: [] },
  {
    name: "step",
    title: "Steps",
    said: "The rate falls every few epochs.",
    options: [whole("step_size", "every", 5), option("gamma", "times", 0.3), PER],
  },
  { name: "exponential", title: "Exponential", said: "The rate falls by the same share each time.", options: [option("gamma", "times", 0.9), PER] },
  { name: "cosine", title: "Cosine", said: "Down to 0 along half a cosine.", options: [whole("T_max", "length", 15), PER] },
  {
    name: "warm_up",
    title: "Warm-up",
    said: "Small at first, then in full.",
    options: [whole("total_iters", "length", 30), option("start_factor", "from", 0.1)],
  },
  {
    name: "reduce_on_plateau",
    title: "On a plateau",
    said: "The rate falls when the loss no longer does.",
    options: [option("factor", "times", 0.3), whole("patience", "patience", 3)],
  },
];

/** @type {Choice} */
export const AUGMENTATION = {
  name: "augmentation",
  title: "Augmentation",
  said: "Each batch is shifted, turned, scaled and made noisy anew: shares of the width, degrees, shares of the size.",
  options: [option("shift", "shift", 0.1), option("rotate", "turn", 15), option("scale", "scale", 0.15), option("noise", "noise", 0.05)],
};

/** The choice with every option as it is at first, as the engine takes it. @param {Choice} choice */
export const fresh = (choice) => ({
  name: choice.name,
  ...Object.fromEntries(choice.options.map(({ name, value }) => [name, value])),
  ...choice.fixed,
});

/** Which choice a setting is: the one that fixes the most of it. @param {Choice[]} choices @param {Record<string, any>} setting */
export function chosen(choices, setting) {
  const fits = choices.filter((choice) => {
    const fixed = { name: choice.name, ...choice.fixed };
    return Object.entries(fixed).every(([key, value]) => setting[key] === value);
  });
  const named = fits.filter((choice) => choice.options.every(({ name }) => name !== "momentum" || setting["momentum"]));
  return named.at(-1) ?? fits[0];
}

/** Learning rates that the dial stops at. */
export const RATES = [-5, -4, -3, -2, -1, 0, 1].flatMap((power) =>
  ["1", "1.5", "2", "3", "5", "7"].map((digits) => Number(`${digits}e${power}`)),
);

/** Steps a second that the other dial stops at; null: as fast as it goes. */
export const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, null];

/** The place of the nearest stop, by ratio. @param {(number | null)[]} stops @param {number | null} value */
export function nearest(stops, value) {
  if (value === null) return stops.length - 1;
  let best = 0;
  stops.forEach((stop, index) => {
    const now = /** @type {number | null} */ (stops[best] ?? null);
    if (stop !== null && now !== null && Math.abs(Math.log(stop / value)) < Math.abs(Math.log(now / value))) best = index;
  });
  return best;
}
