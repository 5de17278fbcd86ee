// Data sets and batches; the parts that run anywhere.

export {
  AUGMENTATIONS,
  type AugmentationName,
  type AugmentOptions,
  augmentedPixels,
  parseAugmentations,
  writeImage,
} from './augment';
export { type Batch, type BatchOptions, batchCount, batches, imageStream } from './batches';
export type { ByteSource } from './bytes';
export { readCifar10, readCifar100 } from './cifar';
export { concatDatasets, type Dataset, makeDataset, type ReadOptions, take } from './dataset';
export { type EventFramesOptions, eventFrames } from './event-frames';
export type { EventStream } from './events';
export { type AedatOptions, readAedat } from './events-aedat';
export { readNMnist } from './events-nmnist';
export {
  type IdxImages,
  type IdxLabels,
  type ReadLabelsOptions,
  readIdxImages,
  readIdxLabels,
  readMnist,
} from './idx';
export { type ShapesOptions, shapes } from './shapes';
