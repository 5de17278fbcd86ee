// im2col, its adjoint and pooling against the f64 reference.

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../../src/backends/cpu';
import { convGeometry, poolGeometry } from '../../../src/backends/geometry';
import type { Driver } from '../../../src/backends/gpu/driver';
import { avgPool2d, avgPool2dGradient } from '../../../src/backends/gpu/pool';
import { col2im, im2col } from '../../../src/backends/gpu/windows';
import { Random } from '../../../src/core/random';
import { testDriver } from '../../support/gpu';
import { expectSums } from '../wasm/kernels/sums';
import { referenceSums } from './reference-sums';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

const images = fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  height: fc.integer({ min: 1, max: 13 }),
  width: fc.integer({ min: 1, max: 13 }),
  channels: fc.constantFrom(1, 3, 4, 7, 16),
  seed: fc.nat(),
});

/** Window, stride, padding; every combination that a small image allows. */
const windows = fc.record({
  image: images,
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  stride: fc.integer({ min: 1, max: 4 }),
  padding: fc.integer({ min: 0, max: 4 }),
});

const draw = (seed: number, size: number) => {
  const random = new Random(seed);
  return Float32Array.from({ length: size }, () => random.normal());
};

describe.skipIf(missing)(`windows on images on the gpu${note}`, () => {
  afterAll(() => driver.close());

  test('im2col moves every number to where the reference has it, and nothing elsewhere', async () => {
    const reference = cpuBackend('f64');
    await fc.assert(
      fc.asyncProperty(windows, async ({ image, kernel, stride, padding }) => {
        const { batch, height, width, channels, seed } = image;
        fc.pre(height + 2 * padding >= kernel[0] && width + 2 * padding >= kernel[1]);
        const shape = [batch, height, width, channels];
        const g = convGeometry('test', shape, [...kernel, channels, 1], stride, padding);
        const numbers = draw(seed, batch * height * width * channels);
        const expected = await reference.read(
          reference.im2col({ handle: reference.upload(numbers), shape }, g),
        );
        const x = driver.upload('x', numbers);
        const columns = im2col(driver, { handle: x, shape }, g);
        expect(await driver.read('columns', columns)).toEqual(Float32Array.from(expected));
        for (const handle of [x, columns]) driver.free(handle);
      }),
      { numRuns: 60 },
    );
  });

  test('col2im adds every number of the columns to the pixel that it came from', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async ({ image, kernel, stride, padding }) => {
        const { batch, height, width, channels, seed } = image;
        fc.pre(height + 2 * padding >= kernel[0] && width + 2 * padding >= kernel[1]);
        const g = convGeometry(
          'test',
          [batch, height, width, channels],
          [...kernel, channels, 1],
          stride,
          padding,
        );
        const shape = [batch * g.outHeight * g.outWidth, kernel[0] * kernel[1] * channels];
        const numbers = draw(seed, shape[0]! * shape[1]!);
        const sums = await referenceSums([numbers], (b, [x]) => b.col2im({ handle: x!, shape }, g));
        const columns = driver.upload('columns', numbers);
        const x = col2im(driver, { handle: columns, shape }, g);
        expectSums(await driver.read('x', x), sums);
        for (const handle of [x, columns]) driver.free(handle);
      }),
      { numRuns: 60 },
    );
  });

  test('pooling averages the pixels that exist, and shares its gradient out among them', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async ({ image, kernel: [window], stride }) => {
        const { batch, height, width, channels, seed } = image;
        const shape = [batch, height, width, channels];
        const g = poolGeometry('test', shape, window, stride);
        const out = [batch, g.outHeight, g.outWidth, channels];
        const [x, dy] = [
          draw(seed, batch * height * width * channels),
          draw(seed + 1, batch * g.outHeight * g.outWidth * channels),
        ];
        const averages = await referenceSums([x], (b, [p]) => b.avgPool2d({ handle: p!, shape }, g));
        const shares = await referenceSums([dy], (b, [p]) =>
          b.avgPool2dGradient({ handle: p!, shape: out }, g),
        );
        const [p, q] = [driver.upload('x', x), driver.upload('dy', dy)];
        const y = avgPool2d(driver, { handle: p, shape }, g);
        const dx = avgPool2dGradient(driver, { handle: q, shape: out }, g);
        // the terms of the counts are the shares themselves, so roundings are counted by the window instead; a quotient
        // may be off by 2.5 units in the last place (WGSL), which is five roundings
        expectSums(await driver.read('y', y), counted(averages, window * window), { more: 5 });
        expectSums(await driver.read('dx', dx), counted(shares, Math.ceil(window / stride) ** 2), {
          more: 5,
        });
        for (const handle of [p, q, y, dx]) driver.free(handle);
      }),
      { numRuns: 60 },
    );
  });

  test('columns of spikes are spikes', () => {
    const x = driver.upload('x', Float32Array.of(1, 0, 1, 1));
    x.binary = true;
    const columns = im2col(
      driver,
      { handle: x, shape: [1, 2, 2, 1] },
      convGeometry('test', [1, 2, 2, 1], [2, 2, 1, 1], 1, 1),
    );
    expect(columns.binary).toBe(true);
    for (const handle of [x, columns]) driver.free(handle);
  });

  test('every buffer is free again', () => {
    expect(driver.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});

/** Sums of at most `terms` terms each, where there is anything to sum. */
function counted(sums: Awaited<ReturnType<typeof referenceSums>>, terms: number) {
  for (let i = 0; i < sums.length; i++) sums.terms[i] = sums.terms[i] === 0 ? 0 : terms;
  return sums;
}
