// Training and evaluation; the parts that run anywhere.

export { findNonFinite } from './anomaly';
export {
  type Checkpoint,
  type CheckpointHeader,
  decodeCheckpoint,
  encodeCheckpoint,
  encodeModel,
  restoreModel,
  restoreTrainer,
} from './checkpoint';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate';
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
