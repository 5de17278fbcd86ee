// fast-check arbitraries for what this library computes with: shapes, numbers, windows on images, neurons. They need
// fast-check, which is an optional peer dependency; nothing else of spikegrad imports it.

import fc from 'fast-check';
import { type ConvGeometry, convGeometry, type PoolGeometry, poolGeometry } from '../backends/geometry';
import { broadcastShapes, checkShape, type Shape, sizeOf } from '../backends/shape';
import { check } from '../errors';
import { finite, listOf, type OptionsOf, option, optionTable, whole } from '../options';
import type { LifOptions } from '../snn/options';
import { mpr } from '../snn/rectifier';
import { arctan, fastSigmoid, rectangular, type Surrogate, sigmoidal, triangular } from '../snn/surrogate';
import { simplest } from './laws/simplest';

/** Limits of the shapes that {@link shapes} draws. */
export interface ShapeConstraints {
  /** Default 0. */
  minRank?: number;
  /** Default 3. */
  maxRank?: number;
  /** Shortest axis; 0 allows empty tensors. Default 1. */
  minLength?: number;
  /** Default 4. */
  maxLength?: number;
}

/** Limits of the numbers that are drawn. */
export interface NumberConstraints {
  /** Default -2. */
  min?: number;
  /** Default 2. */
  max?: number;
  /** Points to stay away from: where a function has no derivative. Default none. */
  kinks?: readonly number[];
  /** By how much. Default 0.01. */
  margin?: number;
}

/** Numbers and their shape: what `tensor(data, shape)` and `gradCheck` take. */
export interface TensorData {
  readonly data: number[];
  readonly shape: number[];
}

const size = whole({ least: 0 });

export const shapeConstraints = optionTable({
  minRank: option(size, 0),
  maxRank: option(size, 3),
  minLength: option(size, 1),
  maxLength: option(size, 4),
} satisfies OptionsOf<ShapeConstraints>);

export const numberConstraints = optionTable({
  min: option(finite(), -2),
  max: option(finite(), 2),
  kinks: option(listOf(finite()), () => [], 'none'),
  margin: option(finite({ least: 0 }), 0.01),
} satisfies OptionsOf<NumberConstraints>);

const tensorConstraints = shapeConstraints.with(numberConstraints.specs);

/** @throws when a range is empty */
function checkRange(where: string, name: string, least: number, most: number): void {
  check(least <= most, where, () => `the least ${name} ${least} is above the largest ${most}`);
}

/** Draws shapes of tensors. */
export function shapes(constraints: ShapeConstraints = {}): fc.Arbitrary<number[]> {
  return drawShapes('shapes', constraints);
}

function drawShapes(where: string, constraints: ShapeConstraints): fc.Arbitrary<number[]> {
  const { minRank, maxRank, minLength, maxLength } = shapeConstraints.read(where, constraints);
  checkRange(where, 'rank', minRank, maxRank);
  checkRange(where, 'length', minLength, maxLength);
  return fc.array(fc.integer({ min: minLength, max: maxLength }), { minLength: minRank, maxLength: maxRank });
}

/** Two shapes that broadcast together, and the shape that they broadcast to. */
export function broadcastPairs(
  constraints: ShapeConstraints = {},
): fc.Arbitrary<{ a: number[]; b: number[]; out: number[] }> {
  return drawShapes('broadcastPairs', constraints).chain((full) => {
    const reduced = fc
      .tuple(
        fc.nat({ max: full.length }),
        fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }),
      )
      .map(([dropped, ones]) => full.map((length, axis) => (ones[axis] ? 1 : length)).slice(dropped));
    return fc
      .tuple(reduced, reduced)
      .map(([a, b]) => ({ a, b, out: broadcastShapes('broadcastPairs', a, b) }));
  });
}

/**
 * Finite numbers in [min, max], none within `margin` of a kink: three in four drawn evenly, the others among the
 * floats, nine in ten of which are next to nothing.
 */
export function numbers(constraints: NumberConstraints = {}): fc.Arbitrary<number> {
  return drawNumbers('numbers', constraints);
}

function drawNumbers(where: string, constraints: NumberConstraints): fc.Arbitrary<number> {
  const { min, max, kinks, margin } = numberConstraints.read(where, constraints);
  checkRange(where, 'number', min, max);
  const even = fc.integer({ min: 0, max: 2 ** 24 }).map((i) => min + (max - min) * (i / 2 ** 24));
  const floats = fc.double({ min, max, noNaN: true });
  const drawn = fc.oneof({ arbitrary: even, weight: 3 }, { arbitrary: floats, weight: 1 });
  return simplest(drawn, min, max).filter((value) => kinks.every((kink) => Math.abs(value - kink) >= margin));
}

/** As many numbers as `shape` holds. */
export function dataOf(shape: Shape, constraints: NumberConstraints = {}): fc.Arbitrary<TensorData> {
  checkShape('dataOf', shape);
  const length = sizeOf(shape);
  return fc
    .array(drawNumbers('dataOf', constraints), { minLength: length, maxLength: length })
    .map((data) => ({ data, shape: [...shape] }));
}

/** A tensor's shape and numbers. */
export function tensorData(constraints: ShapeConstraints & NumberConstraints = {}): fc.Arbitrary<TensorData> {
  const { minRank, maxRank, minLength, maxLength, ...range } = tensorConstraints.read(
    'tensorData',
    constraints,
  );
  const drawn = drawShapes('tensorData', { minRank, maxRank, minLength, maxLength });
  return drawn.chain((shape) => dataOf(shape, range));
}

/** A convolution that fits: odd and even sizes, strides, padding, kernels that are not square. */
export interface ConvSetting {
  /** [N,H,W,Cin]. */
  readonly image: number[];
  /** [kh,kw,Cin,Cout]. */
  readonly weight: number[];
  readonly stride: number;
  readonly padding: number;
  readonly geometry: ConvGeometry;
}

/** Limits of the convolutions that are drawn. */
export interface ConvConstraints {
  /** Height and width of an image at most. Default 5. */
  maxSide?: number;
  /** Default 3. */
  maxChannels?: number;
}

export const convConstraints = optionTable({
  maxSide: option(whole({ least: 1 }), 5),
  maxChannels: option(whole({ least: 1 }), 3),
} satisfies OptionsOf<ConvConstraints>);

/** Limits of the pooling windows that are drawn. */
export interface PoolConstraints {
  /** Height and width of an image at most. Default 6. */
  maxSide?: number;
  /** Default 3. */
  maxChannels?: number;
}

export const poolConstraints = optionTable({
  maxSide: option(whole({ least: 1 }), 6),
  maxChannels: option(whole({ least: 1 }), 3),
} satisfies OptionsOf<PoolConstraints>);

/** Draws images, kernels, strides and paddings that fit together. */
export function convSettings(constraints: ConvConstraints = {}): fc.Arbitrary<ConvSetting> {
  const { maxSide, maxChannels } = convConstraints.read('convSettings', constraints);
  const side = fc.integer({ min: 1, max: maxSide });
  const channels = fc.integer({ min: 1, max: maxChannels });
  return fc
    .record({
      batch: fc.integer({ min: 1, max: 2 }),
      height: side,
      width: side,
      kernelHeight: fc.integer({ min: 1, max: 3 }),
      kernelWidth: fc.integer({ min: 1, max: 3 }),
      channels,
      filters: channels,
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.integer({ min: 0, max: 2 }),
    })
    .filter((s) => s.height + 2 * s.padding >= s.kernelHeight && s.width + 2 * s.padding >= s.kernelWidth)
    .map((s) => {
      const image = [s.batch, s.height, s.width, s.channels];
      const weight = [s.kernelHeight, s.kernelWidth, s.channels, s.filters];
      const { stride, padding } = s;
      return {
        image,
        weight,
        stride,
        padding,
        geometry: convGeometry('convSettings', image, weight, stride, padding),
      };
    });
}

/** A pooling window on an image [N,H,W,C]; it may stick out at the far edge. */
export interface PoolSetting {
  readonly image: number[];
  readonly window: number;
  readonly stride: number;
  readonly geometry: PoolGeometry;
}

/** Draws images, windows and strides that fit together. */
export function poolSettings(constraints: PoolConstraints = {}): fc.Arbitrary<PoolSetting> {
  const { maxSide, maxChannels } = poolConstraints.read('poolSettings', constraints);
  const side = fc.integer({ min: 1, max: maxSide });
  return fc
    .record({
      image: fc.tuple(fc.integer({ min: 1, max: 2 }), side, side, fc.integer({ min: 1, max: maxChannels })),
      window: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
    })
    .map((s) => ({ ...s, geometry: poolGeometry('poolSettings', s.image, s.window, s.stride) }));
}

/** Every surrogate of the library, with a drawn width or steepness, half of them scaled. */
export function surrogates(): fc.Arbitrary<Surrogate> {
  const size = fc.double({ min: 0.5, max: 4, noNaN: true });
  const scale = fc.option(fc.double({ min: 0.25, max: 2, noNaN: true }), { freq: 1, nil: 1 });
  return fc.oneof(
    fc.record({ window: size, scale }).map(rectangular),
    fc.record({ width: size, scale }).map(triangular),
    fc.record({ alpha: size, scale }).map(sigmoidal),
    fc.record({ alpha: size, scale }).map(arctan),
    fc.record({ beta: size, scale }).map(fastSigmoid),
  );
}

/** Options of a neuron, every one given. MPR, where it is drawn, is centred on the threshold. */
export function neuronOptions(): fc.Arbitrary<LifOptions> {
  return fc
    .record({
      dynamics: fc.constantFrom('leak' as const, 'paper' as const),
      tau: fc.double({ min: 0.1, max: 1, noNaN: true }),
      vth: fc.double({ min: 0.3, max: 1, noNaN: true }),
      vReset: fc.double({ min: -0.5, max: 0.2, noNaN: true }),
      reset: fc.constantFrom('hard' as const, 'soft' as const),
      detachReset: fc.boolean(),
      k: fc.constantFrom(undefined, 1, 3, 5, 7),
      surrogate: surrogates(),
    })
    .map(({ k, ...options }) => ({
      ...options,
      rectifier: k === undefined ? null : mpr({ k, centre: options.vth }),
    }));
}
