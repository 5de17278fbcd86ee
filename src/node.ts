// What needs Node: files, folders, downloads.

export { downloadDataset } from './data/download';
export { type FileDatasetName, loadDataset } from './data/files';
export { calibrationFolder } from './train/calibration-folder';
export { type MetricsLine, RUN_FILES, RunFolder, readCheckpoint, writeAtomically } from './train/run-folder';
