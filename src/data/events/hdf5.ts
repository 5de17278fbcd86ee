// Events in HDF5, by h5wasm: those of SHD and SSC (spikes/times and spikes/units, a row a recording, labels,
// extra/keys), and groups of one recording each, with lists of times and of places and mostly a label, as DVS Gesture
// is kept.

import type { Dataset, Group } from 'h5wasm';
import { check, SpikegradError } from '../../errors';
import { type ByteStore, storeOf } from '../../formats/byte-store';
import { f16ToF32 } from '../../formats/half';
import { type Hdf5, libraryError, loadHdf5, mountStore, temporaryPath } from '../../formats/hdf5';
import { checkHeaps } from '../../formats/hdf5/heap';
import { foreign } from '../../magic';
import { type ColumnNumbers, type Columns, eventsOf } from './columns';
import { called } from './numpy';
import type { EventStream } from './stream';

/** A recording of a file with several. */
export interface Recording {
  /** Its place in the file: `unit_test/3`, `7`. */
  readonly name: string;
  /** How many recordings the file has. */
  readonly count: number;
  /** The number of its class, where the file has one. */
  readonly label: number | undefined;
  readonly events: EventStream;
}

/** What a file holds. */
export interface RecordingFile {
  /** The names of classes, where the file has them. */
  readonly classes: readonly string[] | undefined;
  readonly length: number;
  /** One of them, read when it is asked for. */
  recording(index: number): Recording;
  close(): void;
}

const MICRO = 1e6;
const UNITS = 700;
const DEEPEST = 6;
const MOST_RECORDINGS = 1_000_000;
const FLOAT = 1;
const VLEN = 9;

/** Bytes by which a file of another kind is known. */
const LOOKED_AT = 4096;

/**
 * Opens a file; of one in a store bytes are read when they are wanted.
 * @throws where it holds no events that are known
 */
export async function openHdf5Events(file: Uint8Array | ByteStore, where: string): Promise<RecordingFile> {
  const store = storeOf(file);
  const other = foreign(store.read(0, LOOKED_AT), 'hdf5Events');
  check(other === undefined, where, () => other!);
  checkHeaps(store, where);
  const hdf5 = await loadHdf5(where, 'events in HDF5');
  const path = temporaryPath();
  mountStore(hdf5, path, store);
  const guarded = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw libraryError(where, error);
    }
  };
  let opened: Group & { close(): unknown };
  try {
    opened = guarded(() => new hdf5.File(path, 'r'));
  } catch (error) {
    hdf5.files.unlink(path);
    throw error;
  }
  const close = () => {
    opened.close();
    hdf5.files.unlink(path);
  };
  try {
    const found = guarded(() => spikes(hdf5, opened, where) ?? groups(hdf5, opened, where));
    return { ...found, recording: (index) => guarded(() => found.recording(index)), close };
  } catch (error) {
    close();
    throw error;
  }
}

type Opened = Omit<RecordingFile, 'close'>;

function spikes(hdf5: Hdf5, file: Group, where: string): Opened | undefined {
  const set = (name: string) => {
    const found = file.keys().includes(name.split('/')[0]!) ? file.get(name) : null;
    return found instanceof hdf5.Dataset ? found : undefined;
  };
  const [times, units, labels] = [set('spikes/times'), set('spikes/units'), set('labels')];
  if (times === undefined || units === undefined) return undefined;
  const length = times.shape?.[0] ?? 0;
  check(
    length > 0 && units.shape?.[0] === length && (labels === undefined || labels.shape?.[0] === length),
    where,
    () => `spikes/times has ${length} rows, spikes/units ${units.shape?.[0]}, labels ${labels?.shape?.[0]}`,
  );
  const numbers = labels === undefined ? undefined : (labels.value as ColumnNumbers);
  const keys = set('extra/keys')?.value;
  return {
    classes: Array.isArray(keys) ? keys.map(String) : undefined,
    length,
    recording(index) {
      const of = `recording ${index} of spikes`;
      const columns = { t: row(times, index), x: row(units, index), unit: MICRO, of };
      const events = eventsOf(columns, where);
      return {
        name: String(index),
        count: length,
        label: numbers === undefined ? undefined : Number(numbers[index]),
        events: { ...events, width: UNITS, height: 1 },
      };
    },
  };
}

/** A row of a list of lists. */
const row = (dataset: Dataset, index: number): ColumnNumbers =>
  numbersOf(dataset, () => (dataset.slice([[index, index + 1]]) as unknown as [unknown])[0]);

/**
 * What is read of a dataset. Half floats, which the library does not know yet, are read as the 16 bits that they are:
 * its notes of the type are changed for that, which is undone by nobody, since it makes them anew for each dataset
 * object.
 */
function numbersOf(dataset: Dataset, read: () => unknown): ColumnNumbers {
  const { metadata } = dataset;
  const inner = metadata.type === VLEN ? metadata.vlen_type : metadata;
  const isHalf = inner?.size === 2 && (inner.type === FLOAT || halves.has(dataset));
  if (isHalf && inner !== undefined) {
    inner.type = 0;
    inner.signed = false;
    halves.add(dataset);
  }
  const list = read() as ColumnNumbers;
  return isHalf ? f16ToF32(Uint16Array.from(list as ArrayLike<number>)) : list;
}

/** Whose notes have been changed. */
const halves = new WeakSet<Dataset>();

function groups(hdf5: Hdf5, file: Group, where: string): Opened {
  const found: { readonly path: string; readonly group: Group }[] = [];
  const visit = (group: Group, path: string, depth: number) => {
    check(
      depth < DEEPEST && found.length < MOST_RECORDINGS,
      where,
      () => `${path} is nested deeper than ${DEEPEST} groups, or the file has too many`,
    );
    const keys = group.keys().sort(byNumber);
    const lists = new Map(keys.map((key) => [key, key]));
    if (called(lists, 't') !== undefined) {
      found.push({ path, group });
      return;
    }
    for (const key of keys) {
      const inner = group.get(key);
      if (inner instanceof hdf5.Group) visit(inner, path === '' ? key : `${path}/${key}`, depth + 1);
    }
  };
  visit(file, '', 0);
  check(
    found.length > 0,
    where,
    () =>
      `the file has ${file.keys().slice(0, 6).join(', ').slice(0, 200) || 'nothing'} at its top, and no lists of events: spikes/times and spikes/units, or groups with time and pos (or x, y, p)`,
  );
  return {
    classes: undefined,
    length: found.length,
    recording(index) {
      const { path, group } = found[index]!;
      return { name: path, count: found.length, ...recordingOf(hdf5, group, path || 'the file', where) };
    },
  };
}

const PLACES = ['pos', 'addrs', 'addr', 'xyp'];

function recordingOf(
  hdf5: Hdf5,
  group: Group,
  path: string,
  where: string,
): Omit<Recording, 'name' | 'count'> {
  const sets = new Map<string, Dataset>();
  for (const key of group.keys()) {
    const one = group.get(key);
    if (one instanceof hdf5.Dataset) sets.set(key, one);
  }
  const t = called(sets, 't');
  const places = PLACES.map((name) => sets.get(name)).find((each) => each !== undefined);
  const list = (dataset: Dataset | undefined) =>
    dataset === undefined ? undefined : numbersOf(dataset, () => dataset.value);
  const label = sets.get('label') ?? sets.get('labels');
  const number = label === undefined ? undefined : Number(label.value);
  if (t === undefined) throw new SpikegradError(where, `${path} has no list of times`);
  let columns: Omit<Columns, 't' | 'unit' | 'of'>;
  if (places !== undefined) {
    const wide = places.shape ?? [];
    check(
      wide.length === 2 && (wide[1] === 3 || wide[1] === 2),
      where,
      () => `the places of ${path} are [${wide}]; rows of x, y and polarity are expected, [n,3]`,
    );
    const all = list(places)!;
    const column = (at: number) => Array.from({ length: wide[0]! }, (_, i) => Number(all[wide[1]! * i + at]));
    columns = { x: column(0), y: column(1), p: wide[1] === 3 ? column(2) : undefined };
  } else {
    const x = list(called(sets, 'x'));
    check(x !== undefined, where, () => `${path} has times and no places: pos, or x, y and p`);
    columns = { x: x!, y: list(called(sets, 'y')), p: list(called(sets, 'p')) };
  }
  const events = eventsOf({ ...columns, t: list(t)!, unit: 1, of: path }, where);
  return { label: Number.isInteger(number) ? number : undefined, events };
}

/** 2 before 10. */
function byNumber(a: string, b: string): number {
  const [m, n] = [Number(a), Number(b)];
  return Number.isNaN(m) || Number.isNaN(n) ? (a < b ? -1 : 1) : m - n;
}
