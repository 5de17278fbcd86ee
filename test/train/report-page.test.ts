// The page of a finished run, number by number, from figures made by hand.

import { beforeAll, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { Linear } from '../../src/nn/layers';
import { barChart, lineChart } from '../../src/plot';
import type { LayerReport } from '../../src/snn';
import type { Findings, FinishedRun, RunSummary } from '../../src/train/report';
import { runReport } from '../../src/train/report/page';
import { SETTINGS } from '../support/records';

beforeAll(() => init({ backend: 'cpu' }));

const images = shapes({ count: 10, seed: 1 });
const error = (squared: number) => ({ absolute: squared, squared });
const layer = (name: string, rest: Partial<LayerReport> = {}): LayerReport => ({
  name,
  neurons: 4,
  rate: 0.25,
  ratePerStep: [0.25, 0.25],
  ...rest,
});
const looked = layer('first', { quantization: { before: error(0.5), after: error(0.25) } });

function page(run: Partial<FinishedRun>, summary: Partial<RunSummary>, layers = [looked]): string {
  const finished: FinishedRun = {
    settings: SETTINGS,
    metrics: [],
    seconds: 0,
    changes: [],
    network: new Linear(2, 3),
    train: images,
    test: images,
    ...run,
  };
  const macs = { name: 'stem', dense: 1200, operations: 1200, kind: 'mac' } as const;
  const acs = { name: 'head', dense: 1000, operations: 250, kind: 'ac', inputRate: 0.25 } as const;
  const sums = { macs: 1200, acs: 250, energy: 5.745, denseMacs: 2200, denseEnergy: 10.12, ratio: 0.57 };
  const findings: Findings = {
    evaluation: {
      loss: 2,
      accuracy: 0.5,
      images: 10,
      confusion: images.classes.map(() => new Array(10).fill(0)),
    },
    probed: { layers, operations: { layers: [macs, acs], ...sums }, warnings: [] },
    summary: {
      settings: SETTINGS,
      testAccuracy: 0.5,
      testLoss: 2,
      seconds: 3725,
      firingRates: {},
      energy: { spiking: 5.745, dense: 10.12 },
      warnings: [],
      ...summary,
    },
  };
  return runReport(finished, findings);
}

/** A row of a table. */
const row = (...cells: string[]) =>
  new RegExp(cells.map((cell) => `<t[dh][^>]*>${cell}</t[dh]>`).join('\\s*'));

test('says how long the run took, also where nobody knows how it was made', () => {
  expect(page({}, {})).toMatch(row('time', '1 h 02 min'));
  expect(page({}, { seconds: 125.2 })).toMatch(row('time', '2 min 05 s'));
  expect(page({}, { seconds: 59.94 })).toMatch(row('time', '59.9 s'));
  const making = {
    version: '9.8.7',
    finished: '2026-11-30T10:20:30.000Z',
    backend: 'wasm',
    imagesPerSecond: 12.34,
    waiting: { seconds: 1, of: 250, share: 0.004, workers: 0 },
  };
  const made = page({}, { making });
  expect(made).toMatch(row('spikegrad', '9.8.7'));
  expect(made).toMatch(row('finished', '2026-11-30 10:20 UTC'));
  expect(made).toMatch(row('time, tests included', '1 h 02 min'));
  expect(made).toMatch(row('training', '12.3 images a second'));
  expect(made).toMatch(
    row('waiting for images', '0.4 % of the steps.{1,5} time, made on the calling thread'),
  );
});

test('tells additions from multiply-accumulates', () => {
  const text = page({}, {});
  expect(text).toMatch(row('stem', '1,200', '1,200', 'multiply-accumulate', '-'));
  expect(text).toMatch(row('head', '1,000', '250', 'addition', '25.0 %'));
});

test('counts the best epoch from 1', () => {
  const text = page({ best: { epoch: 1, accuracy: 0.75, loss: 1 }, validation: images }, {});
  expect(text).toContain('2, 75.0 % in validation');
  expect(text).toContain('The model has the weights of epoch 2');
});

test('draws accuracies in percent by step', () => {
  const epoch = (step: number, trainAccuracy: number, testAccuracy: number) =>
    ({ kind: 'epoch', step, trainAccuracy, testAccuracy }) as const;
  const metrics = [
    epoch(4, 0.25, 0.5),
    { kind: 'step', step: 5, trainAccuracy: 1 } as const,
    epoch(8, 0.75, 0.625),
  ];
  const chart = lineChart({
    title: 'Accuracy',
    xLabel: 'step',
    yLabel: '%',
    series: [
      {
        name: 'training',
        points: [
          [4, 25],
          [8, 75],
        ],
      },
      {
        name: 'test',
        points: [
          [4, 50],
          [8, 62.5],
        ],
      },
    ],
    yDomain: [0, 100],
  });
  expect(page({ metrics }, {})).toContain(chart);
});

test('draws the quantization error of each layer, and nothing where none was measured', () => {
  const chart = barChart({
    title: 'Average quantization error by layer',
    yLabel: 'mean (membrane - spike)²',
    categories: ['first', 'second'],
    groups: [
      { name: 'before rectification', quantity: 'charged', values: [0.5, 0] },
      { name: 'after', quantity: 'rectified', values: [0.25, 0] },
    ],
  });
  expect(page({}, {}, [looked, layer('second')])).toContain(chart);
});

test('shows membranes of the layers that have them', () => {
  const membrane = { edges: [0, 1], before: [3], after: [3] };
  const lif2 = layer('stage1.lif2', { ...looked, name: 'stage1.lif2', membrane });
  expect(page({}, {}, [lif2, layer('last')])).toContain('Membrane potential in stage1.lif2');
  expect(page({}, {}, [looked])).not.toContain('Membrane potential in'); // no lif2, and a last layer without
});
