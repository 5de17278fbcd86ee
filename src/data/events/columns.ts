// Events as lists of columns, rows, polarities and times, as NumPy and HDF5 files have them, checked against each
// other.

import { check } from '../../errors';
import type { EventStream } from './stream';

/** Numbers of any kind. */
export type ColumnNumbers = ArrayLike<number | bigint>;

/** Where a recording's lists come from; y and polarity may be missing, as of sounds. */
export interface Columns {
  readonly t: ColumnNumbers;
  readonly x: ColumnNumbers;
  readonly y?: ColumnNumbers;
  readonly p?: ColumnNumbers;
  /** Microseconds that 1 stands for. */
  readonly unit: number;
  /** For messages: `group 3`. */
  readonly of: string;
}

const MOST = 2 ** 16 - 1;

/** @throws where lists differ in length, or a number is no place, no polarity or no time */
export function eventsOf({ t, x, y, p, unit, of }: Columns, where: string): EventStream {
  const length = t.length;
  for (const [name, list] of Object.entries({ x, y, p }))
    check(
      list === undefined || list.length === length,
      where,
      () => `${of} has ${length} times and ${list!.length} numbers of ${name}`,
    );
  const place = (list: ColumnNumbers, name: string) =>
    Uint16Array.from({ length }, (_, i) => {
      const value = Number(list[i]);
      check(
        Number.isInteger(value) && value >= 0 && value <= MOST,
        where,
        () => `event ${i} of ${of} has ${name} ${value}, which is no place from 0 to ${MOST}`,
      );
      return value;
    });
  const time = Float64Array.from({ length }, (_, i) => {
    const value = Number(t[i]) * unit;
    check(Number.isFinite(value), where, () => `event ${i} of ${of} has the time ${Number(t[i])}`);
    return value;
  });
  const polarity = Uint8Array.from({ length }, (_, i) => {
    const value = p === undefined ? 1 : Number(p[i]);
    check(
      value === 0 || value === 1 || value === -1,
      where,
      () => `event ${i} of ${of} has polarity ${value}; 0 or -1 is OFF, 1 is ON`,
    );
    return value === 1 ? 1 : 0;
  });
  return {
    length,
    x: place(x, 'x'),
    y: y === undefined ? new Uint16Array(length) : place(y, 'y'),
    polarity,
    time,
  };
}
