// Making tensors: from numbers, filled, and random.

import type { Backend } from '../backends/backend';
import { roomFor } from '../backends/out-of-memory';
import { checkShape, formatShape, type Shape, sizeOf } from '../backends/shape';
import { check, SpikegradError } from '../errors';
import { activeBackend, globalRandom } from './engine';
import type { Random } from './random';
import { fromHandle, type Tensor } from './tensor';

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

function build(where: string, data: ArrayLike<number>, shape: Shape, options: TensorOptions): Tensor {
  const backend = options.backend ?? activeBackend(where);
  const made = fromHandle(backend, backend.upload(data), [...shape]);
  made.requiresGrad = options.requiresGrad ?? false;
  return made;
}

/** Flat numbers and the shape of a nested list. @throws when it is ragged */
function flatten(nested: Nested): { data: number[]; shape: number[] } {
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = level[0] as Nested) shape.push(level.length);
  const data: number[] = [];
  const visit = (part: Nested, depth: number): void => {
    if (depth === shape.length) {
      if (typeof part !== 'number')
        throw new SpikegradError('tensor', `expected a number at depth ${depth}, got ${String(part)}`);
      data.push(part);
      return;
    }
    check(
      Array.isArray(part) && part.length === shape[depth],
      'tensor',
      () =>
        `lists at depth ${depth} must all have ${shape[depth]} entries, one has ${Array.isArray(part) ? part.length : typeof part}`,
    );
    for (const entry of part as readonly Nested[]) visit(entry, depth + 1);
  };
  visit(nested, 0);
  return { data, shape };
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
  const flat = ArrayBuffer.isView(data) ? { data, shape: [data.length] } : flatten(data);
  const wanted = shape ?? flat.shape;
  checkShape('tensor', wanted);
  check(
    sizeOf(wanted) === flat.data.length,
    'tensor',
    () => `${flat.data.length} numbers do not fill shape ${formatShape(wanted)}`,
  );
  return build('tensor', flat.data, wanted, options);
}

/** A tensor of `shape` full of `value`. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  checkShape('full', shape);
  const backend = options.backend ?? activeBackend('full');
  const made = fromHandle(backend, backend.full(sizeOf(shape), value), [...shape]);
  made.requiresGrad = options.requiresGrad ?? false;
  return made;
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 1, options);
}

/** [start, start + step, …] below (for a negative step: above) `end`. */
export function arange(start: number, end: number, step = 1, options: TensorOptions = {}): Tensor {
  check(
    step !== 0 && Number.isFinite((end - start) / step),
    'arange',
    () => `from ${start} to ${end} by ${step} never ends`,
  );
  const count = Math.max(0, Math.ceil((end - start) / step));
  return build(
    'arange',
    Float64Array.from({ length: count }, (_, i) => start + i * step),
    [count],
    options,
  );
}

function drawn(where: string, shape: Shape, draw: () => number, options: TensorOptions): Tensor {
  checkShape(where, shape);
  return build(where, drawNumbers(where, sizeOf(shape), draw), shape, options);
}

/** So many draws, one after another. */
export function drawNumbers(where: string, size: number, draw: () => number): Float64Array {
  const numbers = roomFor(where, size, () => new Float64Array(size));
  for (let i = 0; i < size; i++) numbers[i] = draw();
  return numbers;
}

/** Normal numbers with mean 0 and standard deviation 1. */
export function randn(shape: Shape, options: RandomTensorOptions = {}): Tensor {
  const random = options.random ?? globalRandom();
  return drawn('randn', shape, () => random.normal(), options);
}

/** Uniform numbers in [low, high). */
export function uniform(shape: Shape, low = 0, high = 1, options: RandomTensorOptions = {}): Tensor {
  const random = options.random ?? globalRandom();
  return drawn('uniform', shape, () => random.uniform(low, high), options);
}

/** 1 with the given probability, else 0. */
export function bernoulli(shape: Shape, probability: number, options: RandomTensorOptions = {}): Tensor {
  check(
    probability >= 0 && probability <= 1,
    'bernoulli',
    () => `probability ${probability} is not in [0, 1]`,
  );
  const random = options.random ?? globalRandom();
  return drawn('bernoulli', shape, () => (random.uniform() < probability ? 1 : 0), options);
}
