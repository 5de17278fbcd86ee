// checkBackend passes what is sound, and tells each of the faults that backends have had by the row that is about it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, Handle } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import { sizeOf } from '../../src/backends/shape';
import { type WasmBackend, wasmBackend } from '../../src/backends/wasm';
import { setActiveBackend } from '../../src/core/engine';
import { OutOfMemoryError } from '../../src/errors';
import { type NeuronOptions, neuron, type Surrogate } from '../../src/neurons';
import { type BackendCheck, type CheckRow, checkBackend } from '../../src/testing';

const good = cpuBackend('f32');

/** One kernel's result, after its numbers were changed in place. */
function spoilt(handle: Handle, change: (numbers: Float32Array) => void): Handle {
  const numbers = Float32Array.from(good.readSync(handle));
  change(numbers);
  good.overwrite(handle, numbers);
  return handle;
}

let last: Handle | undefined;
const kept: Handle[] = [];
let sums = 0;

const faults: readonly (readonly [fault: string, row: BackendCheck, backend: Partial<Backend>])[] = [
  [
    'an operator that is off by little',
    'operators',
    {
      unary: (op, x, p) => spoilt(good.unary(op, x, p), (y) => y.set(y.map((value) => value * 1.001))),
    },
  ],
  [
    'a gradient of the neuron that forgets the reset',
    'gradients',
    {
      scanGradient(model, operands, gradients) {
        const { text, parameters, functions, surrogate } = model;
        const forgetful = neuron(text!.replace('o = spikes', 'o = detach(spikes)'), {
          parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
          functions: functions as NeuronOptions['functions'],
          surrogate: surrogate as Surrogate,
        });
        return good.scanGradient(forgetful, operands, gradients);
      },
    },
  ],
  [
    'a gradient of products that is right for equal shapes only',
    'gradients',
    {
      reduce: (op, x, axes) =>
        spoilt(good.reduce(op, x, axes), (y) => {
          if (op === 'sum' && axes.length === 1 && x.shape.length === 2 && axes[0] === 0) y.fill(1);
        }),
    },
  ],
  [
    'a tail of an odd size that is lost',
    'odd sizes',
    {
      update(rule, operands) {
        const { parameter } = operands;
        const before = good.readSync(parameter.handle);
        good.update(rule, operands);
        const tail = parameter.handle.size % 4;
        if (parameter.handle.size < 100) return;
        spoilt(parameter.handle, (now) => now.set(before.slice(-tail || now.length), now.length - tail));
      },
    },
  ],
  [
    'a NaN that a maximum swallows',
    'special values',
    {
      reduce(op, x, axes) {
        if (op === 'sum') return good.reduce(op, x, axes);
        const isNan = Float32Array.from(good.readSync(x.handle), (v) => (Number.isNaN(v) ? -Infinity : v));
        return good.reduce(op, { handle: good.upload(isNan), shape: x.shape }, axes);
      },
    },
  ],
  [
    'a sum that is never twice the same',
    'determinism',
    {
      reduce: (op, x, axes) =>
        spoilt(good.reduce(op, x, axes), (y) => {
          sums += 1;
          if (op === 'sum' && y.length > 0) y[0] = y[0]! * (1 + sums * 2 ** -20);
        }),
    },
  ],
  [
    'a thread that leaves its part undone',
    'threads',
    {
      binary: (op, a, b, out) =>
        spoilt(good.binary(op, a, b, out), (y) => {
          if (sizeOf(out) > 2 ** 15) y.fill(Number.NaN, 2 ** 14, 2 ** 15);
        }),
    },
  ],
  [
    'division that rounds towards zero',
    'rounding',
    {
      binary(op, a, b, out) {
        const exact = good.binary(op, a, b, out);
        if (op !== 'divide' || a.handle.size !== b.handle.size) return exact;
        const [p, q] = [good.readSync(a.handle), good.readSync(b.handle)];
        return spoilt(exact, (y) =>
          y.forEach((value, i) => {
            const ratio = p[i]! / q[i]!;
            if (Math.abs(value) > Math.abs(ratio)) y[i] = value * (1 - 2 ** -24);
          }),
        );
      },
    },
  ],
  ["a flavour 'plain' that adds products unrounded", 'rounding', { flavour: 'plain' } as Partial<Backend>],
  ['memory that is not given back', 'memory', { free: (handle) => void kept.push(handle) }],
  [
    'an out of memory that overwrites what another holds',
    'out of memory',
    {
      upload(data) {
        last = good.upload(data);
        return last;
      },
      full(size, value) {
        try {
          return good.full(size, value);
        } catch (error) {
          good.overwrite(last!, new Float32Array(last!.size));
          throw error;
        }
      },
    },
  ],
  [
    'an out of memory that gives a shorter buffer',
    'out of memory',
    { full: (size, value) => good.full(Math.min(size, 2 ** 10), value) },
  ],
  [
    "an out of memory in JavaScript's own words",
    'out of memory',
    { full: (size, value) => (size > 2 ** 40 ? (new Float32Array(size) as never) : good.full(size, value)) },
  ],
];

async function rowOf(check: BackendCheck, backend: Backend): Promise<CheckRow> {
  const { rows } = await checkBackend(backend, { checks: [check] });
  expect(rows.map((row) => row.check)).toEqual([check]);
  return rows[0]!;
}

describe('checkBackend fails on', () => {
  test.each(faults)('%s, in the row %s', async (_, check, fault) => {
    const row = await rowOf(check, { ...good, ...fault });
    expect(row.verdict, row.found).toBe('fails');
    kept.length = 0;
  });

  test('other bits on other threads', async () => {
    const other: Backend = {
      ...good,
      reduce: (op, x, axes) =>
        spoilt(good.reduce(op, x, axes), (y) => {
          if (op === 'sum' && y.length > 0) y[0] = y[0]! * (1 + 2 ** -23);
        }),
    };
    const { rows, ok } = await checkBackend(good, {
      checks: ['threads'],
      threads: [2],
      remake: () => other,
    });
    expect(ok).toBe(false);
    expect(rows[0]!.found).toMatch(/^reduce .* on 1 and on 2 threads: y\[0\] was .* and then/);
  });

  test('a backend that never answers, after its patience', async () => {
    const silent = { ...good, read: () => new Promise<never>(() => undefined) };
    const { rows } = await checkBackend(silent, { checks: ['rounding'], patience: 0.05 });
    expect(rows[0]).toMatchObject({ verdict: 'fails', found: 'rounding: no answer within 0.05 s' });
  });

  test('a full memory that harms what it holds', async () => {
    const small = await wasmBackend({ threads: 1, memoryLimit: 2 ** 25 });
    const harmed: WasmBackend = {
      ...small,
      full(size, value) {
        try {
          return small.full(size, value);
        } catch (error) {
          small.overwrite(guard!, new Float32Array(guard!.size));
          throw error;
        }
      },
      upload(data) {
        guard = small.upload(data);
        return guard;
      },
    };
    let guard: Handle | undefined;
    const { rows } = await checkBackend(good, { checks: ['out of memory'], remake: () => harmed });
    expect(rows[0]!.found).toMatch(/^in a full memory: another buffer holds 0/);
  });
});

describe('checkBackend', () => {
  let wasm: WasmBackend;
  beforeAll(async () => {
    wasm = await wasmBackend({ threads: 2 });
  });
  afterAll(() => wasm.close());

  test('finds nothing wrong with wasm, and tells each row as it comes', async () => {
    const told: CheckRow[] = [];
    setActiveBackend(wasm);
    const { ok, rows } = await checkBackend(undefined, {
      threads: [1, 2],
      patience: 170,
      onRow: (row) => told.push(row),
    });
    expect(rows.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(ok).toBe(true);
    expect(told).toEqual(rows);
    expect(rows.map(({ check }) => check)).toEqual([
      'operators',
      'gradients',
      'odd sizes',
      'special values',
      'determinism',
      'threads',
      'rounding',
      'memory',
      'out of memory',
    ]);
  });

  test('does not tell a fault where a backend has no way to be tried', async () => {
    const { ok, rows } = await checkBackend(good, { checks: ['threads', 'out of memory'] });
    expect(ok).toBe(true);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['not tried', 'holds']);
  });

  test('a full memory is told by an error of ours', () => {
    expect(() => good.full(2 ** 46, 1)).toThrow(OutOfMemoryError);
  });
});
