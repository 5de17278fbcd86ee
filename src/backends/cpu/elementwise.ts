// Elementwise kernels of the reference backend. The four that every network leans on have loops of their own; the rest
// go through a table of scalar functions.

import { exp, log, pow, tanh } from '../../mathematics';
import type { BinaryOp, ElementwiseKernels, FloatArray, UnaryOp } from '../backend';
import { givesBinary } from '../comparisons';
import { broadcastStrides, sizeOf } from '../shape';
import { forEachRun, planWalk } from '../strided';
import { type Allocate, type CpuBuffer, dataOf } from './buffer';

type Unary = (x: number, p: number, q: number) => number;
type Binary = (a: number, b: number) => number;

const unaryFunctions: Record<UnaryOp, Unary> = {
  negate: (x) => -x,
  exp,
  log,
  sqrt: Math.sqrt,
  tanh,
  // from exp(-|x|), so that neither tail overflows
  sigmoid: (x) => (x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))),
  relu: (x) => (x > 0 || Number.isNaN(x) ? x : 0), // NaN passes: it must not be hidden
  abs: Math.abs,
  sign: Math.sign,
  power: (x, p) => pow(x, p),
  clamp: (x, low, high) => (x < low ? low : x > high ? high : x),
};

const binaryFunctions: Record<BinaryOp, Binary> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: pow,
  maximum: Math.max,
  minimum: Math.min,
  equal: (a, b) => (a === b ? 1 : 0),
  notEqual: (a, b) => (a !== b ? 1 : 0),
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  greater: (a, b) => (a > b ? 1 : 0),
  greaterEqual: (a, b) => (a >= b ? 1 : 0),
};

/** Numbers of an operand along a run, `step` apart. */
interface Along {
  readonly data: FloatArray;
  readonly step: number;
}

/** Computes the run that begins at `position` of the result and at i and j of the operands. */
type BinaryRun = (position: number, i: number, j: number) => void;

/** out[position + n] = op(a[i + n·step of a], b[j + n·step of b]) for n below `length`. */
function binaryRun(
  op: BinaryOp,
  { data: out }: CpuBuffer,
  length: number,
  { data: a, step: sa }: Along,
  { data: b, step: sb }: Along,
): BinaryRun {
  switch (op) {
    case 'add':
      return (position, i, j) => {
        const end = position + length;
        for (let o = position; o < end; o++, i += sa, j += sb) out[o] = a[i]! + b[j]!;
      };
    case 'subtract':
      return (position, i, j) => {
        const end = position + length;
        for (let o = position; o < end; o++, i += sa, j += sb) out[o] = a[i]! - b[j]!;
      };
    case 'multiply':
      return (position, i, j) => {
        const end = position + length;
        for (let o = position; o < end; o++, i += sa, j += sb) out[o] = a[i]! * b[j]!;
      };
    case 'divide':
      return (position, i, j) => {
        const end = position + length;
        for (let o = position; o < end; o++, i += sa, j += sb) out[o] = a[i]! / b[j]!;
      };
    default: {
      const f = binaryFunctions[op];
      return (position, i, j) => {
        const end = position + length;
        for (let o = position; o < end; o++, i += sa, j += sb) out[o] = f(a[i]!, b[j]!);
      };
    }
  }
}

export function elementwiseKernels(allocate: Allocate): ElementwiseKernels {
  return {
    unary(op, x, parameters) {
      const f = unaryFunctions[op];
      const [p = 0, q = 0] = parameters;
      const source = dataOf(x.handle);
      const result = allocate(source.length);
      const out = result.data;
      for (let i = 0; i < source.length; i++) out[i] = f(source[i]!, p, q);
      return result;
    },

    binary(op, a, b, shape) {
      const walk = planWalk(shape, [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)]);
      const inner = walk.lengths.length - 1;
      const [first, second] = [a, b].map(({ handle }, operand) => ({
        data: dataOf(handle),
        step: walk.strides[operand]![inner]!,
      })) as [Along, Along];
      const result = allocate(sizeOf(shape), givesBinary(op, a, b));
      const run = binaryRun(op, result, walk.lengths[inner]!, first, second);
      forEachRun(walk, (position, [i, j]) => run(position, i!, j!));
      return result;
    },

    where(condition, a, b, shape) {
      const operands = [condition, a, b];
      const walk = planWalk(
        shape,
        operands.map((operand) => broadcastStrides(operand.shape, shape)),
      );
      const inner = walk.lengths.length - 1;
      const length = walk.lengths[inner]!;
      const [sc, sa, sb] = walk.strides.map((list) => list[inner]!) as [number, number, number];
      const [test, first, second] = operands.map((operand) => dataOf(operand.handle)) as [
        FloatArray,
        FloatArray,
        FloatArray,
      ];
      const result = allocate(sizeOf(shape));
      const out = result.data;
      forEachRun(walk, (position, offsets) => {
        const [c, i, j] = offsets as [number, number, number];
        for (let n = 0; n < length; n++) {
          out[position + n] = test[c + n * sc] !== 0 ? first[i + n * sa]! : second[j + n * sb]!;
        }
      });
      return result;
    },
  };
}
