// Data sets and batches; the parts that run anywhere.

export {
  AUGMENTATIONS,
  type AugmentationName,
  type AugmentOptions,
  augmentedPixels,
  parseAugmentations,
  writeImage,
} from './augment';
export { type Batch, type Batches, type BatchOptions, batchCount, batches, imageStream } from './batches';
export type { Packed } from './batches/unpack';
export type { ByteSource } from './bytes';
export { readCifar10, readCifar100 } from './cifar';
export { type Dataset, type DatasetParts, makeDataset, type ReadOptions } from './dataset';
export { type AedatOptions, readAedat } from './events/aedat';
export type { Convention } from './events/convention-names';
export { type EventFrameStreamOptions, eventFrameStream } from './events/frame-stream';
export { type EventFramesOptions, eventFrames } from './events/frames';
export type { Recording } from './events/hdf5';
export { readNMnist } from './events/nmnist';
export { type PaddedFrames, type PaddedFramesOptions, paddedEventFrames } from './events/padded';
export { eventPieces, eventRecordings, type ReadEventsOptions, readDat, readEvents } from './events/read';
export type { EventPieces, EventStream } from './events/stream';
export type { Records } from './flatten';
export type { AnyDataset, FloatDataset } from './float-dataset';
export {
  type IdxImages,
  type IdxLabels,
  type ReadLabelsOptions,
  readIdxImages,
  readIdxLabels,
  readMnist,
} from './idx';
export { type ImageArraysOptions, readImageArrays, readParquetImages } from './images';
export { type DatasetOptions, datasetOf } from './own';
export { concatDatasets, split, take } from './parts';
export type { PictureSet } from './picture/list';
export { type ShapesOptions, shapes } from './shapes';
export {
  type StreamedDataset,
  type StreamedDatasetOptions,
  type StreamedRecords,
  streamedDataset,
  type TrainingData,
} from './stream/dataset';
