// Movements of any rank are those of the reference, number by number: nothing is rounded on the way.

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Backend, Handle, Operand } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { type Shape, sizeOf } from '../../../src/backends/shape';
import { testDriver } from '../../support/gpu';

const { missing, note, driver } = await testDriver();

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 });
/** Along each axis a block's length and begin, and what is left behind it. */
const blocks = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.constantFrom(0, 0, 1)),
  { maxLength: 6 },
);

describe.skipIf(missing)(`movements on the gpu${note}`, () => {
  const gpu = backendOn(driver as Driver);
  const reference = cpuBackend('f32');
  afterAll(() => gpu.close());

  /** Operands that hold 1, 2, 3, … move alike on both backends. */
  async function expectSame(given: readonly Shape[], move: (on: Backend, x: Operand[]) => Handle) {
    const compute = async (on: Backend) => {
      let next = 1;
      const operands = given.map((shape) => ({
        handle: on.upload(Float32Array.from({ length: sizeOf(shape) }, () => next++)),
        shape,
      }));
      const result = move(on, operands);
      const numbers = await on.read(result);
      for (const handle of [result, ...operands.map((operand) => operand.handle)]) on.free(handle);
      return Array.from(numbers);
    };
    expect(await compute(gpu)).toEqual(await compute(reference));
  }

  test('axes of any number are permuted', async () => {
    const permutations = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(permutations, ({ shape, order }) =>
        expectSame([shape], (on, [x]) => on.permute(x!, order)),
      ),
      { numRuns: 60, seed: 1, examples: [[{ shape: [2, 3, 4, 5, 2, 3], order: [5, 1, 3, 0, 4, 2] }]] },
    );
  });

  test('blocks of any rank are cut out and put in', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, async (axes) => {
        const part = axes.map(([length]) => length);
        const begin = axes.map(([, at]) => at);
        const whole = axes.map(([length, at, rest]) => length + at + rest);
        await expectSame([whole], (on, [x]) => on.slice(x!, begin, part));
        await expectSame([part], (on, [x]) => on.embed(x!, begin, whole));
      }),
      { numRuns: 60, seed: 2, examples: [[[2, 3, 2, 3, 2].map((length) => [length, 1, 1] as never)]] },
    );
  });

  test('any number of parts is joined along any axis', async () => {
    const joints = fc.record({
      outer: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      inner: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      lengths: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(joints, ({ outer, inner, lengths }) =>
        expectSame(
          lengths.map((length) => [...outer, length, ...inner]),
          (on, parts) => on.concat(parts, outer.length),
        ),
      ),
      { numRuns: 30, seed: 3 },
    );
  });

  test('what is moved stays binary, a join only of binary parts', () => {
    const spikes = { handle: gpu.full(6, 1), shape: [2, 3] };
    const half = { handle: gpu.full(1, 0.5), shape: [] };
    const marked = { handle: gpu.binary('greater', spikes, half, [2, 3]), shape: [2, 3] };
    const moved = [
      gpu.permute(marked, [1, 0]),
      gpu.slice(marked, [0, 1], [2, 2]),
      gpu.embed(marked, [1, 1], [4, 5]),
      gpu.concat([marked, marked], 1),
      gpu.concat([marked, spikes], 1),
    ];
    expect(moved.map(({ binary }) => binary)).toEqual([true, true, true, true, false]);
    for (const handle of [...moved, spikes.handle, half.handle, marked.handle]) gpu.free(handle);
  });

  test('every buffer is free again', () => {
    expect(driver!.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});
