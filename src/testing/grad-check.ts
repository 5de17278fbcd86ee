// Gradients against central differences, in f64 on a reference backend of its own: whatever backend is active, and
// whatever precision the inputs have, the check is the same. It says nothing about how well an f32 backend rounds;
// conformance.ts does that.
//
//   L(x) = Σ c·fn(x) with a random c,   dL/dx_i ≈ (L(x + eps·e_i) - L(x - eps·e_i)) / (2·eps)

import { cpuBackend } from '../backends/cpu';
import { aShape, formatShape, type Shape, sizeOf, stridesOf } from '../backends/shape';
import { tensor } from '../core/create';
import { withBackend } from '../core/engine';
import { Random } from '../core/random';
import { scope } from '../core/scope';
import { isRecording, noGrad } from '../core/tape';
import { Tensor } from '../core/tensor';
import { check, SpikegradError } from '../errors';
import {
  anObject,
  callback,
  checkKind,
  finite,
  isTyped,
  kind,
  numberList,
  type OptionsOf,
  option,
  optionTable,
  shown,
  whole,
} from '../options';

/** A tensor that can be read at once, or numbers and their shape. */
export type GradCheckInput = Tensor | { readonly data: ArrayLike<number>; readonly shape: Shape };

/** Step and tolerances of {@link gradCheck}. */
export interface GradCheckOptions {
  /** Step of the differences. Default 1e-6. */
  eps?: number;
  /** Absolute tolerance. Default 1e-5. */
  atol?: number;
  /** Tolerance relative to the numeric derivative. Default 1e-3. */
  rtol?: number;
  /** Seed of the weights c of the outputs. Default 0. */
  seed?: number;
}

const small = finite({ above: 0 });

export const gradCheckOptions = optionTable({
  eps: option(small, 1e-6),
  atol: option(finite({ least: 0 }), 1e-5),
  rtol: option(finite({ least: 0 }), 1e-3),
  seed: option(whole(), 0),
} satisfies OptionsOf<GradCheckOptions>);

const anInput = kind<GradCheckInput>(
  'a Tensor, or { data, shape }',
  (value) =>
    value instanceof Tensor ||
    (anObject.holds(value) && numberList.holds(value.data) && aShape.holds(value.shape)),
  (value) => (Array.isArray(value) || isTyped(value) ? 'say its shape: { data, shape }' : undefined),
);

function checkArguments(where: string, fn: unknown, inputs: readonly GradCheckInput[]): void {
  checkKind(where, 'fn', callback('a function from tensors to a tensor'), fn);
  if (!Array.isArray(inputs))
    throw new SpikegradError(where, `inputs must be a list, got ${shown(inputs)}; one input is [input]`);
  inputs.forEach((input, i) => {
    checkKind(where, `input ${i}`, anInput, input);
  });
}

/** The element whose two derivatives differ most, measured by what it was allowed. */
export interface GradCheckWorst {
  /** Which input, from 0. */
  readonly input: number;
  /** Where in it. */
  readonly index: readonly number[];
  readonly analytic: number;
  readonly numeric: number;
  /** |analytic - numeric|. */
  readonly error: number;
}

/** What {@link gradCheck} found. */
export interface GradCheckResult {
  readonly ok: boolean;
  /** Undefined when the inputs have no elements. */
  readonly worst: GradCheckWorst | undefined;
  readonly message: string;
}

/**
 * Compares the gradients of `fn` with central differences and says where they differ most.
 * @param fn made of tensor operators, the same function at every call; its output may have any shape. Inputs should lie
 *   away from kinks by more than `eps`
 * @throws when it runs inside noGrad, or when `fn` throws
 */
export function compareGradients(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly GradCheckInput[],
  options: GradCheckOptions = {},
): GradCheckResult {
  return compare('compareGradients', fn, inputs, options);
}

function compare(
  where: string,
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly GradCheckInput[],
  options: GradCheckOptions,
): GradCheckResult {
  checkArguments(where, fn, inputs);
  const { eps, atol, rtol, seed } = gradCheckOptions.read(where, options);
  check(isRecording(), where, 'runs inside noGrad, where nothing has a gradient');
  const points = inputs.map((input) => ({
    data: Float64Array.from(input instanceof Tensor ? input.dataSync() : input.data),
    shape: input.shape,
  }));
  return withBackend(cpuBackend('f64'), () => {
    const { analytic, cotangent } = analyticGradients(fn, points, new Random(seed));
    const objective = () =>
      noGrad(() =>
        scope(() => {
          const output = fn(...points.map(({ data, shape }) => tensor(data, shape))).dataSync();
          return cotangent.reduce((sum, weight, i) => sum + weight * output[i]!, 0);
        }),
      );
    let worst: GradCheckWorst | undefined;
    let worstRatio = -1;
    points.forEach(({ data, shape }, input) => {
      for (let i = 0; i < data.length; i++) {
        const numeric = centralDifference(objective, data, i, eps);
        const exact = analytic[input]![i]!;
        const error = Math.abs(exact - numeric);
        const ratio = Number.isNaN(error)
          ? Number.POSITIVE_INFINITY
          : error / (atol + rtol * Math.abs(numeric));
        if (ratio > worstRatio) {
          worstRatio = ratio;
          worst = { input, index: indexOf(i, shape), analytic: exact, numeric, error };
        }
      }
    });
    return { ok: worstRatio <= 1, worst, message: describe(worst) };
  });
}

/**
 * Throws unless the gradients of `fn` agree with central differences.
 * @returns the largest error, as {@link compareGradients} measures it
 * @throws SpikegradError that names the worst element
 */
export function gradCheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly GradCheckInput[],
  options: GradCheckOptions = {},
): number {
  const { ok, worst, message } = compare('gradCheck', fn, inputs, options);
  if (!ok) throw new SpikegradError('gradCheck', message);
  return worst?.error ?? 0;
}

interface Leaf {
  readonly data: Float64Array;
  readonly shape: Shape;
}

/** Gradients by backward from a random cotangent; an input that got none has zeros. */
function analyticGradients(fn: (...inputs: Tensor[]) => Tensor, points: readonly Leaf[], random: Random) {
  return scope(() => {
    const leaves = points.map(({ data, shape }) => tensor(data, shape, { requiresGrad: true }));
    const output = fn(...leaves);
    check(output instanceof Tensor, 'gradCheck', 'fn must return a tensor');
    const cotangent = Float64Array.from({ length: output.size }, () => random.uniform(0.5, 1.5));
    if (output.requiresGrad) output.backward(tensor(cotangent, output.shape));
    const analytic = leaves.map((leaf) => leaf.grad?.dataSync() ?? new Float64Array(sizeOf(leaf.shape)));
    for (const leaf of leaves) leaf.grad?.dispose();
    return { analytic, cotangent };
  });
}

function centralDifference(objective: () => number, data: Float64Array, i: number, eps: number): number {
  const middle = data[i]!;
  try {
    data[i] = middle + eps;
    const above = objective();
    data[i] = middle - eps;
    return (above - objective()) / (2 * eps);
  } finally {
    data[i] = middle;
  }
}

function indexOf(flat: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(flat / stride) % shape[axis]!);
}

function describe(worst: GradCheckWorst | undefined): string {
  if (worst === undefined) return 'the inputs have no elements';
  const { input, index, analytic, numeric, error } = worst;
  return `input ${input} at ${formatShape(index)}: backward gives ${analytic}, central differences ${numeric} (they differ by ${error.toExponential(2)})`;
}
