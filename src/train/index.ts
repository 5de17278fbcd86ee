// Training and evaluation; the parts that run anywhere.

export type { BestEpoch } from './best';
export {
  type Checkpoint,
  type CheckpointHeader,
  decodeCheckpoint,
  type EncodeOptions,
  encodeCheckpoint,
  encodeModel,
  restoreModel,
  restoreTrainer,
} from './checkpoint';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate';
export { buildNetwork, checkImages, imageSettings } from './network';
export { weightsSettings } from './network/foreign';
export { AnomalyError, type AnomalyOptions, detectAnomaly } from './numbers/anomaly';
export type { Anomaly } from './numbers/watch';
export { type Pixels, type Prediction, type PredictOptions, predict } from './predict';
export { type LoadedModel, load, save } from './save';
export {
  ARCHITECTURES,
  type Architecture,
  type Continuation,
  checkRunSettings,
  DATASETS,
  type DataSettings,
  type DatasetName,
  defaultWidth,
  type NetworkSettings,
  type RunSettings,
  type TrainingSettings,
  trainingSettings,
} from './settings';
export { type GivenSettings, runSettings } from './settings/defaults';
export type { Decayed, OptimizerName, ScheduleName } from './settings/descent';
export type { RunPhase } from './settings/phases';
export {
  describeRecipe,
  RECIPES,
  type Recipe,
  type RecipeName,
  type RecipeSettings,
  recipes,
  withRecipe,
} from './settings/recipes';
export { Trainer } from './trainer';
export type { EpochMetrics, StepMetrics, TrainerEvents, TrainerProgress } from './trainer/events';
export type { ImageWaiting } from './trainer/feed';
export type { TrainerOptions } from './trainer/options';
export { trainingWorkload } from './workload';
