// What is known of the images and classes of a run, for its files and for predictions.

import { CIFAR10_CLASSES, CIFAR100_CLASSES, FASHION_CLASSES, MNIST_CLASSES } from '../data/classes';
import { isEventSet } from '../data/event-sets/sets';
import { recordShape } from '../data/float-dataset';
import { NORMALISATION } from '../data/normalisation';
import { SHAPES_CLASSES } from '../data/shapes';
import type { TrainingData } from '../data/stream/dataset';
import type { ModelMetadata } from '../interop/metadata';
import type { Checkpoint } from './checkpoint';
import type { ImageSetName } from './settings';

/** What a network that is trained on a data set takes and tells apart. */
export function imageMetadata(dataset: TrainingData): ModelMetadata {
  const { classes, mean, deviation } = dataset;
  const record = recordShape(dataset);
  const inputShape = 'shape' in dataset && dataset.sequences ? record.slice(1) : record;
  return { classes, mean, deviation, inputShape };
}

const CLASSES: Readonly<Record<ImageSetName, readonly string[]>> = {
  cifar10: CIFAR10_CLASSES,
  cifar100: CIFAR100_CLASSES,
  mnist: MNIST_CLASSES,
  'fashion-mnist': FASHION_CLASSES,
  images: [],
  shapes: SHAPES_CLASSES,
};

/** The same of a run; for one of an older version, which did not write it down, what its settings tell. */
export function metadataOfRun({ settings, metadata }: Checkpoint): ModelMetadata {
  const { dataset, classes, height, imageWidth, channels } = settings;
  const inputShape = [height, imageWidth, channels];
  if (metadata?.mean !== undefined) return { inputShape, ...metadata };
  if (isEventSet(dataset)) return { inputShape };
  const { mean, deviation } = NORMALISATION[dataset];
  return {
    ...(CLASSES[dataset].length === classes && { classes: CLASSES[dataset] }),
    ...(mean.length === channels && { mean, deviation }),
    inputShape,
  };
}
