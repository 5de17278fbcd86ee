// Data sets on disk that need not fit into memory (Node only). What lies where is found as loadDataset finds it.

import { check, SpikegradError } from '../../../errors';
import {
  checkKind,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  shown,
  text,
  whole,
} from '../../../options';
import { streamEvents } from '../../event-sets/node/stream';
import { EVENT_SETS, type EventSetName, isEventSet } from '../../event-sets/sets';
import { type FileDatasetName, LAYOUTS } from '../../layouts';
import { findFile, foldersOf } from '../../node/found';
import { describeFolder } from '../../node/found/forms';
import { ownFormOf } from '../../node/own/of';
import { take } from '../../parts';
import type { StreamedDataset } from '../dataset';
import { streamOfficial } from './official';

/** How a data set is read in parts. */
export interface StreamDatasetOptions {
  /** Bytes that what is read may take, besides the batches that are made of it. Default 256 MiB. */
  readonly memory?: number;
  /** Use only the first so many records. Default: all. */
  readonly limit?: number;
  /** T, frames of a recording of events. Default: as of `loadEventDataset`. */
  readonly timesteps?: number;
}

const count = whole({ least: 1 });

export const streamDatasetOptions = optionTable({
  memory: option(count, 2 ** 28, '256 MiB'),
  limit: optional(count, 'all'),
  timesteps: optional(count, 'as of loadEventDataset'),
} satisfies OptionsOf<StreamDatasetOptions>);

const WHERE = 'streamDataset';

/**
 * A split of a data set on disk that is read while it is trained on, so that it may be larger than memory:
 *
 * | what lies there | a part is |
 * |---|---|
 * | CIFAR-10, CIFAR-100; MNIST, Fashion-MNIST; one `.npz` | a record |
 * | folders of pictures | a picture |
 * | recordings of events, one a file (N-MNIST, CIFAR10-DVS, DVS Gesture), or in HDF5 (SHD, SSC) | a recording |
 * | Parquet tables of pictures | a group of rows |
 *
 * What is packed (idx with gzip, arrays of numpy.savez_compressed) is unpacked into a temporary file first.
 * Where a part is one record, an epoch is that of `loadDataset`, to the bit. Records are those of `loadDataset`, but
 * for pictures of several sizes or colours: 64 of them are looked at.
 * @param name as for `loadDataset` and `loadEventDataset`
 * @throws SpikegradError as those, and for a form that is read whole; in the loop for a file that is damaged, naming it
 */
export async function streamDataset(
  name: FileDatasetName | EventSetName,
  split: 'train' | 'test',
  directory: string,
  options: StreamDatasetOptions = {},
): Promise<StreamedDataset> {
  const { memory, limit, timesteps } = streamDatasetOptions.read(WHERE, options);
  check(
    Object.hasOwn(LAYOUTS, name) || name === 'images' || isEventSet(name),
    WHERE,
    () =>
      `there is no data set ${shown(name)}; one of ${[...Object.keys(LAYOUTS), 'images', ...EVENT_SETS].join(', ')}`,
  );
  checkKind(WHERE, 'split', oneOf(['train', 'test']), split);
  checkKind(WHERE, 'directory', text, directory);
  const all = isEventSet(name)
    ? await streamEvents(name, split, directory, { memory, timesteps })
    : await streamImages(name, split, directory, memory);
  return limit === undefined ? all : take(all, limit);
}

async function streamImages(
  name: FileDatasetName,
  split: 'train' | 'test',
  directory: string,
  memory: number,
): Promise<StreamedDataset> {
  const own = ownFormOf(WHERE, name, directory);
  if (own !== undefined) return own.stream(split, memory);
  const missing = (what: string) =>
    new SpikegradError(WHERE, `${what} not found in ${directory}: ${describeFolder(directory)}`);
  if (name === 'images') throw missing('pictures in folders of their classes and Parquet tables');
  const folders = foldersOf(name, directory);
  const paths = LAYOUTS[name][split].map((names) => findFile(folders, names) ?? names[0]!);
  const absent = LAYOUTS[name][split].filter((names) => findFile(folders, names) === undefined);
  if (absent.length > 0) throw missing(absent.map((names) => names[0]).join(', '));
  return streamOfficial(name, paths, memory);
}
