// The shapes that travel between the modules. Types only: nothing here runs.

export type Pair = [number, number];

// What the API answers with: as it describes itself, which is as the engine does (build/api.d.ts)

type Schemas = import("../../build/api").components["schemas"];
type Calls = import("../../build/api").paths;

/** What a call answers where all goes well. */
export type Answered<Path extends keyof Calls, Method extends "get" | "post"> = Calls[Path][Method] extends { responses: { 200: { content: { "application/json": infer Body } } } } ? Body : never;

/** An array; null stands for "no value". */
export type Tensor = Schemas["TensorAnswer"];
export type AxisGeometry = Schemas["AxisGeometry"];
export type Geometry = Schemas["GeometryAnswer"];
export type AxisLimits = Schemas["AxisRanges"];
/** Which indices along one axis have to do with a cell: looked up by its indices along the axes `by`. */
export type Rule = Schemas["RuleAnswer"];
/** A number in a description and the cell that it came from. */
export type NumberAnswer = Schemas["NumberSpan"];
/** For each control, the values that can be computed while the others stay. */
export type Limits = Record<string, AxisLimits | (string | boolean)[]>;
// How a trace says that it is shown
export type RegionShown = Schemas["RegionShown"];
export type PanelShown = Schemas["PanelShown"];
export type TermsShown = Schemas["TermsShown"];
export type CardShown = Schemas["CardShown"];
/** One layer in one pass of a network: `count` steps from `start` on. */
export type Entry = Schemas["EntryAnswer"];
/** The answer to the request of a network's timeline. */
export type NetworkAnswer = Schemas["NetworkAnswer"];
/** The answer to the request of a trace: a page of its steps, each column an array whose first axis is the step, and all that is not of one step. */
export type TraceAnswer = Omit<Schemas["Conv2dAnswer"], "params" | "steps"> & { params: Record<string, unknown>; steps: { start: number; total: number; [column: string]: unknown } };

/** One row of every column of a trace. */
export interface Step {
  index: number;
  window?: unknown;
  products?: unknown;
  row_sums?: number[][];
  channel_sums?: number[];
  selected?: Pair;
  divisor?: number;
  bias?: number;
  output: number | null;
  description: string;
  /** which numbers of its description are which cells */
  messages?: Schemas["MessageAnswer"];
  [column: string]: unknown;
}

/** What a frame reads of a trace. */
export interface TraceLike extends Pick<TraceAnswer, "op" | "params" | "tensors">, Open<Pick<TraceAnswer, "group" | "geometry" | "limits" | "counts" | "largest" | "comparison" | "panels" | "correlation" | "card" | "links">> {
  total: number;
  /** one of its steps, where it is here */
  at?(index: number): Step | undefined;
}

/** What may be left out, or be undefined. */
type Open<T> = { [Key in keyof T]?: T[Key] | undefined };

/** A cell of a tensor. */
export interface Cell {
  tensor: string;
  index: number[];
}

/** The loss over one number of a network; the point in the middle is the number as it is. null: not a finite number. */
export type CheckAnswer = Schemas["CheckAnswer"];

/** Of a network, a tensor and the gradient by it; `of` is its name, where it has paths to the loss. */
export type Numbers = Schemas["NumbersAnswer"];
/** What belongs to one layer, and the entries of the timeline that are about it. */
export type Group = Schemas["GroupAnswer"];
/** One path to the loss: an index in each of the tensors on the way, and the local derivatives in the same order. */
export type ChainPath = Schemas["PathAnswer"];
/** The paths of one number to the loss. */
export type ChainRule = Schemas["PathsAnswer"];

/** A named place on the scale of a timeline. */
export interface Mark {
  index: number;
  label: string;
  /** what it belongs to, where several do */
  group?: string;
}

/** One step of each of two traces that are stepped as one. */
export interface PairStep extends Step {
  one: Step;
  two: Step;
}

/** A runner of a race as the engine describes it. */
export interface Described {
  name: string;
  title: string;
  /** among all that there are: by it a runner keeps its dashes and its marker whoever else runs */
  number: number;
  learning_rate: number;
  constants: Record<string, number>;
  lines: { name: string; formula: string[] }[];
}

/** What names a vector or a number of an optimizer has. */
export type RaceWords = Record<string, { word: string; letter: string }>;

/** The trace of a race of optimizers. */
export interface RaceTrace extends TraceLike {
  params: {
    runners: Described[];
    words: RaceWords;
    landscape: string;
    title: string;
    note: string;
    start: Pair;
    x_range: Pair;
    y_range: Pair;
    lowest: Pair[];
    noise: number;
  };
  tensors: {
    /** places and losses at the start and after every update, of all runners */
    path: { shape: number[]; values: [number, number, number | null][][] };
    relief: { shape: number[]; values: number[][] };
    level_relief: { shape: number[]; values: number[] };
  };
}

/** One update of all the runners: of each what it had and what it got. */
export interface RaceStep extends Step {
  position: Pair[];
  gradient: Pair[];
  true_gradient: Pair[];
  noise: Pair;
  new_loss: number[];
  learning_rate: number[];
  running: boolean[];
  event: string[];
  digits: number[][][];
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
  /** every value that it shows at one step or another, where it is a part of a tensor at a time */
  all?: (number | null | undefined)[];
  /** what its cells are called, where they are more than places */
  names?: string[] | undefined;
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
  /** the colour of its positive values, where they are how much of a colour there is */
  hue?: "red" | "green" | "blue" | undefined;
  /** rows and columns at the end that no window reaches */
  unread?: { rows: number; cols: number };
  /** cells that hold no value of the input, cell by cell */
  gaps?: boolean[];
  /** from which channel each value is, where that is told by a colour */
  channels?: number[];
  /** from a value to its copies */
  arrows?: { from: Pair; to: Pair }[] | undefined;
  /** what cells say of themselves, by their number row by row */
  notes?: Map<number, Cause>;
  /** windows that hold the marked cell, where there are several; whether it won each, where one does */
  windows?: { region: Region; won?: boolean | undefined }[];
  /** a vector: wraps where a line ends */
  wrap: boolean;
  /** the cell in the middle of what is seen of a large grid, where that is not its whole window */
  about?: Pair;
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
  /** how many rows and columns of a large grid are enough, where not the whole window is to be seen */
  part?: number;
  grids: GridModel[];
  /** the ids of grids that it has at other steps */
  others?: string[];
}

/** What a number says of itself: a short mark, and what it means */
export interface Cause {
  mark: string;
  text: string;
}

export interface Term {
  left: number | null;
  right: number | null;
  value: number | null;
  padding: boolean;
  chosen: boolean;
  /** why it is 0, where that is said */
  cause?: Cause;
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
  /** what the two factors of a term are called */
  factors?: string[];
  /** what the marks beside its numbers mean */
  causes?: Cause[];
  /** the strongest value on the colour scale; null: that of the terms */
  max: number | null;
  blocks: Block[];
  /** of steps with more terms and fewer: what the one with the most has, with the longest numbers and the longest marks */
  fullest?: Partial<Pick<Card, "blocks" | "causes" | "lines" | "result" | "resultNote">>;
  lines: { label: string; value: string }[];
  result: number | null;
  /** whether the result is not said yet */
  asks?: boolean;
  resultNote: string;
  where: string;
  /** products stand over their factors: several blocks share the room, or the factors are long */
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
  /** the curve of −ln with the loss on it, once that is known */
  loss?: CurveFigure | undefined;
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

/** A part of what a frame shows, by the ids of its panels, where there is room for one of several at a time. */
export interface FramePart {
  name: string;
  panels: string[];
  /** signs before panels that are others than where all are shown, by the ids of the panels */
  signs?: Record<string, string>;
  /** of these panels, by their ids, the one grid that is shown, and what it is called */
  grids?: Record<string, { index: number; title: string; note?: string }>;
  /** what is said where this part alone is shown, if not all that the frame says, and which of its numbers know their cells */
  alone?: Pick<Frame, "sentence" | "numbers">;
}

export interface Frame {
  panels: Panel[];
  /** how the step comes about, in the order of time */
  motion: Movement[];
  links?: Links;
  /** drawn below the panels */
  figure?: Figure | undefined;
  /** of two settings: what each is called, and its panels */
  sides?: FramePart[] | undefined;
  /** whether each has settings of its own, which are called by where it stands */
  bySide?: boolean;
  /** what is seen of both settings beside each other, where there is no room for all of it */
  topics?: FramePart[] | undefined;
  /** of several channels: what each is called, and its grids, for a page that has room for one at a time */
  channels?: FramePart[] | undefined;
  /** which panels, by their ids, share a line, where the frame and not the room decides; all on one line comes first */
  lines?: { wide: string[][]; narrow?: string[][] };
  /** whether maps that its step is not about may give way, since they are seen beside the stage, as on a wall they always may; or only the air around numbers */
  narrows?: "always" | "close";
  card: Card;
  sentence: string;
  /** those of its sentence that know their cells, in the order of the text */
  numbers?: SentenceNumber[];
}

/** A number in a sentence: where it begins, how long it is, and the cell on the stage that it is. */
export interface SentenceNumber {
  start: number;
  length: number;
  at: Target;
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
  /** how many lines its arithmetic has while it runs */
  lines: number;
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
  card: (runner: string) => UpdateCard;
  sentence: string;
}

/** One row of some columns. */
type Row<Columns> = { [Name in keyof Columns]: Columns[Name] extends (infer One)[] ? One : Columns[Name] };

/** One update of a deep network: of each layer how large its values and gradients are, and what they go through. */
export type DepthStep = Step & Row<Schemas["DepthAnswer"]["steps"]>;

/** The trace of a deep network that learns. */
export interface DepthTrace extends TraceLike {
  params: { activation: string; title: string; initialisation: string | Record<string, unknown> };
  tensors: {
    /** before each update, and after the last one */
    loss: { shape: number[]; values: (number | null)[] };
    value_range: { shape: number[]; values: Pair };
    gradient_range: { shape: number[]; values: Pair };
  };
}

/** Two of them on one clock. */
export interface DepthPair extends TraceLike {
  one: DepthTrace;
  two: DepthTrace;
}

/** One step of each. */
export interface DepthPairStep extends Step {
  one: DepthStep;
  two: DepthStep;
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
  /** a cell is pointed at, or none */
  pointed?: (target: Target | null) => void;
  /** say the step, once it has come about */
  say: (sentence: string, numbers?: SentenceNumber[]) => void;
}

/** How a step comes about: whether it is the one after that which is shown, in how many milliseconds the next follows, and whether it takes its time. */
export interface Pace {
  onwards?: boolean;
  time?: number;
  slowly?: boolean;
}

/** What an operation's stage draws: panels of grids, or something of its own. */
export interface Drawn {
  sentence: string;
}

/** What makes a picture of a frame, at a time of its step in milliseconds. */
export interface Pictures {
  drawAt(frame: Drawn, time: number, look: import("./picture/sheet.js").Look): import("./picture/shapes.js").Shape;
}

/** Whatever draws the frames of an operation. */
export interface StageLike {
  /** draws a frame, and says for how many milliseconds it moves */
  show(frame: Drawn, pace?: Pace): number;
  /** whether there is such a thing to pin */
  holds(target: Target): boolean;
  setPinned(target: Target | null): void;
}

// What an operation's page is made of

export interface Field<Name extends string = string, Value = unknown> {
  name: Name;
  /** what it is called on the page */
  label: string;
  initial: Value;
  parse(text: string): Value;
  format(value: Value): string;
  /** whether it has an effect beside the other settings; left out: always */
  when?(state: State): boolean;
  /** of a choice: what each value is called */
  options?: Record<string, string>;
  /** of a whole number: how far it goes */
  low?: number;
  high?: number;
}

/** Settings by the names of their fields, of any page. */
export type State = Record<string, unknown>;

/** The settings of one page, as its fields declare them. */
export type Settings<Fields extends Field[]> = { [One in Fields[number] as One["name"]]: One["initial"] };

/** Hears of the settings, and of what is possible beside them, whenever either is new. */
export type Updates = ((state: State, limits: Limits | undefined) => void)[];

/** Makes a control, and adds to the updates what it shows of the settings. */
export type Build = (
  control: Control,
  store: import("./state.js").Store,
  updates: Updates,
  page?: Bench,
) => HTMLElement;

interface Made<S> {
  kind: "toggles" | "own" | "swatches" | "kernels" | "size" | "pair" | "choice" | "number" | "flag" | "whole" | "channels" | "seed" | "tools" | "custom";
  label: string;
  limit?: string;
  /** what can be chosen, by its name, or by what it is called in a state; where not what its field says */
  options?: ({ value: string | number } & ({ label: string } | { called(state: S): string }))[];
  when?(state: S): boolean;
  /** how far it goes, where not as far as its field */
  min?: number;
  max?: number;
  step?: number;
  /** of tools: whether their button says what they fill */
  named?: boolean;
  /** how many values there are to choose among, or to set */
  count?(state: S): number;
  /** which of the options can be chosen */
  possible?(state: S, limits: Limits | undefined): readonly unknown[];
  /** makes a control that only some pages have */
  build?: Build;
  /** what it is set to, as paper says it, where that is not the field's value */
  valueText?(state: S): string;
  /** for what is not a field's value as it stands: how it is read, and the fields with it changed, beside what is shown now */
  read?(state: S): string | number;
  write?(state: S, value: string | number): Partial<S>;
}

/** Sets a field, or something that several of them say together, by a name of its own. */
export type Control<S = State> =
  | (Made<S> & { field: keyof S & string })
  | (Made<S> & Required<Pick<Made<S>, "read" | "write">> & { field: string });

/** What one card of a page sets; `more`: what a beginner does without, behind one more click. A title may say what is set. */
export interface Cards<S = State> {
  title: string | { of(state: S): string }["of"];
  controls: Control<S>[];
  more?: boolean;
}

export interface Inspected<S = State> {
  cards: Cards<S>[];
}

/** What is on the stage now. */
export interface Shown<T = TraceLike, P = Step> {
  trace: T;
  step: P;
  /** what is drawn of it */
  frame: Drawn;
}

/** Something to try, and how the page notices that it is done. */
export interface Task<S = Shown> {
  name: string;
  ask: string;
  /** compares numbers of the trace, and computes none */
  met(shown: S): boolean;
  /** whether it looks at the step, and so at every one; the others look once at each trace */
  step?: boolean;
  /** what is to be seen then, in whichever way it was met */
  seen: string;
  /** what is still missing, in one line, where somebody is close to it */
  lacks?(shown: S): string;
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

export interface Operation<S = State> extends Inspected<S> {
  fields: Field[];
  request(state: S): TraceRequest;
  /** opens the timeline of these settings at a step, where it is not that of one operation or of two */
  open?(state: S, step: number, signal: AbortSignal): Promise<OperationTimeline>;
  /** a page that compares two: the other one */
  second?(state: S): TraceRequest | undefined;
  frame(trace: TraceLike, step: Step, state: S): Drawn;
  /** a page that compares two: what it draws of a step of both */
  compare?(pair: import("./timeline.js").PairTimeline, step: PairStep, state: S): Drawn;
  /** draws its frames, where these are not panels of grids */
  stage?(host: HTMLElement, arithmetic: HTMLElement, events: StageEvents, store: import("./state.js").Store): StageLike;
  /** what the brush paints at first, where not a 9 */
  brush?: number;
  /** whether a step has to be answered before the next one is played */
  waits?(trace: TraceLike, step: Step, state: S): boolean;
  /** the settings that change where a cell is pinned */
  pinned?(trace: TraceLike, step: Step, cell: Cell): Partial<S> | undefined;
  /** what stands beside the stage and follows the step, on a page that has something */
  beside?(page: BesidePage): import("./network-overview.js").NetworkOverview;
  /** the fields that hold arguments of the operation by other names */
  names?: Record<string, string>;
  /** a page that takes pictures in colour: whether the input's channels are those of one now */
  colour?(state: S): boolean;
  /** the settings in whose place others come where a change from those before is refused */
  givingWay?(state: S, before: S, refused: import("./api.js").ApiError): Partial<S> | undefined;
  /** the settings that change with another input, where more than the input does */
  withInput?(state: S, input: ArrayChoice): Partial<S>;
}

/** An operation before what is said of its gradients; one whose frames are just those of its traces does not say so. */
export type Forward<S = State> = Omit<Operation<S>, "frame"> & Partial<Pick<Operation<S>, "frame">>;

/** What something beside the stage works with. */
export interface BesidePage {
  player: import("./player.js").Player;
  /** pin a cell, or none */
  pin(pin: Target | null): void;
  complain(sentence: string): void;
}

/** What a page says of its gradients. */
export interface Backward<S = State, Name extends string = keyof S & string> {
  /** the operation whose gradients these are, and the arguments that they need; nothing where there are none */
  request(state: S & { of?: string }): TraceRequest | undefined;
  /** what there are gradients of, and what it is called; left out: the input alone */
  wrt?: Record<string, string>;
  /** whether there is but one, by the input alone, of what is chosen */
  single?(state: S): boolean;
  /** what is said where there are none, though two settings are not compared */
  otherwise?: string;
  /** whether the output is a line of numbers */
  line?: boolean;
  /** where the page compares two settings, what the "first" and the "second" are called: of which of them the gradients are is chosen then, as `of` */
  compared?(state: S, which: string): string;
  /** whether the way back begins here, with a loss, whose gradients are an operation that takes nothing from above */
  ends?: boolean;
  /** whether the gradients are correlations as well */
  correlates?(state: S & { wrt?: string }): boolean;
  /** the fields that no gradient depends on: their controls are not shown */
  idle?: Name[];
  /** the fields that hold arguments by other names, where not those of the page */
  names?: Record<string, string>;
}

/** What the tools beside a stage work with: the page. */
export interface Bench {
  operation: Operation;
  store: import("./state.js").Store;
  /** the stage, where it is made of grids */
  grids: import("./stage.js").Stage | null;
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

/** Everything that has a name. */
export type Presets = Schemas["PresetsAnswer"];
