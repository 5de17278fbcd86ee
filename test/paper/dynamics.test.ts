import { describe, expect, test } from 'vitest';
import { CELL_FORMAT, type CellRecord } from '../../src/paper/cell';
import {
  armView,
  type Dynamics,
  type DynamicsRun,
  dynamicsStudy,
  isOfComparison,
  type NetworkView,
  networkRates,
} from '../../src/paper/dynamics';
import { dynamicsCsv, dynamicsJson, dynamicsMarkdown } from '../../src/paper/dynamics/files';
import { dynamicsReport } from '../../src/paper/dynamics/report';
import { accuracyRows, dynamicsSentences, normRows, rateRows } from '../../src/paper/dynamics/words';
import type { RunSettings } from '../../src/train';
import { SETTINGS } from '../support/records';

const settings: RunSettings = { ...SETTINGS, limit: null, width: 2, mpr: 3, epochs: 1, augment: [] };

function record(dynamics: Dynamics, seed: number, testAccuracy: number): CellRecord {
  return {
    format: CELL_FORMAT,
    settings: { ...settings, dynamics, seed },
    images: { train: 16, test: 16 },
    history: [{ epoch: 0, step: 2, trainLoss: 2, trainAccuracy: 0.5, testAccuracy, testLoss: 2 }],
    loss: [[2, 2]],
    summary: {
      ...{ testAccuracy, testLoss: 2, seconds: 1, firingRates: {}, energy: { spiking: 1, dense: 1 } },
      warnings: [],
    },
    environment: { processor: 'p', platform: 'linux x64', node: '20', spikegrad: '0', backend: 'wasm' },
    finished: '2026-01-01T00:00:00.000Z',
  };
}

/** A network of two LIF layers, 30 neurons and 10, and three layers with weights. */
function view(rate: number, norm: number): NetworkView {
  const layer = (name: string, kind: 'conv' | 'linear', value: number) => ({
    ...{ name, kind, norm: value },
    deviation: undefined,
  });
  return {
    rates: [
      { name: 'a', neurons: 30, rate, ratePerStep: [0, 2 * rate] },
      { name: 'b', neurons: 10, rate: 0, ratePerStep: [0, 0] },
    ],
    gradients: {
      loss: 2,
      layers: [layer('stem', 'conv', norm), layer('deep', 'conv', 2), layer('fc', 'linear', 5)],
      neurons: [{ name: 'a', values: 60, open: rate, flat: 0, gain: 1 }],
    },
  };
}

const batches = { count: 2, size: 8, seed: 0 };
const run = (dynamics: Dynamics, seed: number, accuracy: number, seen?: NetworkView): DynamicsRun => ({
  record: record(dynamics, seed, accuracy),
  view: seen,
});
const both = dynamicsStudy(
  [
    run('paper', 1, 0.2, view(0.004, 0.5)),
    run('leak', 1, 0.5, view(0.4, 6)),
    run('leak', 0, 0.4, view(0.2, 2)),
    run('paper', 0, 0.3, view(0.004, 0.5)),
    run('leak', 7, 0.9, view(0.3, 4)),
  ],
  batches,
);

describe('eq. 4 as printed against the leak form', () => {
  test('a comparison holds what differs in dynamics and seed alone', () => {
    expect(isOfComparison(settings, { ...settings, dynamics: 'paper', seed: 3 })).toBe(true);
    expect(isOfComparison(settings, { ...settings, timesteps: 4 })).toBe(false);
    expect(isOfComparison(settings, { ...settings, mpr: null })).toBe(false);
  });

  test('accuracies are compared seed by seed, and a seed without its pair does not count', () => {
    const [leak, paper] = both.arms;
    expect(leak.runs.map(({ record: { settings: s } }) => s.seed)).toEqual([0, 1, 7]);
    expect(leak.accuracy).toBeCloseTo(0.6, 12);
    expect(paper.accuracy).toBeCloseTo(0.25, 12);
    expect(both.difference?.pairs).toBe(2);
    expect(both.difference?.mean).toBeCloseTo(0.2, 12); // of 0.1 and 0.3
    expect(accuracyRows(both)[0]).toContain('0, 1, 7');
    expect(dynamicsSentences(both)[0]).toMatch(
      /^The leak form reaches 60\.00 % .* printed 25\.00 %: \+20\.00 \[/,
    );
  });

  test('rates and norms are means over the seeds; layers weigh as much as they have neurons', () => {
    const [leak] = both.arms.map(armView);
    expect(leak!.rates[0]!.rate).toBeCloseTo(0.3, 12);
    expect(networkRates(leak!)).toEqual([0, expect.closeTo((30 * 0.6) / 40, 12)]);
    expect(leak!.gradients.layers[0]).toMatchObject({ norm: 4, deviation: 2 });
    expect(rateRows(both)[0]!.slice(0, 3)).toEqual(['a', '30.0 %', '0.4 %']);
    expect(normRows(both)[0]).toEqual(['stem', '4', '0.5', '0.125']);
    const [, firing, gradients] = dynamicsSentences(both);
    expect(firing).toMatch(/0\.0 %, 45\.0 % in the leak form.* where 2 of 2 layers fire less than 1 %/);
    expect(gradients).toMatch(
      /\(0\.125 times\); from deep back to stem the norm is multiplied by 2 and 0\.25/,
    );
  });

  test('where the weights of a form are gone, accuracies stay and nothing is made up', () => {
    const study = dynamicsStudy([run('leak', 0, 0.4, view(0.2, 2)), run('paper', 0, 0.3)], batches);
    expect(armView(study.arms[1])).toBeUndefined();
    expect(rateRows(study)).toEqual([]);
    expect(dynamicsSentences(study).length).toBe(1);
    expect(dynamicsCsv(study)).toMatch(/^paper,0,,test accuracy,0\.3$/m);
    expect(dynamicsCsv(study)).not.toMatch(/^paper,0,a,/m);
    expect(JSON.parse(dynamicsJson(study)).arms[1].runs[0].view).toBeNull();
    expect(dynamicsMarkdown(study)).toMatch(/\| paper \| 30\.00 \| 2\.000 \| 0 \| – \|/);
    expect(dynamicsReport(study)).toMatch(/Firing rate by layer/);
  });
});
