// Training and evaluation; the parts that run anywhere.

export { AnomalyError, type AnomalyOptions, detectAnomaly } from './anomaly';
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
export type { Anomaly } from './number-watch';
export {
  describeRecipe,
  RECIPES,
  type Recipe,
  type RecipeName,
  type RecipeSettings,
  recipes,
  withRecipe,
} from './recipes';
export {
  ARCHITECTURES,
  type Architecture,
  buildNetwork,
  checkImages,
  checkRunSettings,
  DATASETS,
  type DataSettings,
  type DatasetName,
  defaultWidth,
  imageSettings,
  type NetworkSettings,
  type RunSettings,
  type TrainingSettings,
} from './settings';
export {
  type EpochMetrics,
  type StepMetrics,
  Trainer,
  type TrainerEvents,
  type TrainerProgress,
} from './trainer';
export { trainingWorkload } from './workload';
