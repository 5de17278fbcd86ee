// Both ways to convolve against the f64 reference, and against each other.

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Backend, Handle } from '../../../src/backends/backend';
import { convGeometry } from '../../../src/backends/geometry';
import { columnConvolution } from '../../../src/backends/gpu/convolution/columns';
import { implicitConvolution } from '../../../src/backends/gpu/convolution/implicit';
import type { ConvolutionWay } from '../../../src/backends/gpu/convolution/kernels';
import { partsFor } from '../../../src/backends/gpu/convolution/split-product';
import type { Driver } from '../../../src/backends/gpu/driver';
import { sizeOf } from '../../../src/backends/shape';
import { Random } from '../../../src/core/random';
import { testDriver } from '../../support/gpu';
import { expectSums, type Roundings, type Sums } from '../wasm/kernels/sums';
import { referenceSums } from './reference-sums';

interface Setting {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly stride: number;
  readonly padding: number;
  readonly seed: number;
}

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

/** Every size: channels of which four straddle a pixel and those of which none do, and each width of a tile. */
const settings: fc.Arbitrary<Setting> = fc
  .record({
    batch: fc.integer({ min: 0, max: 3 }),
    height: fc.integer({ min: 1, max: 11 }),
    width: fc.integer({ min: 1, max: 11 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    channels: fc.constantFrom(1, 3, 4, 5, 8, 20),
    filters: fc.constantFrom(1, 2, 4, 10, 16, 17, 32, 36),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 3 }),
    seed: fc.nat(),
  })
  .filter(
    ({ height, width, kernel, padding }) =>
      height + 2 * padding >= kernel[0] && width + 2 * padding >= kernel[1],
  );

const usual: Setting = {
  batch: 2,
  height: 9,
  width: 9,
  kernel: [3, 3],
  channels: 8,
  filters: 8,
  stride: 1,
  padding: 1,
  seed: 7,
};

describe.skipIf(missing)(`convolutions of the gpu backend${note}`, () => {
  const implicit = driver && implicitConvolution(driver);
  const columns = driver && columnConvolution(driver);
  afterAll(() => driver.close());

  async function onDevice(operands: readonly Float32Array[], compute: (handles: Handle[]) => Handle) {
    const handles = operands.map((numbers) => driver.upload('operand', numbers));
    const result = compute(handles);
    const numbers = await driver.read('result', result);
    for (const handle of [...handles, result]) driver.free(handle);
    return numbers;
  }

  /** The three kernels of each way keep to the reference's bounds, and by that to twice them from each other. */
  async function check(
    s: Setting,
    ways: Readonly<Record<string, ConvolutionWay>>,
    { only, all, ...roundings }: Roundings & { readonly only?: string; readonly all?: number } = {},
  ) {
    const image = [s.batch, s.height, s.width, s.channels];
    const filter = [...s.kernel, s.channels, s.filters];
    const g = convGeometry('test', image, filter, s.stride, s.padding);
    const random = new Random(s.seed);
    const draw = (shape: readonly number[]) =>
      Float32Array.from({ length: sizeOf(shape) }, () => all ?? random.normal());
    const out = [g.batch, g.outHeight, g.outWidth, g.filters];
    const [x, w, dy] = [draw(image), draw(filter), draw(out)];
    const shapes = { x: image, w: filter, dy: out };
    const kernels: readonly (readonly [
      string,
      readonly Float32Array[],
      (backend: Backend, handles: readonly Handle[]) => Handle,
      (way: ConvolutionWay, handles: readonly Handle[]) => Handle,
    ])[] = [
      [
        'conv2d',
        [x, w],
        (b, [p, q]) => b.conv2d({ handle: p!, shape: shapes.x }, { handle: q!, shape: shapes.w }, g),
        (way, [p, q]) => way.conv2d({ handle: p!, shape: shapes.x }, { handle: q!, shape: shapes.w }, g),
      ],
      [
        'input gradient',
        [dy, w],
        (b, [p, q]) =>
          b.conv2dInputGradient({ handle: p!, shape: shapes.dy }, { handle: q!, shape: shapes.w }, g),
        (way, [p, q]) =>
          way.inputGradient({ handle: p!, shape: shapes.dy }, { handle: q!, shape: shapes.w }, g),
      ],
      [
        'weight gradient',
        [x, dy],
        (b, [p, q]) =>
          b.conv2dWeightGradient({ handle: p!, shape: shapes.x }, { handle: q!, shape: shapes.dy }, g),
        (way, [p, q]) =>
          way.weightGradient({ handle: p!, shape: shapes.x }, { handle: q!, shape: shapes.dy }, g),
      ],
    ];
    for (const [kernel, operands, byReference, byWay] of kernels) {
      if (only !== undefined && kernel !== only) continue;
      const sums: Sums = await referenceSums(operands, byReference);
      for (const [name, way] of Object.entries(ways)) {
        const got = await onDevice(operands, (handles) => byWay(way, handles));
        try {
          expectSums(got, sums, roundings);
        } catch (error) {
          throw new Error(`${kernel}, ${name}`, { cause: error });
        }
      }
    }
  }

  test('of any sizes, strides and paddings are right in both ways', async () => {
    await fc.assert(
      fc.asyncProperty(settings, (s) => check(s, { implicit, columns })),
      { numRuns: 30 },
    );
  });

  test.each([
    [3, 64],
    [64, 3],
    [16, 16],
    [32, 32],
    [12, 68],
    [68, 12],
    [65, 33],
  ])('of %i channels to %i fill more than one tile', async (channels, filters) => {
    await check({ ...usual, channels, filters }, { implicit });
    await check({ ...usual, channels, filters, height: 16, width: 11, stride: 2 }, { implicit, columns });
  });

  test('of kernels smaller than the stride leave pixels without a gradient', async () => {
    await check({ ...usual, kernel: [1, 1], stride: 2, padding: 0 }, { implicit, columns });
    await check({ ...usual, kernel: [1, 2], stride: 3, padding: 2 }, { implicit, columns });
  });

  test('of a batch whose columns do not fit are the same in parts', async () => {
    const image = 4 * 9 * 9 * 9 * 8;
    for (const batch of [2, 5]) {
      await check({ ...usual, batch }, { columns: columnConvolution(driver, image + 1) });
      await check({ ...usual, batch }, { columns: columnConvolution(driver, 2 * image) });
    }
  });

  test('sum a hundred thousand terms with no more roundings than a part has', async () => {
    const long = { ...usual, batch: 128, height: 32, width: 32, channels: 1, filters: 1, padding: 0 };
    // equal terms are rounded the same way, one after the other: a sum of all in one go would be off by more than this
    const options = { all: 0.3, most: 4096 + 3 * 64, only: 'weight gradient' };
    await check({ ...long, kernel: [1, 1] }, { implicit, columns }, options);
  });

  test('every buffer is free again', () => {
    expect(driver.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});

describe('parts of a weight gradient', () => {
  const cases = fc.record({
    places: fc.integer({ min: 1, max: 2 ** 22 }),
    groups: fc.integer({ min: 1, max: 2000 }),
    size: fc.integer({ min: 1, max: 2 ** 22 }),
  });

  test('have at most 4096 windows, unless their sums would take more than 64 MB', () => {
    fc.assert(
      fc.property(cases, ({ places, groups, size }) => {
        const parts = partsFor(places, groups, size);
        expect(parts).toBeGreaterThanOrEqual(1);
        if (parts > 1) expect(4 * size * parts).toBeLessThanOrEqual(64 * 2 ** 20);
        if (4 * size * (parts + 1) <= 64 * 2 ** 20) expect(places / parts).toBeLessThanOrEqual(4096);
      }),
    );
  });
});
