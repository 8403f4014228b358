// The shapes that travel between the modules. Types only: nothing here runs.

export type Pair = [number, number];

/** An array as the API sends it; null stands for "no value". */
export interface Tensor {
  shape: number[];
  values: unknown;
}

export interface AxisGeometry {
  input_size: number;
  padding: Pair;
  kernel_size: number;
  dilation: number;
  effective_kernel_size: number;
  stride: number;
  span: number;
  quotient: number;
  ceil_mode: boolean;
  output_size: number;
  unread: number;
  overhang: number;
}

export interface Geometry {
  height: AxisGeometry;
  width: AxisGeometry;
}

export interface AxisLimits {
  height: Pair;
  width: Pair;
}

/** For each control, the values that can be computed while the others stay. */
export type Limits = Record<string, AxisLimits> & { padding_mode?: string[] };

/** One row of every column of a trace. */
export interface Step {
  index: number;
  output_cell: number | number[];
  position?: number[];
  window?: unknown;
  products?: unknown;
  row_sums?: number[][];
  channel_sums?: number[];
  selected?: Pair;
  divisor?: number;
  bias?: number;
  output: number | null;
  description: string;
  [column: string]: unknown;
}

/** What a frame reads of a trace. */
export interface TraceLike {
  op: string;
  total: number;
  params: Record<string, unknown>;
  geometry?: Geometry | undefined;
  limits?: Limits | undefined;
  counts?: Record<string, number> | undefined;
  comparison?: Comparison | undefined;
  tensors: Record<string, Tensor>;
  panels?: PanelShown[] | undefined;
  /** the same steps as those of a correlation, where they are */
  correlation?: PanelShown[] | undefined;
  card?: { cards: CardShown[]; by?: string; figure?: FigureShown } | undefined;
  links?: Incidence | undefined;
  /** one of its steps, where it is here */
  at?(index: number): Step | undefined;
}

/** A cell of a tensor. */
export interface Cell {
  tensor: string;
  index: number[];
}

/** Which indices along one axis have to do with a cell: looked up by its indices along the axes `by`. */
export interface Rule {
  by?: number[];
  at?: unknown;
  step?: number;
  lists?: number[][];
}

/** A tensor that is pointed at -> another one -> a rule for each axis of the other. */
export type Incidence = Record<string, Record<string, Rule[]>>;

// How a trace says that it is shown: cnn_engine/trace/showing.py has what each of these means

export interface RegionShown {
  at?: string;
  size?: Pair | string;
  spread?: Pair;
  planes?: Pair[];
  tap?: string;
  framed?: boolean;
  sources?: string[];
  when?: string | number;
}

export interface PanelShown {
  id: string;
  tensor: string;
  title: string;
  note?: string;
  label?: string;
  grid?: string;
  sign?: string;
  at?: string;
  column?: string;
  last_note?: string;
  edit?: string;
  drag?: boolean;
  wrap?: boolean;
  fills?: number;
  together?: boolean;
  opens?: number | undefined;
  inside?: [number, number, number, number];
  overhang?: Pair;
  gaps?: string;
  regions?: RegionShown[];
}

export interface TermsShown {
  value: string;
  left?: string;
  right?: string;
  at?: string;
  joiner?: string;
  row_sums?: string;
  channel_sums?: string;
  row_totals?: string;
  over?: string;
  chosen?: string;
  scale?: string;
  inside?: string;
  shape?: Pair;
}

export interface CardShown {
  note: string;
  where: string;
  name?: string;
  terms?: TermsShown;
  lines?: [string, string][];
  result?: string;
  when?: string | number;
}

export interface FigureShown {
  kind: "curve" | "network" | "bars";
  values: string[];
  weights?: string[];
  at?: [string, string];
  fills?: number;
  labels?: string[];
  truth?: number;
}

/** What the API answers to the request of a trace: a page of its steps, and all that is not of one step. */
export interface TraceAnswer extends Omit<TraceLike, "total"> {
  /** each column is an array whose first axis is the step */
  steps: { start: number; total: number; [column: string]: unknown };
}

/** One layer in one pass of a network: `count` steps from `start` on. */
export interface Entry {
  pass: "forward" | "loss" | "backward" | "update";
  layer: number | null;
  op: string;
  wrt?: string;
  /** whose values, gradients or new values these are; null for the loss */
  tensor: string | null;
  start: number;
  count: number;
  title: string;
  /** the same where the pass is said beside it */
  label: string;
}

/** What the API answers to the request of a network's timeline. */
export interface NetworkAnswer {
  params: Record<string, unknown>;
  timeline: Entry[];
  outcome: string;
  loss: number | null;
  loss_after: number | null;
  predicted_change: number | null;
  /** nested lists by PyTorch's names; null: not a finite number */
  parameters: Record<string, unknown>;
  /** how many updates came before, and what the optimizer keeps of them: like the parameters, by the names of its vectors */
  optimizer_state: { updates: number; [vector: string]: unknown };
  tensors: Record<string, Tensor>;
  gradients: Record<string, unknown>;
  input_gradient: unknown;
  /** the whole network at a glance; empty where it is too large */
  overview?: Group[];
  /** the operations that the steps belong to, steps aside */
  traces?: (TraceLike & { entry: number })[];
  steps: { start: number; total: number; count: number; [column: string]: unknown };
}

/** The loss over one number of a network; the point in the middle is the number as it is. null: not a finite number. */
export interface CheckAnswer {
  values: number[];
  losses: (number | null)[];
  tangent: (number | null)[];
  gradient: number | null;
  difference: number | null;
  /** the layers that have a corner just there */
  corners: number[];
  /** whether the two agree, in words */
  finding: string;
}

/** Of a network, a tensor and the gradient by it; `of` is its name, where it has paths to the loss. */
export interface Numbers {
  of: string;
  values: PanelShown;
  gradient?: PanelShown;
}

/** What belongs to one layer, and the entries of the timeline that are about it. */
export interface Group {
  title: string;
  numbers: Numbers[];
  entries: number[];
}

/** One path to the loss: an index in each of the tensors on the way, and the local derivatives in the same order. */
export interface ChainPath {
  cells: number[][];
  local: (number | null)[];
  product: number | null;
}

/** The paths of one number to the loss: cnn_engine/trace/paths.py has what each of these means. */
export interface ChainRule {
  tensor: string;
  index: number[];
  along: string[];
  made_by: string[];
  gradient: number | null;
  sum: number | null;
  paths: ChainPath[];
  total: number;
  rest: number;
  rest_sum: number | null;
  reached: Record<string, number[][]>;
  finding: string;
}

/** A named place on the scale of a timeline. */
export interface Mark {
  index: number;
  label: string;
  /** what it belongs to, where several do */
  group?: string;
}

/** Anything with steps that a player goes through. */
export interface Timeline {
  total: number;
  /** how far ahead of the step on the stage others are worth fetching */
  ahead: number;
  marks: Mark[];
  /** the step, where it is here */
  at(index: number): Step | undefined;
  has(index: number): boolean;
  load(index: number): Promise<void>;
}

/** The timeline of an operation's page: a trace, or two on one clock. */
export interface OperationTimeline extends Timeline, TraceLike {
  at(index: number): Step | undefined;
  /** what its steps are, values aside */
  shape: string;
  /** how the size of each output comes about */
  sizes: { name: string; geometry: Geometry | undefined }[];
}

/** An output beside what it would be without one change. */
export interface Comparison {
  changed: number;
  total: number;
  difference: Tensor;
  description: string;
}

/** Values as a person gives them: a preset by name, or numbers. */
export interface PresetArray {
  preset: string;
  size: Pair;
  channels?: number;
  seed?: number;
}
export interface TypedArray {
  values: number[][][];
  /** whether the channels are the red, green and blue of a picture */
  colour?: boolean;
  /** the window of a picture that they are, as long as they are; it is not in the link, the values are */
  window?: PhotoWindow;
}
/** A window of a picture in its pixels. */
export interface PhotoWindow {
  image: string;
  row: number;
  col: number;
  height: number;
  width: number;
}
export type ArrayChoice = PresetArray | TypedArray;
/** The gradient of an output; one by name has the size that the output has. */
export type GradientChoice = { preset: string; seed?: number } | TypedArray;

export type PaddingChoice = string | number[];

// What is drawn for one step

export interface Region {
  row: number;
  col: number;
  height: number;
  width: number;
  rowStep: number;
  colStep: number;
}

export interface GridModel {
  id: string;
  label: string;
  rows: number;
  cols: number;
  /** row by row; null: no value; undefined: nothing there (beyond the padded input) */
  values: (number | null | undefined)[];
  /** the strongest value on the colour scale */
  max: number;
  /** the cells that are not padding, where there is padding */
  inside: { row: number; col: number; height: number; width: number } | null;
  /** the tensor that it shows, and which plane of it; of a line its cells are numbered alone */
  shows: { tensor: string; index: number[]; line: boolean };
  /** how many cells, row by row, have been computed; the rest are still to come */
  filled: number;
  region: Region | null;
  marked: Pair | null;
  /** the field that typing into a cell changes, and the channel of it that this grid shows */
  edit: { field: string; channel: number } | null;
  /** whether its numbers, one in a row, can be dragged up and down */
  drag?: boolean;
  /** the step that computes the first cell, where choosing a cell goes to its step */
  firstStep: number | null;
  /** a word above the grid, where a panel has several */
  caption?: string;
  /** what stands before it where there is room */
  captionWord?: string;
  /** the colour that the channel stands for */
  tint?: "red" | "green" | "blue" | undefined;
  /** rows and columns at the end that no window reaches */
  unread?: { rows: number; cols: number };
  /** cells that hold no value of the input, cell by cell */
  gaps?: boolean[];
  /** from a value to its copies */
  arrows?: { from: Pair; to: Pair }[] | undefined;
  /** a vector: wraps where a line ends */
  wrap: boolean;
  /** of the step before: where its window was, and what stood in cells that hold other values at each step */
  before?: { region: Region | null; values?: (number | null)[] } | undefined;
}

export interface Panel {
  id: string;
  /** its id before it is one of two; a step's motion goes from "input" to "output" */
  role: string;
  /** what stands between it and the panel before */
  sign: string;
  /** the same among the panels of its own setting, where it is another */
  within?: string;
  title: string;
  note: string;
  grids: GridModel[];
}

export interface Term {
  left: number | null;
  right: number | null;
  value: number | null;
  padding: boolean;
  chosen: boolean;
  /** whether its value is not said yet */
  asks?: boolean;
}

export interface Block {
  title: string;
  /** how its terms meet, where not as the card's */
  joiner?: string;
  rows: { terms: Term[]; sum: number | null }[];
  sum: number | null;
  /** whether the sum of a row is that of all before it as well */
  running?: boolean;
  /** what the sum is called, where not the sum of a channel */
  sumLabel?: string;
  /** the grids, by their ids, that its terms come from, and the one that each of them is added to, if any */
  grids?: { left?: string | undefined; right?: string | undefined; into?: string | undefined } | undefined;
}

export interface Card {
  /** how the terms of a row meet: "+" or "," */
  joiner: string;
  /** the strongest value on the colour scale; null: that of the terms */
  max: number | null;
  blocks: Block[];
  lines: { label: string; value: string }[];
  result: number | null;
  /** whether the result is not said yet */
  asks?: boolean;
  resultNote: string;
  where: string;
  /** several blocks share the room: products stand over each other's factors */
  compact?: boolean;
  /** instead of one result: several beside each other, the first row and column being headings; whether they are what the step computes */
  table?: { head: string[]; rows: string[][]; answers?: boolean };
}

export interface CurveFigure {
  kind: "curve";
  xs: number[];
  ys: number[];
  at: Pair;
}
export interface NetworkFigure {
  kind: "network";
  /** what each layer holds, the input first */
  values: number[][];
  weights: number[][][];
  /** the layer and the cell of its output that this step computes */
  layer: number;
  cell: number;
}
export interface BarsFigure {
  kind: "bars";
  labels: string[];
  /** shares of 1 */
  values: number[];
  filled: number;
  truth: number;
}
export type Figure = CurveFigure | NetworkFigure | BarsFigure;

/** The cells of other grids, by their ids, that one cell has to do with. */
export type Links = (id: string, row: number, col: number) => Record<string, Pair[]>;

/** A cell of a grid, by the grid's id. */
export interface Target {
  id: string;
  row: number;
  col: number;
}

/** A cell of an editable grid, by its place in the values that it shows. */
export interface Spot {
  model: GridModel;
  cell: HTMLElement;
  row: number;
  col: number;
}

/** Something that a frame shows: cells, terms and sums of the arithmetic, by where they stand in the frame. */
export type Part =
  | { kind: "grid"; grid: string }
  | { kind: "window"; grid: string; region: Region }
  | { kind: "cell"; grid: string; row: number; col: number }
  /** the term, or the side of it on which a factor arrives */
  | { kind: "term"; block: number; row: number; col: number; side?: "left" | "right" }
  /** all the terms of a row, and their sum */
  | { kind: "terms" | "row"; block: number; row: number }
  | { kind: "block"; block: number }
  | { kind: "line"; line: number }
  /** "choice": which of the terms is kept, marked on the window and on the card */
  | { kind: "choice" | "result" | "table" | "figure" | "sentence" };

export type Phase = "window" | "kernel" | "products" | "rows" | "sums" | "output" | "sentence";

/** One thing that moves while a step comes about: what, from where, to where and when. */
export interface Movement {
  phase: Phase;
  what: Part;
  /** null: it comes into sight where it stands; else a copy of it travels */
  from: Part | null;
  to: Part;
  /** milliseconds from the beginning of the step */
  start: number;
  duration: number;
}

export interface Frame {
  panels: Panel[];
  /** how the step comes about, in the order of time */
  motion: Movement[];
  links?: Links;
  /** drawn below the panels */
  figure?: Figure | undefined;
  /** of two settings: what each is called and its panels by their ids, where there is room for one at a time */
  sides?: { name: string; panels: string[] }[] | undefined;
  /** which panels, by their ids, share a line, where the frame and not the room decides; all on one line comes first */
  lines?: { wide: string[][]; narrow?: string[][] };
  card: Card;
  sentence: string;
}

/** One line of an update: its name, its formula in letters and in numbers. */
export interface UpdateLine {
  label: string;
  letter: string;
  formula: string;
  x: string;
  y: string;
  last: boolean;
}

export interface UpdateCard {
  title: string;
  style: number;
  note: string;
  lines: UpdateLine[];
}

export interface RaceRunner {
  name: string;
  title: string;
  /** its dash and marker */
  style: number;
  /** every place of the whole way, the start first */
  path: Pair[];
  position: Pair;
  output: Pair;
  gradient: Pair;
  trueGradient: Pair;
  loss: number;
  rate: number;
  running: boolean;
  event: string;
}

export interface RaceFrame {
  /** how many updates were made, and how many there are */
  at: number;
  total: number;
  /** whether what is still to come is drawn */
  ahead: boolean;
  landscape: {
    key: string;
    title: string;
    note: string;
    relief: number[][];
    levels: number[];
    xRange: Pair;
    yRange: Pair;
    lowest: Pair[];
    start: Pair;
  };
  runners: RaceRunner[];
  series: import("./draw/chart.js").Series[];
  /** the most lines that the arithmetic of a runner has */
  lines: number;
  card: (runner: string) => UpdateCard;
  sentence: string;
}

/** How large something is in one layer: a bar along an axis of powers of ten, and what is written beside it. */
export interface DepthSize {
  /** from 0 at the low end of the axis to 1; null where it stands on none */
  share: number | null;
  text: string;
  /** infinite or not a number */
  beyond: boolean;
}

export interface DepthRow {
  value: DepthSize;
  gradient: DepthSize;
  /** the share of its units that pass nothing back */
  idle: string;
  /** the way of the gradient back through it: numbers with what they are, and the sign before each */
  terms: { sign: string; text: string; label: string }[];
}

export interface DepthSide {
  name: string;
  /** what idle units are */
  idle: string;
  rows: DepthRow[];
}

export interface DepthFrame {
  at: number;
  total: number;
  sides: DepthSide[];
  /** what is written at both ends of each axis */
  ends: { value: [string, string]; gradient: [string, string] };
  series: import("./draw/chart.js").Series[];
  sentence: string;
}

export interface StageEvents {
  edit: (model: GridModel, row: number, col: number, value: number) => void;
  choose: (step: number) => void;
  pin: (target: Target | null) => void;
  /** say the step, once it has come about */
  say: (sentence: string) => void;
}

/** How a step comes about: whether it is the one after that which is shown, in how many milliseconds the next follows, and whether it takes its time. */
export interface Pace {
  onwards?: boolean;
  time?: number;
  slowly?: boolean;
}

/** Whatever draws the frames of an operation. */
export interface StageLike {
  /** draws a frame, and says for how many milliseconds it moves */
  show(frame: any, pace?: Pace): number;
  /** whether there is such a thing to pin */
  holds(target: Target): boolean;
  setPinned(target: Target | null): void;
}

// What an operation's page is made of

export interface Field {
  name: string;
  /** what it is called on the page */
  label: string;
  initial: unknown;
  parse(text: string): unknown;
  format(value: unknown): string;
  /** whether it has an effect beside the other settings; left out: always */
  when?: (state: State) => boolean;
}

export type State = Record<string, any>;

/** Makes a control, and adds to the updates what it shows of the settings. */
export type Build = (
  control: Control,
  store: import("./state.js").Store,
  updates: ((state: State, limits: Limits | undefined) => void)[],
  page?: Bench,
) => HTMLElement;

export interface Control {
  kind: "toggles" | "own" | "swatches" | "kernels" | "size" | "pair" | "choice" | "number" | "flag" | "whole" | "channels" | "seed" | "tools" | "custom";
  field: string;
  label: string;
  limit?: string;
  options?: { value: string | number; label: string }[];
  when?: (state: State) => boolean;
  min?: number;
  max?: number;
  step?: number;
  /** of tools: whether their button says what they fill */
  named?: boolean;
  /** how many values there are to choose among, or to set */
  count?: (state: State) => number;
  /** which of the options can be chosen */
  possible?: (state: State, limits: Limits | undefined) => unknown[];
  /** makes a control that only some pages have */
  build?: Build;
  /** for what is not a field's value as it stands: how it is read, and the fields with it changed, beside what is shown now */
  read?: (state: State) => any;
  write?: (state: State, value: any) => State;
}

export interface Inspected {
  /** `more`: what a beginner does without, behind one more click; a title may say what is set */
  cards: { title: string | ((state: State) => string); controls: Control[]; more?: boolean }[];
}

/** What is on the stage now. */
export interface Shown {
  trace: TraceLike;
  step: Step;
}

/** Something to try, and how the page notices that it is done. */
export interface Task<S = Shown> {
  name: string;
  ask: string;
  /** compares numbers of the trace, and computes none */
  met(shown: S): boolean;
  /** whether it looks at the step, and so at every one; the others look once at each trace */
  step?: boolean;
  /** what is to be seen then */
  seen: string;
  /** the fragment of a link that meets it */
  way: string;
}

export interface TraceRequest {
  operation: string;
  body: Record<string, unknown>;
  /** what this one is called where two are compared */
  name?: string;
  /** how many steps are asked for at once, where not as many as usual */
  page?: number;
}

export interface Operation<S extends State = State> extends Inspected {
  fields: Field[];
  request(state: S): TraceRequest;
  /** opens the timeline of these settings at a step, where it is not that of one operation or of two */
  open?(state: S, step: number, signal: AbortSignal): Promise<OperationTimeline>;
  /** a page that compares two: its frames get a PairTimeline, and steps with `one` and `two` */
  second?(state: S): TraceRequest | undefined;
  frame(trace: TraceLike, step: Step, state: S): { sentence: string };
  /** draws its frames, where these are not panels of grids */
  stage?(host: HTMLElement, arithmetic: HTMLElement, events: StageEvents, store: import("./state.js").Store): StageLike;
  /** what the brush paints at first, where not a 9 */
  brush?: number;
  /** whether a step has to be answered before the next one is played */
  waits?(trace: TraceLike, step: Step, state: S): boolean;
  /** the settings that change where a cell is pinned */
  pinned?(trace: TraceLike, step: Step, cell: Cell): Partial<S> | undefined;
  /** what stands beside the stage and follows the step, on a page that has something */
  beside?(page: BesidePage): Beside;
  /** the fields that hold arguments of the operation by other names */
  names?: Record<string, string>;
  /** a page that takes pictures in colour: whether the input's channels are those of one now */
  colour?(state: S): boolean;
  /** the settings in whose place others come where a change from those before is refused */
  givingWay?(state: S, before: S, refused: import("./api.js").ApiError): Partial<S> | undefined;
  /** the settings that change with another input, where more than the input does */
  withInput?(state: S, input: ArrayChoice): Partial<S>;
}

/** What something beside the stage works with. */
export interface BesidePage {
  player: import("./player.js").Player;
  /** pin a cell, or with an empty text none */
  pin(pin: string): void;
  complain(sentence: string): void;
}

/** What stands beside the stage. */
export interface Beside {
  /** `asks`: its number must not be seen yet */
  show(trace: TraceLike, step: Step, asks: boolean): void;
  /** whether a pin of the address means something here */
  holds(pin: string): boolean;
  setPinned(pin: string): void;
}

/** What the tools beside a stage work with: the page. */
export interface Bench {
  operation: Operation;
  store: import("./state.js").Store;
  stage: import("./stage.js").Stage;
  trace: OperationTimeline | null;
  known: Presets | null;
  /** shows the settings, and what is possible beside this trace; there when they are */
  inspect: ((timeline: OperationTimeline) => void) | null;
  message: import("./shell.js").Message;
  /** Draw the present step again: something else decides what is seen of it. */
  redraw(): void;
  /** Be told of every step that is shown, the present one first. */
  onShown(listener: (shown: Shown) => void): void;
  /** The present values of a field. */
  planes(field: string): number[][][];
  /** Values as a field's own. */
  typed(field: string, planes: number[][][]): TypedArray;
  /** Change settings, and say why they cannot be computed where they cannot. */
  change(patch: State, gesture?: string): Promise<import("./api.js").ApiError | undefined>;
}

export interface Presets {
  /** `group`: the kind of thing that it finds; `shows`: an input, by name, on which it finds something */
  kernels: { name: string; title: string; finds: string; group: string; shows: string; values: number[][] }[];
  inputs: { name: string; title: string; note: string; size: Pair; values?: number[][] }[];
  landscapes: { name: string; title: string; note: string; rates: Record<string, number> }[];
  /** `opens`: the one number that some of them take, by its name */
  initialisations: { name: string; title: string; sentence: string; opens: Record<string, number> }[];
  runners: { name: string; title: string }[];
  datasets: import("./training/setup.js").Dataset[];
  architectures: import("./training/setup.js").Architecture[];
  images: { name: string; title: string; credit: string; width: number; height: number; url: string; thumbnail: string; alt?: string }[];
}
