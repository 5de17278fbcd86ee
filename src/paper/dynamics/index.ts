// The two charge equations side by side: runs that share everything else, paired by seed, and what is seen in their
// networks.

import type { Dataset } from '../../data/dataset';
import type { Module } from '../../nn/module';
import type { LayerReport } from '../../snn';
import type { RunSettings } from '../../train';
import { probeDataset } from '../../train/report';
import { type CellRecord, isPair, sameSettings } from '../cell';
import { type GradientBatches, type GradientProfile, gradientProfile } from '../gradients';
import { deviation, mean, type PairedDifference, pairedDifference } from '../statistics';

export type Dynamics = RunSettings['dynamics'];
export const DYNAMICS: readonly Dynamics[] = ['leak', 'paper'];

/** What is seen in a trained network. */
export interface NetworkView {
  /** LIF layers, on the first test images, in evaluation. */
  readonly rates: readonly Pick<LayerReport, 'name' | 'neurons' | 'rate' | 'ratePerStep'>[];
  /** On training images, in training. */
  readonly gradients: GradientProfile;
}

export interface DynamicsRun {
  readonly record: CellRecord;
  /** Undefined where the run's weights are gone: a record has none. */
  readonly view: NetworkView | undefined;
}

export interface DynamicsArm {
  readonly dynamics: Dynamics;
  /** By seed. */
  readonly runs: readonly DynamicsRun[];
  /** Share of test images, mean over seeds; undefined without a run. */
  readonly accuracy: number | undefined;
  /** Standard deviation over seeds; undefined for fewer than two. */
  readonly deviation: number | undefined;
}

export interface DynamicsStudy {
  /** Of any run; `dynamics` and `seed` are what they differ in. */
  readonly settings: RunSettings;
  readonly batches: GradientBatches;
  /** leak, then paper. */
  readonly arms: readonly [DynamicsArm, DynamicsArm];
  /**
   * Accuracy of the leak form minus that of eq. 4 as printed, paired by seed, build and images; undefined without a
   * pair.
   */
  readonly difference: PairedDifference | undefined;
}

/** Whether two runs differ in nothing but dynamics and seed. */
export function isOfComparison(a: RunSettings, b: RunSettings): boolean {
  return sameSettings({ ...a, dynamics: 'leak', seed: 0 }, { ...b, dynamics: 'leak', seed: 0 });
}

/** Firing rates on test images, then gradients on training images; running statistics have moved afterwards. */
export async function viewNetwork(
  network: Module,
  { train, test }: { train: Dataset; test: Dataset },
  batches: GradientBatches,
): Promise<NetworkView> {
  const { layers } = await probeDataset(network, test, { batchSize: batches.size });
  return {
    rates: layers.map(({ name, neurons, rate, ratePerStep }) => ({ name, neurons, rate, ratePerStep })),
    gradients: await gradientProfile(network, train, batches),
  };
}

/** @param runs of one comparison, in any order; at least one */
export function dynamicsStudy(runs: readonly DynamicsRun[], batches: GradientBatches): DynamicsStudy {
  const [leak, paper] = DYNAMICS.map((dynamics): DynamicsArm => {
    const own = runs
      .filter(({ record }) => record.settings.dynamics === dynamics)
      .sort((a, b) => a.record.settings.seed - b.record.settings.seed);
    const accuracies = own.map(({ record }) => record.summary.testAccuracy);
    return {
      dynamics,
      runs: own,
      accuracy: own.length > 0 ? mean(accuracies) : undefined,
      deviation: deviation(accuracies),
    };
  }) as [DynamicsArm, DynamicsArm];
  const differences = leak.runs.flatMap(({ record: a }) => {
    const pair = paper.runs.find(({ record: b }) => isPair(a, b));
    return pair === undefined ? [] : [a.summary.testAccuracy - pair.record.summary.testAccuracy];
  });
  return {
    settings: runs[0]!.record.settings,
    batches,
    arms: [leak, paper],
    difference: pairedDifference(differences),
  };
}

/** The views of an arm's runs as one: means over seeds, `deviation` theirs. Undefined without any weights. */
export function armView({ runs }: DynamicsArm): NetworkView | undefined {
  const views = runs.flatMap(({ view }) => (view === undefined ? [] : [view]));
  const [first] = views;
  if (first === undefined) return undefined;
  const over = (value: (view: NetworkView) => number) => mean(views.map(value));
  return {
    rates: first.rates.map(({ name, neurons, ratePerStep }, i) => ({
      name,
      neurons,
      rate: over(({ rates }) => rates[i]!.rate),
      ratePerStep: ratePerStep.map((_, t) => over(({ rates }) => rates[i]!.ratePerStep[t]!)),
    })),
    gradients: {
      loss: over(({ gradients }) => gradients.loss),
      layers: first.gradients.layers.map(({ name, kind }, i) => {
        const norms = views.map(({ gradients }) => gradients.layers[i]!.norm);
        return { name, kind, norm: mean(norms), deviation: deviation(norms) };
      }),
      neurons: first.gradients.neurons.map(({ name, values }, i) => ({
        name,
        values,
        open: over(({ gradients }) => gradients.neurons[i]!.open),
        flat: over(({ gradients }) => gradients.neurons[i]!.flat),
        gain: over(({ gradients }) => gradients.neurons[i]!.gain),
      })),
    },
  };
}

/** Share of all neurons of a network that fire at each time step. */
export function networkRates({ rates }: Pick<NetworkView, 'rates'>): number[] {
  const neurons = rates.reduce((sum, layer) => sum + layer.neurons, 0);
  return (rates[0]?.ratePerStep ?? []).map(
    (_, t) => rates.reduce((sum, layer) => sum + layer.neurons * layer.ratePerStep[t]!, 0) / neurons,
  );
}
