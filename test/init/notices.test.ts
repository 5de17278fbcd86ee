// What is said without an error: of slow loops, of batches that look like time, of a GPU that is none. Each once,
// with what to do, to whoever was asked to listen.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { init, isWasm, type ScalarFunction, type WasmBackend } from '../../src';
import type { Engine } from '../../src/backends/wasm/engine';
import { Reference } from '../../src/backends/wasm/reference';
import { ones, zeros } from '../../src/core/create';
import { notice, tellNotices } from '../../src/notices';
import { mul } from '../../src/ops';
import { arctan, customSurrogate, Lif, lif, lifCell, mpr, unroll } from '../../src/snn';

afterEach(() => {
  vi.restoreAllMocks();
  tellNotices(undefined);
});

async function listening(backend: 'wasm' | 'cpu' = 'wasm'): Promise<string[]> {
  const said: string[] = [];
  await init({ backend, onNotice: (text) => said.push(text) });
  return said;
}

const surrogate = (name: string) =>
  customSurrogate({ name, integral: 1, value: Math.tanh, derivative: (u) => 1 - Math.tanh(u) ** 2 });
const own = (name: string): ScalarFunction => ({
  name,
  parameters: {},
  value: (x) => x,
  derivative: () => 1,
});

describe('neurons of your own on wasm', () => {
  test('are told once for each, with what would not be slow', async () => {
    const said = await listening();
    const x = ones([2, 4, 8]);
    for (let i = 0; i < 3; i++) {
      lif(x, { surrogate: surrogate('steep') });
      lif(x, { rectifier: own('straight'), surrogate: arctan() });
    }
    lif(x, { rectifier: mpr(), surrogate: arctan() });
    expect(said).toEqual([
      expect.stringMatching(/^neurons with 'steep' run on plain loops .* as texts \(customSurrogate/),
      expect.stringMatching(/^neurons with 'straight' run on plain loops .* every backend compiles/),
    ]);
  });

  test('are as fast as all others on cpu, and nothing is said', async () => {
    const said = await listening('cpu');
    lif(ones([2, 4, 8]), { surrogate: surrogate('steep on cpu') });
    expect(said).toEqual([]);
  });

  test('a rectifier made of operators is told on every backend', async () => {
    const said = await listening('cpu');
    for (let i = 0; i < 2; i++) lif(ones([2, 3, 4]), { rectifier: (h) => mul(h, 0.9) });
    unroll(lifCell(), ones([2, 3, 4]));
    expect(said).toEqual([
      expect.stringMatching(/made of operators is run step by step.*give it as \{ name/),
    ]);
  });
});

test('an operator without a kernel is told when much has gone through it, and only then', async () => {
  const said = await listening();
  const engine = { view: () => new Float32Array(1) } as unknown as Engine;
  const reference = new Reference(engine);
  const call = (name: string, size: number, times: number) => {
    for (let i = 0; i < times; i++)
      reference.run(name, () =>
        reference.operand({ handle: { size, bytes: 0, binary: false }, shape: [size] }),
      );
  };
  call('slice', 2 ** 22, 63);
  call('max', 1000, 300_000);
  expect(said).toEqual([]);
  call('slice', 2 ** 22, 70);
  expect(said).toEqual([
    expect.stringMatching(/^slice has run over 268 million numbers on plain loops .* backend 'gpu' has one/),
  ]);
});

test('a batch without time that reaches a Lif layer is told once; sequences and lif() are not', async () => {
  const said = await listening('cpu');
  lif(zeros([64, 20]));
  new Lif().call(zeros([4, 64, 20]));
  expect(said).toEqual([]);
  for (let i = 0; i < 2; i++) new Lif().call(zeros([64, 20]));
  expect(said).toEqual([
    expect.stringMatching(/\[64,20\] are 64 time steps\. If it is a batch, put new Direct\(T\)/),
  ]);
});

test('without a listener it is a warning on the console, once; init forgets a listener that it is not given again', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const said = await listening('cpu');
  notice('first');
  await init({ backend: 'cpu' });
  notice('second');
  notice('second');
  notice('other words', 'second');
  expect(said).toEqual(['first']);
  expect(warn.mock.calls).toEqual([['spikegrad: second']]);
});

test('the profile of wasm is typed, and names what ran on plain loops', async () => {
  const backend: WasmBackend = await init({ backend: 'wasm', threads: 1, onNotice: () => {} });
  backend.profile(true);
  lif(ones([2, 4, 8]), { surrogate: surrogate('profiled') }).dataSync();
  const { kernels, reference, limits } = backend.profiled();
  backend.profile(false);
  expect([...reference.keys()]).toContain('neuron(profiled)');
  expect(kernels.every(({ milliseconds, calls }) => milliseconds >= 0 && calls > 0)).toBe(true);
  expect(limits.flop).toBeGreaterThan(0);
  const any = await init({ onNotice: () => {} });
  expect(isWasm(any) && typeof any.profile).toBe('function');
});
