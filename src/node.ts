/**
 * What needs Node: files, folders, downloads.
 *
 * @module spikegrad/node
 */

export {
  type DownloadDatasetOptions,
  type DownloadOptions,
  type DownloadProgress,
  downloadDataset,
} from './data/download/node';
export { type LoadEventsOptions, loadEventDataset } from './data/event-sets/node/load';
export type { EventSetName } from './data/event-sets/sets';
export { type FileDatasetName, loadDataset } from './data/node/files';
export { type StreamDatasetOptions, streamDataset } from './data/stream/node';
export { FolderHeldError, FolderLostError } from './disk/lock';
export { writeAtomically } from './disk/write';
export { PythonNeurons, type PythonNeuronsOptions, pythonNeurons } from './testing/node/python';
export type { MetricsLine } from './train/metrics';
export { calibrationFolder } from './train/node/calibration-folder';
export {
  type LoadedFolder,
  type LoadFolderOptions,
  loadFolder,
  type ModelConfig,
  type NetworkConfig,
  type SaveFolderOptions,
  saveFolder,
} from './train/node/model-folder';
export { RUN_FILES, readCheckpoint } from './train/node/run/files';
export { type HoldOptions, RunFolder } from './train/node/run/folder';
export type { RunSummary } from './train/report';
