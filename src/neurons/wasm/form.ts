// What of a neuron is compiled: its step's expressions, and where each number comes from and goes to. Data for
// whoever calls the module; from it follow the instructions and the order of a function's arguments.

import { type Expr, leaf, Expr as Node, type Rate } from '../graph/expression';

/** One step of a neuron, lowered: no spikes, no functions that have no instruction. */
export interface StepGraph {
  readonly x: Expr;
  readonly states: readonly { readonly name: string; readonly start: number; readonly leaf: Expr }[];
  /** Learnable ones, each a leaf. */
  readonly parameters: readonly { readonly name: string; readonly leaf: Expr }[];
  readonly outputs: readonly { readonly name: string; readonly value: Expr }[];
  readonly next: readonly Expr[];
  /** Leaves: the gradient of each output, of each next state. */
  readonly gOutput: readonly Expr[];
  readonly gNext: readonly Expr[];
  readonly dx: Expr;
  readonly dState: readonly Expr[];
  readonly dParameter: readonly Expr[];
  /** What backward keeps of the sweep in which it computes forward again. */
  readonly saved: readonly Expr[];
}

/**
 * Where the input comes from: x = a·y + b, plus nothing, spikes as bits, or a second branch, itself with coefficients
 * or not.
 */
export interface InputForm {
  readonly affine: boolean;
  readonly beside: 'nothing' | 'spikes' | 'branch';
  readonly branchAffine: boolean;
}

/** A gradient of an output: none, a plane a step (or two to be added), or one vector for all pixels of an image. */
export type GradientForm = 'none' | 'planes' | 'two' | 'image';

export interface ForwardForm {
  readonly input: InputForm;
  /** By state: whether it is given, or starts where the neuron says. */
  readonly initial: readonly boolean[];
  /** By output: whether it leaves as bits, [H][C/8][W]. */
  readonly bits: readonly boolean[];
}

export interface BackwardForm {
  readonly input: InputForm;
  readonly initial: readonly boolean[];
  /** By output. */
  readonly gradients: readonly GradientForm[];
  /** By state: whether the gradient of its first value may be wanted. */
  readonly initialGradients: readonly boolean[];
  /** By state: whether there is a gradient of its last value. */
  readonly last: readonly boolean[];
  /** Whether Σ dx and Σ dx·(y - mean) are wanted by channel: what a normalisation in front needs. */
  readonly sums: boolean;
}

/** How a processor runs it. */
export interface ModuleFlavour {
  /** Fused multiply-adds. */
  readonly relaxed: boolean;
  /** A memory shared by threads. */
  readonly shared: boolean;
}

/** A block of neurons that a round of the loops takes: so many channels of so many pixels. */
export interface PartPiece {
  /** Behind `forward` or `backward` it is the function's name. */
  readonly name: string;
  readonly channels: 8 | 4 | 1;
  readonly vectors: 2 | 1;
  readonly lanes: 4 | 1;
  readonly pixels: 2 | 1;
  /** Whether a row may end with a single pixel. */
  readonly odd: boolean;
}
// two pixels of eight channels are as many vectors as leave the sixteen registers room, and none waits long for itself
const pairs: PartPiece = { name: '8', channels: 8, vectors: 2, lanes: 4, pixels: 2, odd: false };
const oddPairs: PartPiece = { ...pairs, name: '8odd', odd: true };
const four: PartPiece = { name: '4', channels: 4, vectors: 1, lanes: 4, pixels: 1, odd: true };
const single: PartPiece = { name: '1', channels: 1, vectors: 1, lanes: 1, pixels: 1, odd: true };

/** A function's work on an image: `groups` times the channels of its piece, from a channel on. */
export interface Part {
  readonly piece: PartPiece;
  readonly from: number;
  readonly groups: number;
}

/** The functions that rows of `width` pixels of so many channels take: eights, then a four, then single ones. */
export function partsOf(channels: number, width: number): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const piece of [width % 2 === 0 ? pairs : oddPairs, four, single]) {
    const groups = Math.floor((channels - from) / piece.channels);
    if (groups > 0) parts.push({ piece, from, groups });
    from += groups * piece.channels;
  }
  return parts;
}

// leaves that stand for the input's parts, beside those of the neuron
const own = (name: string, rate: Rate): Expr => leaf(name, rate);
export const input = {
  y: own('input y', 'neuron'),
  a: own('input a', 'channel'),
  b: own('input b', 'channel'),
  spikes: own('input spikes', 'neuron'),
  y2: own('input y2', 'neuron'),
  a2: own('input a2', 'channel'),
  b2: own('input b2', 'channel'),
  mean: own('input mean', 'channel'),
} as const;

/** The input as an expression of its parts, with the same operations wherever it is computed. */
export function inputOf({ affine, beside, branchAffine }: InputForm): Expr {
  const { y, a, b, spikes, y2, a2, b2 } = input;
  const first = affine ? new Node('fma', [y, a, b]) : y;
  if (beside === 'nothing') return first;
  if (beside === 'spikes') return new Node('add', [first, spikes]);
  return new Node('add', [first, branchAffine ? new Node('fma', [y2, a2, b2]) : y2]);
}
