// The optimisers and schedules that a run may have, by name: defaults of each, and what makes them.

import type { Module } from '../../nn/module';
import {
  Adam,
  AdamW,
  constantRate,
  cosine,
  Lion,
  linearDecay,
  Muon,
  type NetworkGroup,
  type Optimizer,
  Optimizers,
  oneCycle,
  parameterGroups,
  RmsProp,
  type Schedule,
  Sgd,
  stepDecay,
} from '../../optim';
import { phaseInWords, type RunPhase } from './phases';

/** The optimisers that a run may have. */
export const OPTIMIZERS = ['sgd', 'nesterov', 'adam', 'adamw', 'rmsprop', 'lion', 'muon'] as const;
/** The name of an optimiser that a run may have. */
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** What decays: all parameters, or those of two or more axes; of neurons in either case what they say. */
export type Decayed = 'all' | 'weights';

/** What an optimiser's settings are where nothing is said. */
interface Defaults {
  readonly lr: number;
  /** β₁ of Adam, AdamW and Lion. */
  readonly momentum: number;
  readonly weightDecay: number;
  readonly decay: Decayed;
}

/** Rates that learn well in a short run (bench/results/optimizers.md), of two the lower; decays: usual ones. */
export const OPTIMIZER_DEFAULTS: Readonly<Record<OptimizerName, Defaults>> = {
  sgd: { lr: 0.1, momentum: 0.9, weightDecay: 0, decay: 'all' },
  nesterov: { lr: 0.1, momentum: 0.9, weightDecay: 0, decay: 'all' },
  adam: { lr: 0.005, momentum: 0.9, weightDecay: 0, decay: 'weights' },
  adamw: { lr: 0.005, momentum: 0.9, weightDecay: 0.05, decay: 'weights' },
  rmsprop: { lr: 0.002, momentum: 0, weightDecay: 0, decay: 'weights' },
  lion: { lr: 0.0015, momentum: 0.9, weightDecay: 0.2, decay: 'weights' },
  muon: { lr: 0.05, momentum: 0.95, weightDecay: 0.01, decay: 'weights' },
};

/** The learning rate of what Muon leaves to AdamW, as a share of its own. */
const BESIDE_MUON = 0.1;

/** What an optimiser of a run is made from. */
export interface OptimizerSettings {
  readonly optimizer?: OptimizerName | undefined;
  readonly lr: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly decay?: Decayed | undefined;
  readonly normBiasRate?: number | undefined;
  readonly neuronRate?: number | undefined;
}

const makers: Readonly<
  Record<OptimizerName, (groups: readonly NetworkGroup[], settings: OptimizerSettings) => Optimizer>
> = {
  sgd: (groups, { lr, momentum, weightDecay }) => new Sgd(groups, { lr, momentum, weightDecay }),
  nesterov: (groups, { lr, momentum, weightDecay }) =>
    new Sgd(groups, { lr, momentum, weightDecay, nesterov: true }),
  adam: (groups, { lr, momentum, weightDecay }) =>
    new Adam(groups, { lr, betas: [momentum, 0.999], weightDecay }),
  adamw: (groups, { lr, momentum, weightDecay }) =>
    new AdamW(groups, { lr, betas: [momentum, 0.999], weightDecay }),
  rmsprop: (groups, { lr, momentum, weightDecay }) => new RmsProp(groups, { lr, momentum, weightDecay }),
  lion: (groups, { lr, momentum, weightDecay }) =>
    new Lion(groups, { lr, betas: [momentum, 0.99], weightDecay }),
  muon(groups, { lr, momentum, weightDecay }) {
    const part = (isMatrix: boolean, share: number) =>
      groups
        .map((group) => ({
          ...group,
          ...(group.lr !== undefined && { lr: share * group.lr }),
          parameters: group.parameters.filter(({ shape }) => shape.length >= 2 === isMatrix),
        }))
        .filter(({ parameters }) => parameters.length > 0);
    const [matrices, others] = [part(true, 1), part(false, BESIDE_MUON)];
    return new Optimizers(
      ...(matrices.length > 0 ? [new Muon(matrices, { lr, momentum, weightDecay })] : []),
      ...(others.length > 0 ? [new AdamW(others, { lr: BESIDE_MUON * lr, weightDecay })] : []),
    );
  },
};

/** What of these settings is not SGD under a cosine, in words: `adamw`, `schedule one-cycle`. */
export function descentInWords(settings: {
  readonly optimizer?: string | undefined;
  readonly decay?: Decayed | undefined;
  readonly schedule?: string | undefined;
  readonly warmup?: number | undefined;
  readonly ema?: number | null | undefined;
  readonly phases?: readonly RunPhase[] | undefined;
}): string[] {
  const { optimizer, decay, schedule, warmup, ema, phases } = settings;
  return [
    ...(optimizer === undefined ? [] : [optimizer]),
    ...(decay === undefined ? [] : [`decay of ${decay}`]),
    ...(schedule === undefined ? [] : [`schedule ${schedule}`]),
    ...(warmup === undefined ? [] : [`${warmup} epochs of warm-up`]),
    ...(phases === undefined ? [] : [`phases ${phases.map(phaseInWords).join(',')}`]),
    ...(ema == null ? [] : [`weights averaged by ${ema}`]),
  ];
}

/** The optimiser of a run's network. */
export function optimizerOf(network: Module, settings: OptimizerSettings): Optimizer {
  const { optimizer = 'sgd', decay = 'all', normBiasRate = 1, neuronRate = 1, lr } = settings;
  const times = (factor: number) => (factor === 1 ? undefined : factor * lr);
  const groups = parameterGroups(network, {
    decay,
    normBiasLr: times(normBiasRate),
    neuronLr: times(neuronRate),
  });
  return makers[optimizer](groups, settings);
}

const schedules = {
  cosine: () => cosine(),
  linear: () => linearDecay(),
  'one-cycle': () => oneCycle(),
  step: () => stepDecay(),
  constant: () => constantRate(),
} satisfies Record<string, () => Schedule>;

/** The name of a schedule that a run may have. */
export type ScheduleName = keyof typeof schedules;
/** The schedules that a run may have. */
export const SCHEDULES = /* @__PURE__ */ Object.keys(schedules) as ScheduleName[];

export function scheduleNamed(name: ScheduleName): Schedule {
  return schedules[name]();
}
