// Small things of neurons and probes that nothing else would miss; each stands for a mutant that no test had noticed.

import { beforeAll, expect, test } from 'vitest';
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
