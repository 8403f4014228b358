// The backward mode of a page: from what is set to what is asked for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carry } from "./carry.mjs";

const FACTOR = { name: "scale_factor", kind: "scale", title: "Scale factor", above: 0, opens: 2, suggested: [1.5, 2] };
const VALUES = { name: "mode", linked: "between", kind: "word", title: "Values", default: "near", labels: { near: "nearest", far: "farthest" } };
const CORNERS = { name: "corners", kind: "flag", title: "Corners", default: false, needs: ["mode", "far"] };
const offered = [
  { name: "tanh", linked: "tanh", title: "tanh", gradient: "tanh_backward", parameters: [] },
  { name: "leaky_relu", linked: "leaky_relu", title: "Leaky ReLU", gradient: "leaky_relu_backward", parameters: [{ name: "negative_slope", kind: "number", title: "Negative slope", default: 0.01, opens: 0.1 }] },
  { name: "other_pool2d", linked: "other", title: "Other pooling", gradient: "other_pool2d_backward", parameters: [{ name: "kernel_size", kind: "size", title: "Kernel size" }, { name: "power", kind: "number", title: "Power", minimum: 1 }] },
  { name: "interpolate2d", linked: "upsample", title: "Upsampling", choice: "upsampling", gradient: "interpolate2d_backward", parameters: [FACTOR, VALUES, CORNERS] },
  { name: "stuck2d", linked: "stuck2d", title: "Stuck", choice: "stuck", gradient: "", parameters: [] },
  { name: "grown2d", linked: "grown2d", title: "Growing", choice: "growing", gradient: "grown2d_backward", parameters: [FACTOR, { ...VALUES, default: "far" }, CORNERS, { name: "stride", kind: "size", title: "Stride" }] },
  { name: "cross_entropy", title: "Cross-entropy", gradient: "softmax_cross_entropy_backward", by: "logits", parameters: [] },
  { name: "binary_cross_entropy_with_logits", title: "Binary", gradient: "sigmoid_binary_cross_entropy_backward", by: "logits", parameters: [] },
  { name: "mse", title: "Squared error", gradient: "mse_backward", by: "prediction", parameters: [] },
];
carry({ operations: offered, dense_activations: { tanh: "tanh" }, gradients: { ones: "ones", one: "a single one", random: "random" } });
const { ApiError, inWords } = await import("../../static/js/api.js");
const { rangeOf } = await import("../../static/js/limits.js");
const { formatState, parseState } = await import("../../static/js/state.js");
const { activation } = await import("../../static/js/operations/activation.js");
const { convolution } = await import("../../static/js/operations/convolution.js");
const { dense } = await import("../../static/js/operations/dense.js");
const { flatten } = await import("../../static/js/operations/flatten.js");
const { output } = await import("../../static/js/operations/output.js");
const { padding } = await import("../../static/js/operations/padding.js");
const { pooling } = await import("../../static/js/operations/pooling.js");
const { stride } = await import("../../static/js/operations/stride.js");

const PAGES = { activation, convolution, dense, flatten, output, padding, pooling, stride };
const LESSON = { input: { preset: "lesson", size: [3, 3] }, weight: { preset: "lesson", size: [2, 2] } };
const PLAIN = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], padding_mode: "zeros" };
const SIGNED = { preset: "signed", size: [5, 5], seed: 1 };

// the page, what is set, the operation that is asked for and its arguments
const REQUESTS = [
  ["pooling", "pool=other&kernel_size=3", "other_pool2d", { input: { preset: "blob", size: [6, 6] }, kernel_size: [3, 3], power: 1 }],
  ["pooling", "pool=other&power=2&pass=backward", "other_pool2d_backward", { input: { preset: "blob", size: [6, 6] }, kernel_size: [2, 2], power: 2, grad_output: { preset: "ones" } }],
  ["convolution", "mode=upsample", "interpolate2d", { input: LESSON.input, scale_factor: 2, mode: "near" }],
  [
    "convolution",
    "mode=upsample&scale_factor=2.5&between=far&corners=yes",
    "interpolate2d",
    { input: LESSON.input, scale_factor: 2.5, mode: "far", corners: true },
  ],
  [
    "convolution",
    "stride=2&mode=grown2d&scale_factor=3&pass=backward",
    "grown2d_backward",
    { input: LESSON.input, stride: [2, 2], scale_factor: 3, mode: "far", corners: false, grad_output: { preset: "ones" } },
  ],
  ["convolution", "mode=grown2d&grown2d_mode=near", "grown2d", { input: LESSON.input, stride: [1, 1], scale_factor: 2, mode: "near" }],
  ["convolution", "bias=2", "conv2d", { ...LESSON, ...PLAIN, bias: [2] }],
  ["convolution", "bias=2&pass=backward", "conv2d_backward", { ...LESSON, ...PLAIN, wrt: "weight", grad_output: { preset: "ones" } }],
  [
    "convolution",
    "pass=backward&wrt=input&grad_output=1,0;-2,0.5",
    "conv2d_backward",
    { ...LESSON, ...PLAIN, wrt: "input", grad_output: [[[1, 0], [-2, 0.5]]] },
  ],
  [
    "convolution",
    "mode=scatter&pass=backward&wrt=bias&grad_output=random-3",
    "conv_transpose2d_backward",
    { ...LESSON, stride: [1, 1], padding: [0, 0], dilation: [1, 1], output_padding: [0, 0], wrt: "bias", grad_output: { preset: "random", seed: 3 } },
  ],
  ["activation", "function=tanh&pass=backward&grad_output=one", "tanh_backward", { input: SIGNED, grad_output: { preset: "one" } }],
  ["activation", "function=leaky_relu", "leaky_relu", { input: SIGNED, negative_slope: 0.1 }],
  [
    "activation",
    "function=leaky_relu&negative_slope=0.5&pass=backward&grad_output=one",
    "leaky_relu_backward",
    { input: SIGNED, negative_slope: 0.5, grad_output: { preset: "one" } },
  ],
  ["flatten", "input=1,2&pass=backward&grad_output=3;4", "flatten_backward", { input: [[[1, 2]]], grad_output: [3, 4] }],
  [
    "dense",
    "layers=1&input=1;2&weight1=3,4&bias1=0&pass=backward&grad_output=5",
    "linear_backward",
    { input: [1, 2], weight: [[3, 4]], wrt: "weight", grad_output: [5] },
  ],
  [
    "stride",
    "input=1,2;3,4&kernel=5&pass=backward&wrt=input&grad_output=6",
    "conv2d_backward",
    { input: [[[1, 2], [3, 4]]], weight: [[[[5]]]], stride: [2, 2], padding: [0, 0], wrt: "input", grad_output: [[[6]]] },
  ],
  [
    "padding",
    "input=1&kernel=5&padding=2&pass=backward&of=first",
    "conv2d_backward",
    { input: [[[1]]], weight: [[[[5]]]], stride: [1, 1], padding: [2, 2], padding_mode: "zeros", wrt: "weight", grad_output: { preset: "ones" } },
  ],
  ["output", "pass=backward", "softmax_cross_entropy_backward", { logits: [2, 1, -1, 0.5], target: 0 }],
  ["output", "task=binary&yes=no&pass=backward", "sigmoid_binary_cross_entropy_backward", { logits: [2], target: [0] }],
  ["output", "task=number&logits=1;2&truth=3;4&pass=backward", "mse_backward", { prediction: [1, 2], target: [3, 4] }],
];

test("the second of two settings can be set on the way back, too", () => {
  const alone = { stride: { height: [1, 4], width: [1, 3] } };
  assert.deepEqual(rangeOf(alone, "b.stride"), alone.stride);
  assert.deepEqual(rangeOf({ ...alone, "b.stride": { height: [1, 2], width: [1, 2] } }, "b.stride")?.height, [1, 2]);
});

test("where two settings are compared there is one of them on the way back", () => {
  const second = (/** @type {string} */ link) => stride.second(read("stride", link).state)?.operation;
  assert.deepEqual([second(""), second("pass=backward")], ["conv2d", undefined]);
});

test("of two settings those whose gradients are shown are called as their sliders are, and by what they are", () => {
  const names = ["stride", "padding"].map((name) => {
    const { state } = read(name, "pass=backward");
    const [choice] = PAGES[name].cards.flatMap(({ controls }) => controls).filter(({ field }) => field === "of");
    return choice?.options?.map((option) => "called" in option && option.called(state));
  });
  assert.deepEqual(names, [["Left: stride 1", "Right: stride 2"], ["Left: padding 0", "Right: padding 1"]]);
});

/** The settings of a page by a link. @param {string} name @param {string} link */
const read = (name, link) => parseState(PAGES[/** @type {keyof typeof PAGES} */ (name)].fields, link);

for (const [name, link, operation, body] of REQUESTS)
  test(`${name} with “${link}” asks for ${operation}`, () => {
    const page = PAGES[name];
    const { state, problems } = read(name, link);
    const sent = page.request(state);
    assert.deepEqual([problems, sent.operation], [[], operation]);
    assert.deepEqual(sent.body, body);
    assert.deepEqual(read(name, formatState(page.fields, state, 0)).state, state);
  });

// what there are no gradients of, and the operation that is asked for instead
const NOT_OFFERED = [
  ["convolution", "flip=yes&pass=backward", "conv2d"],
  ["convolution", "mode=stacked&pass=backward", "stacked_conv2d"],
  ["convolution", "mode=stuck2d&pass=backward", "stuck2d"],
  ["dense", "pass=backward", "dense"],
  ["dense", "layers=1&last=tanh&pass=backward", "dense"],
];

for (const [name, link, operation] of NOT_OFFERED)
  test(`${name} with “${link}” has no gradients to show, and says so`, () => {
    const { state, problems } = read(name, link);
    assert.match(problems[0] ?? "", /^Pass: “backward” has no effect/);
    assert.equal(PAGES[name].request(state).operation, operation);
  });

test("what is offered stands on a card of its own, with the options that have an effect", () => {
  const shown = (/** @type {string} */ link) => {
    const { state } = read("convolution", link);
    const card = convolution.cards.find(({ title }) => typeof title === "function");
    const controls = card.controls.filter(({ when }) => when(state));
    const choices = (/** @type {string} */ field) => Object.values(convolution.fields.find(({ name }) => name === field)?.options ?? {});
    return [card.title(state), ...controls.map(({ kind, field, label, options }) => [kind, label, ...(options?.map((option) => option.label) ?? choices(field))].join(" "))];
  };
  const [factor, values] = ["number Scale factor 1.5 2", "choice Values nearest farthest"];
  assert.deepEqual(shown("mode=upsample"), ["Upsampling", factor, values]);
  assert.deepEqual(shown("mode=upsample&between=far"), ["Upsampling", factor, values, "flag Corners"]);
  assert.deepEqual(shown("mode=grown2d"), ["Growing", factor, values, "flag Corners"]);
  assert.deepEqual(shown(""), [""]);
});

// what has no effect beside the rest of a link
for (const [link, complaint] of [
  ["mode=upsample&corners=yes", "Corners: “yes” has no effect"],
  ["between=far", "Values: “far” has no effect"],
  ["mode=upsample&stride=2", "Stride: “2” has no effect"],
  ["mode=upsample&scale_factor=0", "Scale factor: 0 is not more than 0"],
])
  test(`“${link}” is complained of`, () => {
    assert.ok(read("convolution", link).problems[0]?.startsWith(complaint), read("convolution", link).problems[0]);
  });

test("a refusal of what is offered calls its arguments as their controls are called", () => {
  assert.equal(inWords("scale_factor 0.1 leaves nothing of the input height 3"), "scale factor 0.1 leaves nothing of the input height 3");
});

test("forward, what is set for backward is kept and has no effect", () => {
  const chosen = { ...read("convolution", "").state, wrt: "input", grad_output: { values: [[[7]]] } };
  assert.equal(convolution.request(chosen).operation, "conv2d");
  assert.equal(formatState(convolution.fields, chosen, 0), "");
});

/** The control of a field, as its page has it. @param {string} field */
const control = (field) => convolution.cards.flatMap(({ controls }) => controls).find((one) => one.field === field);

// what was typed from above before a change, what it is after it, what is refused, and whether it gives way
const TYPED = { values: [[[1, 2], [3, 4]]] };
const ONES = { preset: "ones" };
for (const [before, after, field, givesWay] of [
  [TYPED, TYPED, "grad_output", true],
  [ONES, TYPED, "grad_output", false], // it was typed just now: its refusal is for whoever typed it
  [TYPED, TYPED, "input", false],
  [ONES, ONES, "grad_output", false],
])
  test(`${after === TYPED ? "a typed gradient" : "ones"} after ${before === TYPED ? "it" : "ones"}, ${field} refused: ${givesWay ? "gives way" : "stays"}`, () => {
    const refused = new ApiError("no", 422, [{ field, message: "no" }]);
    const patch = convolution.givingWay({ grad_output: after }, { grad_output: before }, refused);
    assert.deepEqual(patch, givesWay ? { grad_output: ONES } : undefined);
  });

test("no gradient depends on the bias, whose control is not shown", () => {
  const shown = (/** @type {string} */ link) => control("bias").when(read("convolution", link).state);
  assert.deepEqual([shown(""), shown("pass=backward"), shown("mode=upsample")], [true, false, false]);
});

// a gradient in a link that is none
for (const [text, complaint] of [
  ["twos", "“twos” is not a number"],
  ["1,2;3", "rows"],
])
  test(`“${text}” is no gradient`, () => {
    const { state, problems } = read("convolution", `pass=backward&grad_output=${text}`);
    assert.match(problems[0] ?? "", /^From above: /);
    assert.ok(problems[0]?.includes(complaint), problems[0]);
    assert.deepEqual(state.grad_output, { preset: "ones" });
  });
