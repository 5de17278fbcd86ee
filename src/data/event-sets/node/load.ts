// Data sets of events as frames (Node only): each recording is read, cut into frames and forgotten, so that only the
// frames are held.

import { createReadStream, readFileSync } from 'node:fs';
import { check, SpikegradError } from '../../../errors';
import {
  callback,
  checkKind,
  type OptionsOf,
  oneOf,
  optional,
  optionTable,
  text,
  whole,
} from '../../../options';
import { readAll } from '../../bytes';
import { readAedat } from '../../events/aedat';
import { openHdf5File } from '../../events/node/hdf5-file';
import { npyEvents } from '../../events/numpy';
import { readEvents } from '../../events/read';
import type { EventStream } from '../../events/stream';
import type { FloatDataset } from '../../float-dataset';
import { FrameList } from '../frame-list';
import { EVENT_SET, EVENT_SETS, type EventSetName } from '../sets';
import { findEvents, type LabelledFile, type SplitFiles } from './layouts';

/** How a data set of events is read. */
export interface LoadEventsOptions {
  /** Use only the first so many recordings, of each class in turn. Default: all. */
  readonly limit?: number;
  /** T, frames of a recording. Default: 6 for N-MNIST, 16 for DVS Gesture, 8 for CIFAR10-DVS, 100 for SHD and SSC. */
  readonly timesteps?: number;
  /** Called after each recording, with how many are read so far. */
  readonly onProgress?: (recordings: number) => void;
}

const count = whole({ least: 1 });

export const loadEventsOptions = optionTable({
  limit: optional(count, 'all'),
  timesteps: optional(count, '6 for N-MNIST, 16 for DVS Gesture, 8 for CIFAR10-DVS, 100 for SHD and SSC'),
  onProgress: optional(callback<NonNullable<LoadEventsOptions['onProgress']>>('a function (recordings)')),
} satisfies OptionsOf<LoadEventsOptions>);

const WHERE = 'loadEventDataset';
const CHUNK = 2 ** 18;

/**
 * Reads a split of a data set of events as sequences of frames [T,H,W,C] of counts, OFF and ON: N-MNIST (34x34), DVS
 * Gesture and CIFAR10-DVS (brought to 32x32), SHD and SSC (brought to 140 channels of sound, [T,1,140,1]); as their
 * authors, tonic or SpikingJelly lay them out. All five are untried: no network was trained here on their real files;
 * what is tested is that files which tonic, SpikingJelly and h5py wrote are read as those libraries read them.
 * @param directory that holds the files, or a folder of the data set's name with them
 * @throws SpikegradError where there is no such data set, or naming the file that is damaged
 */
export async function loadEventDataset(
  name: EventSetName,
  split: 'train' | 'test',
  directory: string,
  options: LoadEventsOptions = {},
): Promise<FloatDataset> {
  const { limit, timesteps, onProgress } = loadEventsOptions.read(WHERE, options);
  const { files, folder } = splitOf(WHERE, name, split, directory);
  const set = EVENT_SET[name];
  const list = new FrameList(name, { ...set, timesteps: timesteps ?? set.timesteps });
  for await (const { events, label, of } of recordings(files, limit ?? Number.POSITIVE_INFINITY)) {
    naming(of, () => list.add(events, label));
    onProgress?.(list.length);
  }
  return list.finish(folder);
}

/** The files of a split, and where they lie. @throws unless that set lies there, once */
export function splitOf(
  where: string,
  name: EventSetName,
  split: 'train' | 'test',
  directory: string,
): { files: SplitFiles; folder: string } {
  checkKind(where, 'name', oneOf(EVENT_SETS), name);
  checkKind(where, 'split', oneOf(['train', 'test']), split);
  checkKind(where, 'directory', text, directory);
  const all = findEvents(directory);
  const found = all.filter((one) => one.name === name);
  check(found.length === 1, where, () => notOne(name, directory, all));
  const { folder } = found[0]!;
  const files = found[0]!.split(split);
  check(
    files !== undefined,
    where,
    () =>
      `${folder} holds ${EVENT_SET[name].title} without its ${split === 'train' ? 'training' : 'test'} recordings`,
  );
  return { files, folder };
}

function notOne(name: EventSetName, directory: string, all: ReturnType<typeof findEvents>): string {
  const listed = all
    .map((one) => `${one.folder} holds ${EVENT_SET[one.name].title} (${one.name})`)
    .join(', ');
  return `${directory} holds no files of ${EVENT_SET[name].title} (${name}), or several times${listed === '' ? '' : `: ${listed}`}`;
}

/** Events of one recording. */
export interface Labelled {
  readonly events: EventStream;
  readonly label: number;
  /** For messages: the file. */
  readonly of: string;
}

async function* recordings(files: SplitFiles, limit: number): AsyncGenerator<Labelled> {
  if (files.form === 'files') for (const file of files.files.slice(0, limit)) yield recordingOf(file);
  else if (files.form === 'hdf5') yield* ofSounds(files.path, limit);
  else yield* ofTrials(files.recordings, limit);
}

/** One recording. @throws naming the file */
export async function recordingOf(file: LabelledFile): Promise<Labelled> {
  return naming(file.path, () => ofFile(file));
}

async function ofFile({ path, label }: LabelledFile): Promise<Labelled> {
  const source = createReadStream(path, { highWaterMark: CHUNK });
  // tonic's rows have milliseconds
  const events = path.endsWith('.npy')
    ? await npyEvents(await readAll(source, WHERE), 1000, WHERE)
    : await readEvents(source);
  return { events, label, of: path };
}

/** A file of many sounds, which is open. */
export interface SoundFile {
  readonly length: number;
  /** @throws naming the file */
  recording(index: number): Labelled;
  close(): void;
}

export async function openSounds(path: string): Promise<SoundFile> {
  const file = await naming(path, () => openHdf5File(path, WHERE));
  return {
    length: file.length,
    recording(index) {
      const { events, label } = naming(path, () => file.recording(index));
      if (label === undefined) throw new SpikegradError(WHERE, `${path} has no labels`);
      return { events, label, of: `${path}, recording ${index}` };
    },
    close: () => file.close(),
  };
}

async function* ofSounds(path: string, limit: number): AsyncGenerator<Labelled> {
  const file = await openSounds(path);
  try {
    for (let index = 0; index < Math.min(limit, file.length); index++) yield file.recording(index);
  } finally {
    file.close();
  }
}

/** `class,startTime_usec,endTime_usec`, classes from 1. */
async function* ofTrials(paths: readonly string[], limit: number): AsyncGenerator<Labelled> {
  let left = limit;
  for (const path of paths) {
    if (left <= 0) return;
    const list = path.replace(/\.aedat$/, '_labels.csv');
    const lines = (await naming(list, () => readFileSync(list, 'utf8'))).split(/\r?\n/).slice(1);
    const rows = lines.filter((line) => line.trim() !== '').map((line) => line.split(',').map(Number));
    const events = await naming(path, () => readAedat(createReadStream(path, { highWaterMark: CHUNK })));
    for (const [number = Number.NaN, from = Number.NaN, to = Number.NaN] of rows.slice(0, left)) {
      const own = between(events, from, to);
      if (own.length === 0) continue;
      left--;
      yield { events: own, label: number - 1, of: `${path}, from ${from} µs` };
    }
  }
}

function between({ x, y, polarity, time }: EventStream, from: number, to: number): EventStream {
  const chosen: number[] = [];
  for (let i = 0; i < time.length; i++) if (time[i]! >= from && time[i]! < to) chosen.push(i);
  return {
    length: chosen.length,
    x: Uint16Array.from(chosen, (i) => x[i]!),
    y: Uint16Array.from(chosen, (i) => y[i]!),
    polarity: Uint8Array.from(chosen, (i) => polarity[i]!),
    time: Float64Array.from(chosen, (i) => time[i]!),
  };
}

/** Puts the file's name in front of what a reader or the file system complains about. */
export function naming<T>(path: string, read: () => T): T {
  const told = (cause: unknown) => {
    const problem = cause instanceof Error ? cause.message : String(cause);
    return new SpikegradError(WHERE, `${path}: ${problem}`, { cause });
  };
  try {
    const result = read();
    if (result instanceof Promise) return result.catch((cause) => Promise.reject(told(cause))) as T;
    return result;
  } catch (cause) {
    throw told(cause);
  }
}
