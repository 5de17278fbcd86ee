// What needs Node: files, folders, downloads.

export {
  type DatasetOptions,
  type DownloadOptions,
  type DownloadProgress,
  downloadDataset,
} from './data/download';
export { type FileDatasetName, loadDataset } from './data/files';
export { FolderHeldError, FolderLostError } from './disk/lock';
export { writeAtomically } from './disk/write';
export { calibrationFolder } from './train/calibration-folder';
export type { MetricsLine } from './train/metrics';
export type { RunSummary } from './train/report';
export { RUN_FILES, readCheckpoint } from './train/run-files';
export { type HoldOptions, RunFolder } from './train/run-folder';
