// Drawn programs of operators on the wasm backend and on the f64 reference. Operators here compute lazily, join each
// other's chains and lend each other memory; so whatever order they come in, with changes in place and frees in
// between, the numbers must be those of the plain loops. All numbers are small dyadic fractions: exact in f32, so
// equality is too.

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Backend, Handle, Operand } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { convGeometry, poolGeometry } from '../../../src/backends/geometry';
import { sizeOf } from '../../../src/backends/shape';
import { wasmBackend } from '../../../src/backends/wasm';
import { Random } from '../../../src/core/random';
import { customRectifier, rectangular } from '../../../src/snn';
import { fire, fireBack, plainNeuron } from '../../../src/testing/cases/neuron';

const neuron = { ...plainNeuron, tau: 0.5, surrogate: rectangular({ window: 2 }) };
const bend = customRectifier({ name: 'bend', value: 'x < 0 ? x/2 : x + 0.25' });
const norm = { scale: 1, epsilon: 0, momentum: 0.5 };

/** One step: what to do, to which of the live tensors (counted modulo their number), with numbers from a seed. */
interface Step {
  readonly kind: (typeof kinds)[number];
  readonly first: number;
  readonly second: number;
  readonly seed: number;
}

const kinds = [
  'fresh',
  'add',
  'subtract',
  'normalise',
  'fire',
  'fireBack',
  'convolve',
  'convolveBack',
  'weigh',
  'pool',
  'poolBack',
  'repeat',
  'sumTime',
  'spread',
  'relu',
  'bend',
  'overwrite',
  'free',
  'read',
  'halve',
  'count',
] as const;

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  first: fc.nat(50),
  second: fc.nat(50),
  seed: fc.nat(1000),
});

/** Runs the program and gives every number that was read on the way, and all that are alive at its end. */
function run(backend: Backend, shape: readonly number[], steps: readonly Step[]): number[][] {
  const [times, images, height, width, channels] = shape as [number, number, number, number, number];
  const alive: Handle[] = [];
  const seen: number[][] = [];
  const operand = (handle: Handle, s: readonly number[] = shape): Operand => ({ handle, shape: s });
  const draw = (count: number, seed: number, span = 4) => {
    const random = new Random(seed);
    return Array.from({ length: count }, () => (Math.floor(random.uniform() * 2 * span) - span) / 4);
  };
  const fresh = (seed: number) => backend.upload(draw(sizeOf(shape), seed));
  /**
   * Few digits: what is made becomes quarters between -2 and 2. The cut lies between sixteenths, off by Winograd's
   * error.
   */
  const tame = (handle: Handle) => {
    const numbers = Array.from(backend.readSync(handle), (x) =>
      Math.max(-2, Math.min(2, Math.floor(x * 4 + 0.3) / 4)),
    );
    backend.free(handle);
    return backend.upload(numbers);
  };
  const vector = (seed: number) => operand(backend.upload(draw(channels, seed, 3)), [channels]);
  const conv = convGeometry('test', shape, [3, 3, channels, channels], 1, 1);
  const weight = (seed: number) =>
    operand(backend.upload(draw(9 * channels * channels, seed, 1)), [3, 3, channels, channels]);
  const window = poolGeometry('test', shape, 2, 2);
  const pooled = [times, images, window.outHeight, window.outWidth, channels];
  alive.push(fresh(1), fresh(2));
  for (const { kind, first, second, seed } of steps) {
    if (alive.length === 0) alive.push(fresh(seed));
    const at = first % alive.length;
    const a = alive[at]!;
    const b = alive[second % alive.length]!;
    switch (kind) {
      case 'fresh':
        alive.push(fresh(seed));
        break;
      case 'add':
      case 'subtract':
        alive.push(backend.binary(kind, operand(a), operand(b), shape));
        break;
      case 'normalise': {
        const quarter = operand(backend.full(channels, 0.25), [channels]);
        alive.push(
          backend.normEvaluate(operand(a), vector(seed), vector(seed + 1), vector(seed + 2), quarter, norm),
        );
        break;
      }
      case 'fire': {
        const { spikes, carried } = fire(backend, neuron, operand(a));
        if (seed % 3 === 0) seen.push(Array.from(backend.readSync(carried)));
        backend.free(carried);
        alive.push(spikes);
        break;
      }
      case 'fireBack': {
        const { x } = fireBack(backend, neuron, operand(a), undefined, operand(b));
        alive.push(tame(x!));
        break;
      }
      case 'bend':
        alive.push(tame(backend.map(bend, 'value', operand(a))));
        break;
      case 'convolve':
        alive.push(tame(backend.conv2d(operand(a), weight(seed), conv)));
        break;
      case 'convolveBack':
        alive.push(tame(backend.conv2dInputGradient(operand(a), weight(seed), conv)));
        break;
      case 'weigh': {
        const { spikes, carried } = fire(backend, neuron, operand(a));
        const dw = backend.conv2dWeightGradient(operand(spikes), operand(b), conv);
        for (const handle of [spikes, carried]) backend.free(handle);
        seen.push(Array.from(backend.readSync(dw)));
        backend.free(dw);
        break;
      }
      case 'pool':
        seen.push(
          Array.from(backend.readSync(backend.avgPool2d(operand(a), window)), (x) => Math.round(x * 96)),
        );
        break;
      case 'poolBack': {
        const small = backend.slice(operand(a), [0, 0, 0, 0, 0], pooled);
        alive.push(tame(backend.avgPool2dGradient(operand(small, pooled), window)));
        break;
      }
      case 'repeat': {
        const one = [1, ...shape.slice(1)];
        const head = backend.slice(operand(a), [0, 0, 0, 0, 0], one);
        alive.push(backend.broadcast(operand(head, one), shape));
        backend.free(head);
        break;
      }
      case 'sumTime':
        seen.push(Array.from(backend.readSync(backend.reduce('sum', operand(a), [0]))));
        break;
      case 'spread': {
        const rows = [times, images, 1, 1, channels];
        const head = backend.slice(operand(a), [0, 0, 0, 0, 0], rows);
        alive.push(backend.broadcast(operand(head, rows), shape));
        backend.free(head);
        break;
      }
      case 'relu':
        alive.push(backend.unary('relu', operand(a), []));
        break;
      case 'halve':
        alive.push(tame(backend.binary('multiply', operand(a), operand(backend.full(1, 0.5), []), shape)));
        break;
      case 'overwrite':
        backend.overwrite(a, draw(sizeOf(shape), seed));
        break;
      case 'free':
        backend.free(a);
        alive.splice(at, 1);
        break;
      case 'read':
        seen.push(Array.from(backend.readSync(a)));
        break;
      case 'count':
        seen.push(Array.from(backend.readSync(backend.reduce('sum', operand(a), [2, 3]))));
        break;
    }
    // sums grow: what is left alive stays exact
    const last = alive.length - 1;
    if (kind === 'add' || kind === 'subtract' || kind === 'normalise') {
      if (seed % 2 === 0 && last >= 0) alive[last] = tame(alive[last]!);
    }
    if (height * width === 0) throw new Error('images have pixels');
  }
  for (const handle of alive) seen.push(Array.from(backend.readSync(handle)));
  return seen;
}

describe('a drawn program', async () => {
  const backends = [await wasmBackend({ threads: 1 }), await wasmBackend({ threads: 3 })];
  afterAll(() => {
    for (const backend of backends) backend.close();
  });

  for (const [index, backend] of backends.entries()) {
    test(`gives the reference's numbers with ${backend.threads} thread(s)`, () => {
      fc.assert(
        fc.property(
          fc.tuple(
            fc.integer({ min: 1, max: 3 }),
            fc.integer({ min: 1, max: 5 }),
            fc.integer({ min: 1, max: 5 }),
            fc.integer({ min: 1, max: 5 }),
            fc.constantFrom(8, 16, 3),
          ),
          fc.array(step, { minLength: 1, maxLength: 14 }),
          (shape, steps) => {
            const plus = (lists: number[][]) => lists.map((list) => list.map((x) => x + 0)); // no -0
            expect(plus(run(backend, shape, steps))).toEqual(plus(run(cpuBackend('f64'), shape, steps)));
          },
        ),
        { numRuns: 150, seed: 100 + index },
      );
    });
  }
});
