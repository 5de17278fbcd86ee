// What the screening compares: a base, and ingredients one at a time beside it. Settings as `spikegrad train` takes
// them; nothing is trained here.

import { learnable, neuronToJson, zoo } from '../../src/snn';
import type { GivenSettings } from '../../src/train';
import type { RunPhase } from '../../src/train/settings/phases';

/** Six parts of seven at T = 1, a fifth of them rising, then one at the run's T. */
const ONE_STEP_FIRST: readonly RunPhase[] = [
  { timesteps: 1, parts: 1.2, from: 0.01, to: 1 },
  { timesteps: 1, parts: 4.8, from: 1, to: 0.3 },
  { parts: 1, from: 0.3, to: 0 },
];
/** The same rates without other time steps. */
const SAME_STEPS = ONE_STEP_FIRST.map(({ timesteps: _, ...phase }) => phase);

/** The neuron of all runs as equations, whose tau is learnt. */
const LEARNT_TAU = neuronToJson(zoo.lif({ tau: learnable(0.25) }));

export const BASE: GivenSettings = {
  dataset: 'cifar10',
  arch: 'resnet20-small',
  timesteps: 2,
  mpr: null,
  batch: 32,
  lr: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  decay: 'weights',
  augment: ['crop', 'flip'],
  schedule: 'linear',
  phases: ONE_STEP_FIRST,
  normBatches: 50,
};

/** What an arm changes in the base. */
export const ARMS: Readonly<Record<string, GivenSettings>> = {
  base: {},
  'two-steps-throughout': { phases: SAME_STEPS, normBatches: 0 },
  'norms-not-measured': { normBatches: 0 },
  'mpr-3': { mpr: 3 },
  'rate-0.2': { lr: 0.2 },
  'rate-0.05': { lr: 0.05 },
  'batch-16': { batch: 16 },
  'batch-64': { batch: 64, lr: 0.2 },
  nesterov: { optimizer: 'nesterov' },
  adamw: { optimizer: 'adamw', lr: 0.005, weightDecay: 0.05 },
  'adamw-0.01': { optimizer: 'adamw', lr: 0.01, weightDecay: 0.05 },
  muon: { optimizer: 'muon', lr: 0.02, momentum: 0.9, weightDecay: 0.01 },
  'decay-all': { decay: 'all' },
  'no-decay': { weightDecay: 0 },
  'bias-rate-8': { normBiasRate: 8 },
  'bias-rate-32': { normBiasRate: 32 },
  whitened: { stem: 'whitened' },
  'label-smoothing': { labelSmoothing: 0.1 },
  'alternate-flip': { augment: ['crop', 'alternate-flip'] },
  shift: { augment: ['shift', 'flip'] },
  'no-crop': { augment: ['flip'] },
  ema: { ema: 0.99 },
  tet: { loss: 'tet' },
  'surrogate-1.5': { surrogateWidth: 1.5 },
  'surrogate-2': { surrogateWidth: 2 },
  'rate-bounds': { rateBounds: [0.05, 0.3] },
  'one-step-gradient': { gradientSteps: 'one' },
  'two-steps-one-gradient': { phases: SAME_STEPS, normBatches: 0, gradientSteps: 'one' },
  'learnt-tau': { neuron: LEARNT_TAU },
  'learnt-tau-rate-8': { neuron: LEARNT_TAU, neuronRate: 8 },
};

/** The settings of arms joined by `+`, a later one before an earlier: `nesterov+whitened`. */
export function settingsOfArms(words: string): GivenSettings {
  const changes = words.split('+').map((name) => {
    const arm = ARMS[name];
    if (arm === undefined)
      throw new Error(`there is no arm ${name}; there are ${Object.keys(ARMS).join(', ')}`);
    return arm;
  });
  return Object.assign({}, BASE, ...changes) as GivenSettings;
}
