// The contract between the differentiable operators and whatever computes them. About thirty coarse kernels on flat,
// row-major buffers; a kernel makes a new buffer and never changes its operands, save for the three that say so.
// Nothing here knows of gradients' bookkeeping: a backward kernel is a function like any other.

import type { NeuronModel, NumberFunction, UpdateRule } from '../neurons';
import type { ConvGeometry, PoolGeometry } from './geometry';
import type { Shape } from './shape';
import type { GroupedGeometry, WindowGrid } from './windows';

/** How real numbers are held; f64 only on `cpu`. */
export type Precision = 'f32' | 'f64';
/** Numbers as a backend holds them: f32 or f64. */
export type FloatArray<Buffer extends ArrayBufferLike = ArrayBufferLike> =
  | Float32Array<Buffer>
  | Float64Array<Buffer>;

/** A backend's own store of numbers. Only the backend that made it looks inside; it may use any layout it likes. */
export interface Handle {
  /** Number of elements. */
  readonly size: number;
  /** Bytes it occupies now. */
  readonly bytes: number;
  /** What it is still to be computed from, and therefore holds, where a backend puts that off. */
  readonly sources?: readonly Handle[];
  /** True when every element is known to be 0 or 1 (a spike tensor), so that event-driven kernels may be chosen. */
  readonly binary: boolean;
}

/** What a kernel reads: a handle and the shape in which its numbers are meant. A Tensor is one. */
export interface Operand {
  readonly handle: Handle;
  readonly shape: Shape;
}

/** Elementwise functions of one variable. `clamp` takes [low, high]; `power` the exponent; the others nothing. */
export type UnaryOp =
  | 'negate'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'abs'
  | 'sign'
  | 'power'
  | 'clamp';

/** Elementwise functions of two variables; comparisons give 0 or 1. */
export type BinaryOp =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'power'
  | 'maximum'
  | 'minimum'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'greater'
  | 'greaterEqual';

/**
 * A differentiable function of one variable, given by value and derivative: a rectifier, or a surrogate's primitive.
 * Backends compile its formula where it bears one (`customRectifier`, `customSurrogate` of texts, and all of the
 * library do); one of JavaScript alone runs on plain loops, and on no GPU. `name` is for messages and decides nothing.
 */
export interface ScalarFunction extends NumberFunction {
  /** The numbers that its formula holds, by name. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** tdBN's constants: y = weight·scale·(x - mean)/√(variance + epsilon) + bias, with scale = alpha·vth. */
export interface NormSpec {
  readonly scale: number;
  readonly epsilon: number;
  /** Weight of the new batch in the running statistics. */
  readonly momentum: number;
}

/** Batch statistics per channel, kept for the backward pass. */
export interface NormStatistics {
  readonly mean: Handle;
  /** 1/√(biased variance + epsilon). */
  readonly inverseDeviation: Handle;
}

export interface MatmulOptions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** What an optimiser's rule works on. */
export interface UpdateOperands {
  readonly parameter: Operand;
  readonly gradient: Operand;
  /** What the rule remembers, each of the parameter's size, in the rule's order. */
  readonly states: readonly Operand[];
  /** The numbers of this step, in the rule's order. */
  readonly constants: readonly number[];
}

/** Allocating, reading, freeing. */
export interface MemoryKernels {
  /** A buffer with these numbers. */
  upload(data: ArrayLike<number>): Handle;
  /** A buffer of `size` times `value`. */
  full(size: number, value: number): Handle;
  /** A private copy of the numbers. */
  read(handle: Handle): Promise<FloatArray<ArrayBuffer>>;
  /** The same at once, where the backend can (`synchronous`). */
  readSync(handle: Handle): FloatArray<ArrayBuffer>;
  /** Changes `handle` in place. */
  overwrite(handle: Handle, data: ArrayLike<number>): void;
  free(handle: Handle): void;
}

/** One element at a time, with NumPy's broadcasting. */
export interface ElementwiseKernels {
  unary(op: UnaryOp, x: Operand, parameters: readonly number[]): Handle;
  binary(op: BinaryOp, a: Operand, b: Operand, out: Shape): Handle;
  /** condition ≠ 0 ? a : b, all of shape `out` after broadcasting. */
  where(condition: Operand, a: Operand, b: Operand, out: Shape): Handle;
}

/** Many numbers to one. */
export interface ReductionKernels {
  /** Sum or maximum over `axes` (sorted); the result drops them. The maximum of nothing is -Infinity. */
  reduce(op: 'sum' | 'max', x: Operand, axes: readonly number[]): Handle;
}

/** The same numbers at other places. */
export interface MovementKernels {
  broadcast(x: Operand, out: Shape): Handle;
  /** Axis i of the result is axis order[i] of x. */
  permute(x: Operand, order: readonly number[]): Handle;
  /** The block of shape `out` that begins at `begin`. */
  slice(x: Operand, begin: readonly number[], out: Shape): Handle;
  /** Zeros of shape `out` with x placed at `begin`: the adjoint of slice. */
  embed(x: Operand, begin: readonly number[], out: Shape): Handle;
  concat(parts: readonly Operand[], axis: number): Handle;
  /** The entries of `axis` at `index`, in that order; -1 in it gives zeros. */
  gather(x: Operand, index: Int32Array, axis: number): Handle;
}

/** Matrix products. */
export interface ProductKernels {
  /**
   * [...,m,k] times [...,k,n], leading axes broadcast to those of `out`; the flags transpose the last two axes first.
   */
  matmul(a: Operand, b: Operand, options: MatmulOptions, out: Shape): Handle;
}

/** The pixels under windows on images as the rows of a matrix. */
export interface WindowKernels {
  /** [N,H,W,C] to rows [N·OH·OW, kh·kw·C] of the pixels under each window, zeros outside. `filters` is not used. */
  im2col(x: Operand, geometry: ConvGeometry): Handle;
  /** The adjoint: rows are summed back to where they came from. */
  col2im(columns: Operand, geometry: ConvGeometry): Handle;
}

/** Convolutions of images [N,H,W,C] with weights [kh,kw,C,F]. */
export interface ConvolutionKernels {
  /** y = x * w. `x` may be binary: events instead of numbers. */
  conv2d(x: Operand, weight: Operand, geometry: ConvGeometry): Handle;
  conv2dInputGradient(gradient: Operand, weight: Operand, geometry: ConvGeometry): Handle;
  conv2dWeightGradient(x: Operand, gradient: Operand, geometry: ConvGeometry): Handle;
}

/** The same with groups, dilation, or a grid of its own along each axis; weights are [kh,kw,C/groups,F]. */
export interface GroupedConvolutionKernels {
  groupedConv2d(x: Operand, weight: Operand, geometry: GroupedGeometry): Handle;
  groupedConv2dInputGradient(gradient: Operand, weight: Operand, geometry: GroupedGeometry): Handle;
  groupedConv2dWeightGradient(x: Operand, gradient: Operand, geometry: GroupedGeometry): Handle;
}

/** The largest number under each window, which has at least one pixel. */
export interface MaxPoolKernels {
  /** Of equal numbers the first, row by row; NaN counts as the largest. Spikes stay spikes. */
  maxPool2d(x: Operand, geometry: WindowGrid): Handle;
  /** Each window's gradient goes to the pixel that was taken; of several NaN to the last. */
  maxPool2dGradient(gradient: Operand, x: Operand, geometry: WindowGrid): Handle;
}

/** Average pooling in ceil mode. */
export interface PoolKernels {
  avgPool2d(x: Operand, geometry: PoolGeometry): Handle;
  avgPool2dGradient(gradient: Operand, geometry: PoolGeometry): Handle;
}

/** Threshold-dependent batch normalisation; the channel is the last axis of x. */
export interface NormKernels {
  /** Normalises with the batch's statistics and moves `runningMean` and `runningVariance` towards them, in place. */
  normTrain(
    x: Operand,
    weight: Operand,
    bias: Operand,
    runningMean: Handle,
    runningVariance: Handle,
    spec: NormSpec,
  ): { readonly y: Handle; readonly statistics: NormStatistics };
  /** Normalises with given statistics. */
  normEvaluate(
    x: Operand,
    weight: Operand,
    bias: Operand,
    mean: Operand,
    variance: Operand,
    spec: NormSpec,
  ): Handle;
  normGradient(
    gradient: Operand,
    x: Operand,
    weight: Operand,
    statistics: NormStatistics,
    spec: NormSpec,
  ): { readonly x: Handle; readonly weight: Handle; readonly bias: Handle };
}

/**
 * A neuron of equations at work: x [T,...] with the channel last, its learnable parameters ([] or [channels]) in order.
 */
export interface ScanOperands {
  readonly x: Operand;
  readonly parameters: readonly Operand[];
  /** Of each state, without the time axis; undefined: where the state starts. */
  readonly initial: readonly (Operand | undefined)[];
}

/** Gradients that come back to a neuron of equations; undefined is zero. */
export interface ScanGradients {
  /** Of each output, [T,...]. */
  readonly outputs: readonly (Operand | undefined)[];
  /** Of each last state, without the time axis. */
  readonly last: readonly (Operand | undefined)[];
}

/** What is given by its formulas: functions of one variable, and neurons over all T steps. */
export interface ScanKernels {
  /** f or f' of every element. */
  map(f: NumberFunction, which: 'value' | 'derivative', x: Operand): Handle;
  /** Each output [T,...], and each state after the last step. */
  scan(
    model: NeuronModel,
    operands: ScanOperands,
  ): { readonly outputs: readonly Handle[]; readonly last: readonly Handle[] };
  /** The same run backward through time; the forward values are computed again. */
  scanGradient(
    model: NeuronModel,
    operands: ScanOperands,
    gradients: ScanGradients,
  ): {
    readonly x: Handle;
    /** Of each state that was given. */
    readonly initial: readonly (Handle | undefined)[];
    readonly parameters: readonly Handle[];
  };
}

/** Softmax and cross-entropy. */
export interface LossKernels {
  /** Along the last axis. */
  logSoftmax(x: Operand): Handle;
  logSoftmaxGradient(gradient: Operand, y: Operand): Handle;
  /** Mean over the rows of -log softmax(logits)[label]; labels are already known to be in range. */
  crossEntropy(
    logits: Operand,
    labels: Int32Array,
  ): { readonly loss: Handle; readonly probabilities: Handle };
  /** scale·(probabilities - onehot(labels))/N, where `scale` is a scalar operand. */
  crossEntropyGradient(scale: Operand, probabilities: Operand, labels: Int32Array): Handle;
}

/** The update of parameters. */
export interface UpdateKernels {
  /** One step of an optimiser's equations. Changes `parameter` and `states` in place. */
  update(rule: UpdateRule, operands: UpdateOperands): void;
}

/** Everything a backend has to do. `testing/conformance` holds it to the f64 reference. */
export interface Backend
  extends MemoryKernels,
    ElementwiseKernels,
    ReductionKernels,
    MovementKernels,
    ProductKernels,
    WindowKernels,
    ConvolutionKernels,
    GroupedConvolutionKernels,
    PoolKernels,
    MaxPoolKernels,
    NormKernels,
    ScanKernels,
    LossKernels,
    UpdateKernels {
  readonly name: string;
  readonly precision: Precision;
  /** Whether `readSync` works. */
  readonly synchronous: boolean;
}
