// Small things of neurons and probes that nothing else would miss; each stands for a mutant that no test had noticed.

import { beforeAll, expect, test, vi } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { ones } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { sequential } from '../../src/nn';
import { Lif, mpr, resnet20, TdBatchNorm } from '../../src/snn';
import { probe } from '../../src/snn/probe';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

test('a steepness of nothing is told to leave the rectifier out, and no other is', () => {
  expect(() => mpr({ k: 0 })).toThrow('leave the rectifier out for none');
  expect(() => mpr({ k: -1 })).toThrow(/got -1$/);
});

test('a probe of no options has sixty bins from -1 to 2', async () => {
  const network = sequential(new Lif({ rectifier: mpr() }));
  const watched = probe(network);
  network.call(ones([3, 2]));
  const [layer] = (await watched.report()).layers;
  const { edges } = layer!.membrane!;
  expect([edges[0], edges.at(-1), edges.length]).toEqual([-1, 2, 61]);
});

test('a network knows its pool, and a norm its channels, before anything is computed', () => {
  const layers = resnet20({ variant: 'wide', width: 2 }).describe({ inputShape: [8, 8, 3] }).layers;
  expect(layers.some(({ path }) => path === 'pool')).toBe(true);
  expect(() => sequential(new TdBatchNorm(3)).describe({ inputShape: [4, 4, 5] })).toThrow('3');
});

test('a rectifier of operators is told to be slow, one of two functions is not', async () => {
  vi.resetModules(); // in this process somebody may have been told
  const { tellNotices } = await import('../../src/notices');
  const { lif, mpr } = await import('../../src/snn');
  const { mul } = await import('../../src/ops');
  const { ones } = await import('../../src/core/create');
  const backend = cpuBackend();
  const x = ones([2, 3], { backend });
  const told: string[] = [];
  tellNotices((text) => void told.push(text));
  lif(x, { rectifier: mpr() });
  expect(told).toEqual([]);
  for (let i = 0; i < 2; i++) lif(x, { rectifier: (h) => mul(h, 0.5) });
  expect(told).toEqual([
    expect.stringMatching(/^a rectifier made of operators is run step by step, .*where speed counts$/),
  ]);
  tellNotices(undefined);
});
