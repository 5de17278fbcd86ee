// Options that several charts share, checked: words, sizes, lists of parts.

import { finite, type Kind, kind, listOf, option, optional, required, text, whole } from '../../options';

/** Any list; its entries have a table of their own. */
export function partsKind<T>(what: string): Kind<readonly T[]> {
  return kind(`a list of ${what}`, Array.isArray);
}

export const words: Kind<readonly string[]> = { ...listOf(text), wanted: 'a list of texts' };

/** Numbers that need not be finite: a gap in the picture. */
export const plotNumbers: Kind<readonly number[]> = kind('a list of numbers', (value) =>
  Array.isArray(value)
    ? value.every((entry) => typeof entry === 'number')
    : ArrayBuffer.isView(value) && !(value instanceof DataView),
);

export const number: Kind<number> = kind('a number', (value) => typeof value === 'number');

/** Title and axes of a chart. */
export const captions = {
  title: required(text),
  subtitle: optional(text),
  xLabel: optional(text),
  yLabel: optional(text),
};

/** @param height where none is given */
export const sizes = (height: number) => ({
  width: option(finite(), 440),
  height: option(finite(), height),
});

export const columnCount = whole({ least: 1 });
