// Constants of neurons lie in memory as long as there is such a neuron: who draws new ones at every step, as schedules
// of a surrogate's steepness do, does not fill it.

import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createBackend, neuron, runNeuron, scope, tensor } from '../../../src';

const NEURONS = 60;
/** A table holds 64 floats and the constants. */
const TABLE = 4 * 64;

test('tables go with the neurons that read them', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const backend = await createBackend({ backend: 'wasm', threads: 1 });
  const run = (a: number) =>
    scope(() => {
      const x = tensor([0.5, 2], undefined, { backend });
      return runNeuron(neuron('spikes = spike(a*x - 1)', { parameters: { a } }), x).spikes.dataSync();
    });
  run(1);
  const before = backend.memory().used;
  for (let i = 1; i <= NEURONS; i++) run(1 + i);
  expect(backend.memory().used - before).toBeGreaterThan((NEURONS - 10) * TABLE);
  for (let i = 0; i < 20 && backend.memory().used - before > 10 * TABLE; i++) {
    collect();
    await setTimeout(5); // tables are given back beside the program
  }
  expect(backend.memory().used - before).toBeLessThanOrEqual(10 * TABLE);
  expect([...run(0.25)]).toEqual([0, 0]);
  backend.close();
});
