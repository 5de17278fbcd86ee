// Optimisers, schedules, clipping, averages of weights.

export { type Remembered, type UpdateRule, updateRule } from '../neurons';

export { Adam, type AdamOptions } from './adam';
export { AdamW, type AdamWOptions } from './adamw';
export { clipGradNorm } from './clip';
export { CustomOptimizer, type CustomOptimizerOptions } from './custom';
export type { Descent, OptimizerSlot, StepNumbers } from './descent';
export { Ema, type EmaOptions, type EmaState } from './ema';
export type { GroupOf, OptimizerConstants, ParameterGroup, TrainedParameters } from './groups';
export { Lion, type LionOptions } from './lion';
export { Muon, type MuonOptions } from './muon';
export type { Optimizer, OptimizerGroup, OptimizerState } from './optimizer';
export { Optimizers } from './optimizers';
export { type NetworkGroup, type ParameterGroupsOptions, parameterGroups } from './parameter-groups';
export { RmsProp, type RmsPropOptions } from './rmsprop';
export { Schedule, type ShareAt } from './schedule';
export {
  constantRate,
  cosine,
  linearDecay,
  type OneCycleOptions,
  oneCycle,
  type RampOptions,
  type StepDecayOptions,
  stepDecay,
} from './schedules';
export { Sgd, type SgdOptions } from './sgd';
