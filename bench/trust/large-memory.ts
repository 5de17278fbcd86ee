// `npm run large-memory`: results of more than 2 GiB, blocks on both sides of 2^31, and a memory that is full, on one
// thread and on two. Takes 4 GiB of memory and some minutes; `test/backends/wasm` tries the same addresses and sizes
// without touching as much.
//
//   --threads N   only with so many
//   --dry         write nothing; without it the outcome goes to bench/results/large-memory.json

import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { type WasmBackend, wasmBackend } from '../../src/backends/wasm';
import { full, ones, tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { keep, scope } from '../../src/core/scope';
import { memory } from '../../src/core/storage';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { OutOfMemoryError } from '../../src/errors';
import { add, broadcastTo, conv2d, matmul, mul, reshape, slice, sum } from '../../src/ops';
import { sgdRule } from '../../src/optim/sgd';
import { lif, lifSequence } from '../../src/snn';
import { record } from '../record';

const { values } = parseArgs({
  options: { threads: { type: 'string' }, dry: { type: 'boolean', default: false } },
});

const SIDE = 25_000;
/** Numbers of 1.6 GB. */
const HALF = 4e8;

/** A column or row that tells every position from its neighbours. */
const marks = (count: number, modulus: number) => Float32Array.from({ length: count }, (_, i) => i % modulus);

/** A matrix's number at a place, read alone. */
function at(x: Tensor, ...index: readonly number[]): number {
  return scope(() =>
    slice(
      x,
      index,
      index.map((i) => i + 1),
    ).itemSync(),
  );
}

/** Both ends, and both sides of 2 GiB, of x[SIDE][SIDE]. */
function expectMatrix(x: Tensor, expected: (row: number, column: number) => number): void {
  const border = 2 ** 29;
  const places = [0, 1, SIDE, border - 1, border, border + 1, SIDE * SIDE - 2, SIDE * SIDE - 1];
  for (const place of places) {
    const [row, column] = [Math.floor(place / SIDE), place % SIDE];
    assert.equal(at(x, row, column), expected(row, column), `number ${place}`);
  }
}

/** `live` is a tensor that must stay as it is. */
const checks: Record<string, (live: Tensor) => void> = {
  'an add whose result has shape 25000x25000, after two tensors of 1.6 GB'(live) {
    const first = ones([HALF]);
    const second = ones([HALF]);
    first.dispose();
    second.dispose();
    const column = tensor(marks(SIDE, 7), [SIDE, 1]);
    const row = tensor(marks(SIDE, 5), [1, SIDE]);
    const all = add(column, row);
    expectMatrix(all, (r, c) => (r % 7) + (c % 5));
    assert.deepEqual(live.dataSync(), Float32Array.of(5, 6, 7));
    assert.equal(at(slice(all, [SIDE - 3, 0]), 2, SIDE - 1), ((SIDE - 1) % 7) + ((SIDE - 1) % 5));
    const sums = sum(all, [0]).dataSync();
    const rows = marks(SIDE, 7).reduce((total, mark) => total + mark, 0);
    for (const c of [0, 1, SIDE - 1]) assert.equal(sums[c], rows + SIDE * (c % 5), `column ${c}`);
    column.dispose();
  },

  'a matrix product'() {
    const a = tensor(
      Float32Array.from({ length: SIDE * 2 }, (_, i) => (i % 2 === 0 ? (i / 2) % 7 : 1)),
      [SIDE, 2],
    );
    const b = tensor(
      Float32Array.from({ length: SIDE * 2 }, (_, i) => (i < SIDE ? 1 : i % 5)),
      [2, SIDE],
    );
    expectMatrix(matmul(a, b), (r, c) => (r % 7) + (c % 5));
  },

  'a convolution'() {
    const x = tensor(marks(5000 * 5000, 11), [1, 5000, 5000, 1]);
    const w = tensor(marks(25, 5), [1, 1, 1, 25]);
    const y = reshape(
      noGrad(() => conv2d(x, w)),
      [SIDE, SIDE],
    );
    expectMatrix(y, (r, c) => ((1000 * r + Math.floor(c / 25)) % 11) * (c % 5));
  },

  'neurons over time, with a gradient'() {
    const steps = 3_000_000;
    const x = full([steps, 1], 0.7, { requiresGrad: true });
    const loss = sum(lif(x, { tau: 0.5 }));
    loss.backward();
    assert.ok(loss.itemSync() > 0);
    const gradient = x.grad!.dataSync();
    assert.ok(gradient[0] !== 0 && gradient[steps - 1] !== 0);
    // a constant current makes the neuron fire every so often, and so is the gradient away from the end
    for (const i of [0, 60, 60 * 1000]) assert.equal(gradient[i], gradient[steps / 2], `step ${i}`);
  },

  'spikes of more than 2 GiB of currents'() {
    const [times, pixels] = [17, 2 ** 22];
    const charge = tensor(marks(8 * pixels, 4), [1, 1, 1, pixels, 8]);
    const x = broadcastTo(charge, [times, 1, 1, pixels, 8]);
    assert.equal(at(x, times - 1, 0, 0, pixels - 1, 7), 3); // which spells all of it out
    const { spikes } = noGrad(() => lifSequence(x, undefined, { tau: 0.5, vth: 2 }));
    const counts = sum(spikes, [2, 3]).dataSync();
    counts.forEach((count, i) => {
      assert.equal(count, i % 4 >= 2 ? pixels : 0, `channel ${i % 8} at step ${Math.floor(i / 8)}`);
    });
  },

  'numbers beyond 2 GiB, elementwise and in place'() {
    const ballast = ones([2 * HALF - 2 ** 27]);
    const x = tensor(marks(2 ** 22, 9), [2 ** 22], { requiresGrad: true });
    const y = sum(mul(x, x));
    y.backward();
    const gradient = x.grad!.dataSync();
    for (const i of [0, 1, 2 ** 22 - 1]) assert.equal(gradient[i], 2 * (i % 9));
    const velocity = full([2 ** 22], 0);
    x.backend.update(sgdRule(false), {
      parameter: x,
      gradient: x.grad!,
      states: [velocity],
      constants: [0.5, 0, 1, 0],
    });
    assert.ok(x.dataSync().every((value) => value === 0));
    assert.equal(at(ballast, 2 * HALF - 2 ** 27 - 1), 1);
  },

  'what does not fit, and then what does'(live) {
    const waiting = add(live, 1);
    const large = ones([SIDE, SIDE]);
    for (const fail of [
      () => add(large, 1),
      () => mul(large, large),
      () => matmul(large, large),
      () => conv2d(reshape(large, [1, SIDE, SIDE, 1]), ones([3, 3, 1, 4])),
      () => ones([2 ** 30]),
    ])
      assert.throws(() => scope(fail), OutOfMemoryError);
    assert.deepEqual(waiting.dataSync(), Float32Array.of(6, 7, 8));
    expectMatrix(large, () => 1);
    large.dispose();
    assert.equal(at(ones([SIDE, SIDE]), SIDE - 1, SIDE - 1), 1);
  },
};

function measure(backend: WasmBackend): Record<string, { seconds: number; mebibytes: number }> {
  const before = memory();
  const live = keep(tensor([5, 6, 7]));
  const results: Record<string, { seconds: number; mebibytes: number }> = {};
  for (const [name, check] of Object.entries(checks)) {
    const begin = performance.now();
    scope(() => check(live));
    const seconds = Math.round((performance.now() - begin) / 100) / 10;
    const mebibytes = Math.round(backend.memory().size / 2 ** 20);
    assert.deepEqual(live.dataSync(), Float32Array.of(5, 6, 7), `${name}: a live tensor has changed`);
    assert.equal(memory().tensors, before.tensors + 1, `${name}: tensors are left`);
    results[name] = { seconds, mebibytes };
    console.log(`${backend.threads} thread(s), ${seconds} s, ${mebibytes} MiB: ${name}`);
  }
  live.dispose();
  return results;
}

const outcome: Record<string, unknown> = {};
for (const threads of values.threads === undefined ? [1, 2] : [Number(values.threads)]) {
  const backend = await wasmBackend({ threads });
  setActiveBackend(backend);
  outcome[`threads ${threads}`] = { flavour: backend.flavour, ...measure(backend) };
  setActiveBackend(undefined);
  backend.close();
  global.gc?.();
}
if (!values.dry) record('large-memory', outcome);
