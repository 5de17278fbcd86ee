// Every reader of the library with small valid files, by subject. A new format joins by one entry in a list; those
// that need a folder (tar.ts) or a process of their own (hdf5.ts) are started by the test.

import type { Reader } from '../attack';
import { eventReaders } from './events';
import { imageReaders } from './images';
import { packingReaders } from './packings';
import { recordReaders } from './records';
import { weightReaders } from './weights';

export const readers: readonly Reader[] = [
  ...weightReaders,
  ...imageReaders,
  ...eventReaders,
  ...packingReaders,
  ...recordReaders,
];
