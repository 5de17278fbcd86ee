// The kinds of value that a room's state is made of, each with how it stands in an address.

import type { Field } from './codec';

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** `value` on the grid of the range, counted from zero, and inside it. */
export function snap(value: number, { min, max, step }: Range): number {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const snapped = Number((Math.round(value / step) * step).toFixed(decimals));
  return Math.min(max, Math.max(min, snapped)) + 0; // no negative zero
}

/** A number of a slider. The ends of the range must be on its grid. */
export function number(initial: number, range: Range): Field<number> & { readonly range: Range } {
  return {
    initial,
    range,
    read(text) {
      if (!/^-?\d{1,9}(\.\d{1,9})?$/.test(text)) return undefined;
      const value = Number(text);
      return value < range.min || value > range.max ? undefined : snap(value, range);
    },
    write: String,
  };
}

/** One of a few words. */
export function choice<V extends string>(initial: V, values: readonly V[]): Field<V> {
  return {
    initial,
    read: (text) => values.find((value) => value === text),
    write: (value) => value,
  };
}

export function flag(initial: boolean): Field<boolean> {
  return {
    initial,
    read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
    write: (value) => (value ? '1' : '0'),
  };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A drawn signal of at most `longest` values, one character each; the range has at most 64 values. */
export function signal(longest: number, range: Range): Field<readonly number[]> & { readonly range: Range } {
  const levels = Math.round((range.max - range.min) / range.step) + 1;
  if (levels > DIGITS.length) throw new Error(`signal: ${levels} levels do not fit in one character of 64`);
  return {
    initial: [],
    range,
    read(text) {
      if (text.length > longest) return undefined;
      const indices = Array.from(text, (digit) => DIGITS.indexOf(digit));
      if (indices.some((index) => index < 0 || index >= levels)) return undefined;
      return indices.map((index) => snap(range.min + index * range.step, range));
    },
    write: (values) => values.map((value) => DIGITS[Math.round((value - range.min) / range.step)]!).join(''),
  };
}
