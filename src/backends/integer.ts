// The contract of inference in integers: a network as plain data, and what runs it. Every number is an integer whose
// range was proved before (src/integer makes plans and has loops to read); whoever runs a plan gives the same bits.
//
// Values are [channels,height,width] at each time step; a vector has 1x1 pixels. Of three kinds:
//
//   bits      spikes, 0 or 1
//   numbers   counts of spikes, or an image in steps of 1/scale: 16 bits, one scale for all
//   currents  sums of weights, 32 bits, in units of their channel

export type ValueKind = 'bits' | 'numbers' | 'currents';

/** [C,H,W]. */
export type PlaneShape = readonly [channels: number, height: number, width: number];

interface PlanStepBase {
  readonly name: string;
  readonly from: readonly string[];
  readonly shape: PlaneShape;
  readonly kind: ValueKind;
  /** Equal at every time step, and computed once: what comes of an image before the first neuron. */
  readonly still: boolean;
}

/** The windows of a convolution or pool, [along height, along width]. */
export interface PlanWindows {
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

export interface ConvStep extends PlanStepBase, PlanWindows {
  readonly op: 'conv';
  /** [filters][channels/groups][kh][kw]. */
  readonly weight: Int16Array;
  /** By filter. */
  readonly bias: Int32Array;
  readonly groups: number;
}

/** Σ times·x + bias: of bits and numbers in units of a channel, of currents as they are. */
export interface SumStep extends PlanStepBase {
  readonly op: 'sum';
  /** By term and channel; undefined: 1. */
  readonly times: readonly (Int32Array | undefined)[];
  readonly bias: Int32Array | undefined;
}

/** What lies in each window added up, where an average would divide. */
export interface CountStep extends PlanStepBase, PlanWindows {
  readonly op: 'count';
}

/** The largest in each window. */
export interface MaxStep extends PlanStepBase, PlanWindows {
  readonly op: 'max';
}

/** a·b, or a·(1 - b), of bits. */
export interface GateStep extends PlanStepBase {
  readonly op: 'and' | 'iand';
}

/**
 * H = x + offset + leak(V), fires where H > limit, V = fired ? (soft ? H - drop : drop) : H. leak(V) is V where keep
 * is 2^15, else (V·keep + 2^14) >> 15: keep·V rounded to the nearest, halves up.
 */
export interface NeuronStep extends PlanStepBase {
  readonly op: 'neuron';
  readonly keep: number;
  readonly offset: Int32Array;
  /** Undefined: it does not fire, and H comes out. */
  readonly limit: Int32Array | undefined;
  readonly drop: Int32Array;
  readonly soft: boolean;
  /** H and V fit 16 bits. */
  readonly narrow: boolean;
}

export type PlanStep = ConvStep | SumStep | CountStep | MaxStep | GateStep | NeuronStep;

/** What goes in: spikes, or real numbers that are rounded to steps of 1/scale. */
export interface PlanInput {
  readonly name: string;
  readonly shape: PlaneShape;
  readonly kind: 'bits' | 'numbers';
  readonly scale: number;
  /** The largest magnitude of a rounded number; what is beyond is refused. */
  readonly most: number;
  readonly still: boolean;
}

/** What comes out: integers, and what one of them is worth in each channel. */
export interface PlanOutput {
  readonly name: string;
  readonly unit: Float64Array;
  /** Summed over time steps. */
  readonly overTime: boolean;
}

export interface IntegerPlan {
  readonly inputs: readonly PlanInput[];
  /** Each behind those that it takes its values from. */
  readonly steps: readonly PlanStep[];
  readonly outputs: readonly PlanOutput[];
}

/** Real numbers [T,N,H,W,C] (still ones [N,H,W,C]), T and N known from the call. */
export type PlanValues = readonly Float32Array[];

/** How a step goes and what it takes, for reports. */
export interface StepWay {
  readonly way: string;
  /** Of weights in the form in which they are used. */
  readonly bytes: number;
}

/** A plan, ready to run. */
export interface IntegerRunner {
  /**
   * @param images N
   * @param timesteps T
   * @param rates is told of each neuron which share of its values were spikes
   * @returns of each output integers [T,N,C,H,W], or [N,C,H,W] where they are summed or still
   * @throws where a number lies beyond what its input takes
   */
  run(
    values: PlanValues,
    images: number,
    timesteps: number,
    rates?: (name: string, rate: number) => void,
  ): Int32Array[];
  /** By step, of what it last ran with. */
  ways(): ReadonlyMap<string, StepWay>;
  dispose(): void;
}

/** A backend that has something faster than plain loops. */
export interface ComputesIntegers {
  /** Makes what runs a plan on it. */
  integers(plan: IntegerPlan): Promise<IntegerRunner>;
}

/** What a neuron's current is made of, where no more than this stands before it. */
export interface RowCurrent {
  /** Convolutions of bits, which nothing else takes. */
  readonly convs: readonly string[];
  /** Bits that are added, which a block's shortcut has, with their places among the sum's terms. */
  readonly bits: readonly { readonly name: string; readonly term: number }[];
  /** The sum, where there is one. */
  readonly sum: string | undefined;
}

/** What a step is told by, be it a plan's or the draft of one. */
export interface StepView {
  readonly op: string;
  readonly kind: ValueKind;
  readonly from: readonly string[];
}

/**
 * Whether a neuron can be computed with its current row by row, in 16 bits: it is a convolution of bits, or a sum of
 * such and at most one of bits.
 * @param of a step; undefined for an input
 * @param takers how many take a step's values
 */
export function currentOf(
  neuron: StepView,
  of: (name: string) => StepView | undefined,
  kindOf: (name: string) => ValueKind,
  takers: (name: string) => number,
): RowCurrent | undefined {
  const isOwnConv = (name: string) => {
    const step = of(name);
    return step?.op === 'conv' && kindOf(step.from[0]!) === 'bits' && takers(name) === 1;
  };
  const name = neuron.from[0]!;
  if (isOwnConv(name)) return { convs: [name], bits: [], sum: undefined };
  const sum = of(name);
  if (sum?.op !== 'sum' || takers(name) !== 1) return undefined;
  const terms = sum.from.map((from, term) => ({ name: from, term }));
  const bits = terms.filter((term) => kindOf(term.name) === 'bits');
  const convs = terms.filter((term) => kindOf(term.name) !== 'bits').map((term) => term.name);
  if (bits.length > 1 || convs.length === 0 || !convs.every(isOwnConv)) return undefined;
  return { convs, bits, sum: name };
}
