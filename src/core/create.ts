// Making tensors: from numbers, filled, and random.

import type { Backend } from '../backends/backend';
import { roomFor } from '../backends/out-of-memory';
import { checkRank, checkShape, checkSize, formatShape, type Shape, sizeOf } from '../backends/shape';
import { check, SpikegradError } from '../errors';
import {
  checkKind,
  finite,
  flag,
  isBigInts,
  isTyped,
  kind,
  type OptionsOf,
  option,
  optional,
  optionsBelong,
  optionTable,
  shown,
} from '../options';
import { activeBackend, globalRandom } from './engine';
import { aBackend, aRandom } from './kinds';
import { checkNotWithin } from './nested';
import type { Random } from './random';
import { fromHandle, Tensor } from './tensor';

/** Numbers nested to any depth; every list at one depth must have the same length. */
export type Nested = number | readonly Nested[];

/** What every function that makes a tensor takes. */
export interface TensorOptions {
  /** Whether `backward()` should fill `.grad`. Default false. */
  requiresGrad?: boolean;
  /** Default: the one that `init` chose. */
  backend?: Backend;
}

/** What every function that draws a tensor takes. */
export interface RandomTensorOptions extends TensorOptions {
  /** The stream to draw from. Default: the global one, seeded by `init`. */
  random?: Random;
}

export const tensorOptions = optionTable({
  requiresGrad: option(flag, false),
  backend: optional(aBackend, 'the one that `init` chose'),
} satisfies OptionsOf<TensorOptions>);

export const randomTensorOptions = /* @__PURE__ */ tensorOptions.with({
  random: optional(aRandom, 'the global one, seeded by `init`'),
} satisfies OptionsOf<Pick<RandomTensorOptions, 'random'>>);

/** A number that a tensor is made with; options in its place are told where they belong. */
function checkNumber(where: string, name: string, value: unknown, call: string, kind = finite()): void {
  checkKind(where, name, { ...kind, advice: optionsBelong(call) }, value);
}

function build(
  where: string,
  data: ArrayLike<number>,
  shape: Shape,
  { backend = activeBackend(where), requiresGrad = false }: TensorOptions,
): Tensor {
  const made = fromHandle(backend, backend.upload(data), [...shape]);
  made.requiresGrad = requiresGrad;
  return made;
}

/** Flat numbers and the shape of a nested list. @throws when it is ragged, holds itself, or is no tensor's */
function flatten(nested: Nested): { data: number[]; shape: number[] } {
  const shape: number[] = [];
  const lists: Nested[] = []; // those that the one at hand lies in
  for (let level = nested; Array.isArray(level); level = level[0] as Nested) {
    checkNotWithin('tensor', lists, level);
    lists.push(level);
    shape.push(level.length);
    checkRank('tensor', shape.length, 'lists');
  }
  checkShape('tensor', shape);
  const data: number[] = [];
  const visit = (part: Nested, depth: number): void => {
    if (Array.isArray(part)) checkNotWithin('tensor', lists.slice(0, depth), part);
    if (depth === shape.length) {
      if (typeof part !== 'number')
        throw new SpikegradError(
          'tensor',
          `expected a number at depth ${depth}, got ${shown(part)}${adviceForData(part)}`,
        );
      data.push(part);
      return;
    }
    check(
      Array.isArray(part) && part.length === shape[depth],
      'tensor',
      () =>
        `lists at depth ${depth} must all have ${shape[depth]} entries, one has ${Array.isArray(part) ? part.length : typeof part}`,
    );
    lists[depth] = part;
    for (const entry of part as readonly Nested[]) visit(entry, depth + 1);
  };
  visit(nested, 0);
  return { data, shape };
}

/** For what looks like numbers and is none. */
function adviceForData(value: unknown): string {
  if (typeof value === 'bigint' || isBigInts(value))
    return '; turn it into numbers: Float64Array.from(data, Number)';
  if (value instanceof Promise) return '; await it first';
  if (value instanceof ArrayBuffer) return '; say what it holds: new Float32Array(data)';
  return value instanceof Tensor ? '; it is a tensor already, stack() joins several' : '';
}

/**
 * A tensor of the given numbers.
 * @param data a number, nested lists (their nesting is the shape), or a typed array together with `shape`
 * @param shape row-major; may be left out for nested lists, and is [length] for a typed array
 */
export function tensor(
  data: Nested | Float32Array | Float64Array | Int32Array | Uint8Array,
  shape?: Shape,
  options: TensorOptions = {},
): Tensor {
  const given = tensorOptions.read('tensor', options);
  const flat = isTyped(data) ? flatData(data as Float32Array) : flatten(data as Nested);
  const wanted = shape ?? flat.shape;
  checkShape('tensor', wanted);
  check(
    sizeOf(wanted) === flat.data.length,
    'tensor',
    () => `${flat.data.length} numbers do not fill shape ${formatShape(wanted)}`,
  );
  return build('tensor', flat.data, wanted, given);
}

const flatData = (data: Float32Array) => ({ data, shape: [data.length] });

/** A tensor of `shape` full of `value`. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  return filled('full', shape, value, options);
}

function filled(where: string, shape: Shape, value: number, options: TensorOptions): Tensor {
  checkShape(where, shape);
  const { backend = activeBackend(where), requiresGrad } = tensorOptions.read(where, options);
  checkNumber(where, 'value', value, `${where}(shape, value, { … })`, numberOrNaN);
  const made = fromHandle(backend, backend.full(sizeOf(shape), value), [...shape]);
  made.requiresGrad = requiresGrad;
  return made;
}

const numberOrNaN = kind<number>('a number', (value) => typeof value === 'number');

/** A tensor of zeros. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return filled('zeros', shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return filled('ones', shape, 1, options);
}

/** [start, start + step, …] below (for a negative step: above) `end`. */
export function arange(start: number, end: number, step = 1, options: TensorOptions = {}): Tensor {
  const given = tensorOptions.read('arange', options);
  for (const [name, value] of Object.entries({ start, end, step }))
    checkNumber('arange', name, value, 'arange(start, end, step, { … })');
  check(
    step !== 0 && Number.isFinite((end - start) / step),
    'arange',
    () => `from ${start} to ${end} by ${step} never ends`,
  );
  const count = Math.max(0, Math.ceil((end - start) / step));
  checkSize('arange', [count]);
  return build(
    'arange',
    Float64Array.from({ length: count }, (_, i) => start + i * step),
    [count],
    given,
  );
}

function drawn(where: string, shape: Shape, draw: () => number, options: TensorOptions): Tensor {
  checkShape(where, shape);
  return build(where, drawNumbers(where, sizeOf(shape), draw), shape, options);
}

/** So many draws, one after another. */
export function drawNumbers(where: string, size: number, draw: () => number): Float64Array {
  checkSize(where, [size]);
  const numbers = roomFor(where, size, () => new Float64Array(size));
  for (let i = 0; i < size; i++) numbers[i] = draw();
  return numbers;
}

/** Normal numbers with mean 0 and standard deviation 1. */
export function randn(shape: Shape, options: RandomTensorOptions = {}): Tensor {
  const { random = globalRandom(), ...given } = randomTensorOptions.read('randn', options);
  return drawn('randn', shape, () => random.normal(), given);
}

/** Uniform numbers in [low, high). */
export function uniform(shape: Shape, low = 0, high = 1, options: RandomTensorOptions = {}): Tensor {
  const { random = globalRandom(), ...given } = randomTensorOptions.read('uniform', options);
  checkNumber('uniform', 'low', low, 'uniform(shape, low, high, { … })');
  checkNumber('uniform', 'high', high, 'uniform(shape, low, high, { … })');
  check(low <= high, 'uniform', () => `low ${low} is above high ${high}`);
  return drawn('uniform', shape, () => random.uniform(low, high), given);
}

/** 1 with the given probability, else 0. */
export function bernoulli(shape: Shape, probability: number, options: RandomTensorOptions = {}): Tensor {
  const { random = globalRandom(), ...given } = randomTensorOptions.read('bernoulli', options);
  const call = 'bernoulli(shape, probability, { … })';
  checkNumber('bernoulli', 'probability', probability, call, finite({ least: 0, most: 1 }));
  return drawn('bernoulli', shape, () => (random.uniform() < probability ? 1 : 0), given);
}
