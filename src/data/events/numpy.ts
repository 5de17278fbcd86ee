// Events in NumPy's files: .npz with t, x, y, p, as SpikingJelly keeps every data set of events, and .npy with rows
// of four numbers, as tonic has DVS Gesture (x, y, p, t in ms).

import { check, SpikegradError } from '../../errors';
import { type NpyArray, readNpy, readNpz } from '../../formats/numpy';
import { type ColumnNumbers, type Columns, eventsOf } from './columns';
import type { EventStream } from './stream';

/** Names of the four lists. */
const NAMES = {
  t: ['t', 'time', 'times', 'ts', 'timestamp', 'timestamps'],
  x: ['x', 'xs'],
  y: ['y', 'ys'],
  p: ['p', 'pol', 'polarity', 'polarities', 'ps'],
} as const;

/** The list in a file that is called so. */
export function called<T>(lists: ReadonlyMap<string, T>, what: keyof typeof NAMES): T | undefined {
  const name = NAMES[what].find((each) => lists.has(each));
  return name === undefined ? undefined : lists.get(name);
}

async function arrays<T>(where: string, read: Promise<T>): Promise<T> {
  return read.catch((error: unknown) => {
    throw error instanceof SpikegradError ? new SpikegradError(where, `${error.problem} (the array)`) : error;
  });
}

export async function npzEvents(bytes: Uint8Array, where: string): Promise<EventStream> {
  const lists = await arrays(where, readNpz(bytes));
  const list = (what: keyof typeof NAMES): ColumnNumbers | undefined => {
    const array = called(lists, what);
    return array === undefined || array.dtype === 'text' ? undefined : (array.data as ColumnNumbers);
  };
  const [t, x] = [list('t'), list('x')];
  check(t !== undefined && x !== undefined, where, () => {
    const held = [...lists].map(([name, { shape }]) => `${name.slice(0, 40)} [${shape.slice(0, 6)}]`);
    const isFrames = lists.has('frames') ? '; frames are no events: datasetOf takes their numbers' : '';
    return `the archive holds the arrays ${held.slice(0, 8).join(', ') || 'nothing'}; events are t, x, y and p${isFrames}`;
  });
  return eventsOf({ t: t!, x: x!, y: list('y'), p: list('p'), unit: 1, of: 'the archive' }, where);
}

/** @param unit microseconds that a time of 1 stands for */
export async function npyEvents(bytes: Uint8Array, unit: number, where: string): Promise<EventStream> {
  const array: NpyArray = await arrays(where, readNpy(bytes));
  const { shape, dtype, data } = array;
  check(
    dtype !== 'text' && shape.length === 2 && shape[1] === 4,
    where,
    () => `the array is [${shape.slice(0, 8)}] of ${dtype}; events are rows of x, y, p and t, [n,4]`,
  );
  const numbers = data as ColumnNumbers;
  const column = (at: number) =>
    Float64Array.from({ length: shape[0]! }, (_, i) => Number(numbers[4 * i + at]));
  const columns: Columns = { x: column(0), y: column(1), p: column(2), t: column(3), unit, of: 'the array' };
  return eventsOf(columns, where);
}
