// tdBN on the gpu, by sums in WGSL and by their twins in gpu.js, against f64 loops over the same f32 numbers. Each
// tolerance is what rounding can do at most: u = 2^-24 for every operation, relative to the sizes of what it works on.

import { afterAll, describe, expect, test } from 'vitest';
import type { NormSpec, Operand } from '../../../src/backends/backend';
import type { Driver } from '../../../src/backends/gpu/driver';
import { type NormSums, normKernels, sharedSums } from '../../../src/backends/gpu/norm';
import { plainSums } from '../../../src/backends/gpu/norm/twin';
import { Random } from '../../../src/core/random';
import { testDriver } from '../../support/gpu';
import { expectSums, Sums } from '../wasm/kernels/sums';

const u = 2 ** -24;
const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

const spec: NormSpec = { scale: 0.7, epsilon: 1e-5, momentum: 0.1 };

/**
 * Ways to sum, with how often one number is rounded at most: within a thread, in the trees, in the chunks of the twin
 * (64 at each level); and how often what a block found is joined with another.
 */
const ways: readonly { name: string; sums: NormSums; roundings: number; joints: number }[] = [
  { name: 'in WGSL', sums: sharedSums, roundings: 70, joints: 30 },
  { name: 'by gpu.js', sums: plainSums, roundings: 260, joints: 0 },
];

function closeTo(what: string, got: number, expected: number, allowed: number): void {
  if (!(Math.abs(got - expected) <= allowed))
    expect.fail(`${what}: ${got} instead of ${expected} ± ${allowed}`);
}

/** Statistics of each channel in f64, and the sizes that rounding is relative to. */
function moments(x: Float32Array, channels: number) {
  const rows = x.length / channels;
  return Array.from({ length: channels }, (_, c) => {
    let [sum, squares, largest, farthest] = [0, 0, 0, 0];
    for (let i = c; i < x.length; i += channels) sum += x[i]!;
    const mean = sum / rows;
    for (let i = c; i < x.length; i += channels) {
      squares += (x[i]! - mean) ** 2;
      largest = Math.max(largest, Math.abs(x[i]!));
      farthest = Math.max(farthest, Math.abs(x[i]! - mean));
    }
    return { mean, squares, largest, farthest };
  });
}

const samples = [
  { rows: 5, channels: 3, mean: 0 },
  { rows: 700, channels: 1, mean: 3 },
  { rows: 3001, channels: 16, mean: -2 },
  { rows: 90, channels: 70, mean: 1 },
  { rows: 60_000, channels: 2, mean: 100 },
];

describe.skipIf(missing)(`tdBN on the gpu${note}`, () => {
  afterAll(() => driver.close());

  describe.each(ways)('$name', ({ sums, roundings, joints }) => {
    const kernels = missing ? undefined : normKernels(driver, sums);

    test.each(samples)('$rows rows of $channels channels around $mean', async ({ rows, channels, mean }) => {
      const { normTrain, normGradient } = kernels!;
      const random = new Random(rows, channels);
      const draw = (size: number, centre = 0) =>
        Float32Array.from({ length: size }, () => random.normal(centre, 1));
      const [x, g] = [draw(rows * channels, mean), draw(rows * channels)];
      const [weight, bias, before] = [draw(channels, 1), draw(channels), draw(channels, 2)];
      const place = (data: Float32Array): Operand => ({
        handle: driver.upload('test', data),
        shape: data.length === channels ? [channels] : [rows, channels],
      });
      const [px, pg, pw, pb] = [place(x), place(g), place(weight), place(bias)];
      const [runningMean, runningVariance] = [place(before).handle, place(before).handle];
      const { y, statistics } = normTrain(px, pw, pb, runningMean, runningVariance, spec);
      const back = normGradient(pg, px, pw, statistics, spec);
      const read = (handle: Operand['handle']) => driver.read('test', handle);
      const [ys, means, inverses] = [
        await read(y),
        await read(statistics.mean),
        await read(statistics.inverseDeviation),
      ];
      const [movedMean, movedVariance] = [await read(runningMean), await read(runningVariance)];
      const [dx, dWeight, dBias] = [await read(back.x), await read(back.weight), await read(back.bias)];
      const all = [px, pg, pw, pb].map(({ handle }) => handle);
      for (const handle of [...all, runningMean, runningVariance]) driver.free(handle);
      for (const handle of [y, ...Object.values(statistics), ...Object.values(back)]) driver.free(handle);

      const { scale, epsilon, momentum } = spec;
      const expectedBias = new Sums(channels);
      const expectedWeight = new Sums(channels);
      for (let i = 0; i < x.length; i++) {
        const c = i % channels;
        expectedBias.add(c, g[i]!);
        expectedWeight.add(c, scale * g[i]! * (x[i]! - means[c]!) * inverses[c]!);
      }
      expectSums(dBias, expectedBias, { most: roundings });
      expectSums(dWeight, expectedWeight, { most: roundings, more: 8 });

      moments(x, channels).forEach(({ mean: m, squares, largest, farthest }, c) => {
        // WGSL sums distances from a value nearby; the twin sums the values
        const meanError =
          u * (joints > 0 ? joints * largest + 2 * roundings * farthest : roundings * largest);
        closeTo('mean', means[c]!, m, meanError);
        // a joint adds δ²·n₁n₂/n with δ off by twice the mean's error; n₁n₂/n is at most half of what is joined
        const share = Math.max(1, Math.sqrt(joints / 2));
        const variance = squares / rows;
        const varianceError =
          2 * roundings * u * variance +
          2 * 2 * meanError * Math.sqrt(variance) * share +
          (2 * meanError * share) ** 2;
        const inverse = 1 / Math.sqrt(variance + epsilon);
        const slack = varianceError / (variance + epsilon) + 16 * u;
        closeTo('inverse deviation', inverses[c]!, inverse, inverse * slack);
        closeTo(
          'running mean',
          movedMean[c]!,
          (1 - momentum) * before[c]! + momentum * m,
          momentum * meanError + 4 * u * (Math.abs(before[c]!) + Math.abs(momentum * m)),
        );
        const unbiased = squares / (rows - 1);
        closeTo(
          'running variance',
          movedVariance[c]!,
          (1 - momentum) * before[c]! + momentum * unbiased,
          (momentum * varianceError * rows) / (rows - 1) +
            4 * u * (Math.abs(before[c]!) + momentum * unbiased),
        );
      });

      for (let i = 0; i < x.length; i++) {
        const c = i % channels;
        const gain = weight[c]! * inverses[c]!;
        const distance = x[i]! - means[c]!;
        const normal = distance * inverses[c]!;
        const value = gain * scale * distance;
        closeTo('y', ys[i]!, value + bias[c]!, 8 * u * (Math.abs(value) + Math.abs(bias[c]!)));
        const terms = [scale * g[i]!, (-scale * dBias[c]!) / rows, (-normal * dWeight[c]!) / rows];
        const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
        const sum = terms.reduce((total, term) => total + term, 0);
        closeTo('dx', dx[i]!, gain * sum, 16 * u * Math.abs(gain) * size);
      }
    });
  });

  test.each(ways)(
    'a mean of thousands takes no digit of the variance: $name',
    async ({ sums, roundings }) => {
      // eighths around 4096, 128 of them: sums and means are exact in f32, squares of the numbers themselves would
      // not be
      const [rows, channels] = [128, 64];
      const x = Float32Array.from(
        { length: rows * channels },
        (_, i) => 4096 + ((i * 7919 + Math.floor(i / channels)) % 23) / 8,
      );
      const place = (data: Float32Array) => ({ handle: driver.upload('test', data), shape: [data.length] });
      const zeros = () => place(new Float32Array(channels));
      const operands = [place(x), zeros(), zeros(), zeros(), zeros()] as const;
      const [px, weight, bias, mean, variance] = operands;
      const { y, statistics } = normKernels(driver, sums).normTrain(
        px,
        weight,
        bias,
        mean.handle,
        variance.handle,
        { ...spec, momentum: 1 },
      );
      const got = await driver.read('test', variance.handle);
      moments(x, channels).forEach(({ squares }, c) => {
        const expected = squares / (rows - 1);
        closeTo(`channel ${c}`, got[c]!, expected, roundings * u * expected);
      });
      for (const handle of [y, ...Object.values(statistics), ...operands.map((one) => one.handle)]) {
        driver.free(handle);
      }
    },
  );

  test('a value far from all others costs no other channel, and few digits of its own', async () => {
    const [rows, channels] = [2048, 2];
    const x = Float32Array.from({ length: rows * channels }, (_, i) =>
      i === 0 ? 1e5 : ((i * 7919) % 13) / 13,
    );
    const place = (data: ArrayLike<number>) => ({
      handle: driver.upload('test', data),
      shape: [data.length],
    });
    const operands = [place(x), place([1, 1]), place([0, 0]), place([0, 0]), place([0, 0])] as const;
    const [px, weight, bias, mean, variance] = operands;
    const { y, statistics } = normKernels(driver).normTrain(
      px,
      weight,
      bias,
      mean.handle,
      variance.handle,
      spec,
    );
    const got = await driver.read('test', variance.handle);
    moments(x, channels).forEach(({ squares }, c) => {
      const expected = (spec.momentum * squares) / (rows - 1);
      closeTo(`channel ${c}`, got[c]!, expected, 200 * u * expected);
    });
    for (const handle of [y, ...Object.values(statistics), ...operands.map((one) => one.handle)]) {
      driver.free(handle);
    }
  });

  test('every buffer is free again', () => {
    expect(driver.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});
