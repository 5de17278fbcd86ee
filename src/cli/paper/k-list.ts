// A list of steepnesses of MPR on the command line: numbers, and ranges in whole steps such as `1..20`, joined by
// commas.

import { InvalidArgumentError } from 'commander';
import { listOf, realNumber } from '../arguments';

/** What a list asks for is measured once for each. */
const MOST = 100;

/** @throws InvalidArgumentError that says what would have been right */
export function steepnesses(text: string): number[] {
  const values = listOf(range)(text).flat();
  if (new Set(values).size < values.length) throw new InvalidArgumentError('A value is given twice.');
  if (values.length > MOST) throw new InvalidArgumentError(`At most ${MOST} values, got ${values.length}.`);
  return values;
}

function range(text: string): number[] {
  const [from, to = from, ...more] = text.split('..').map(realNumber(0, false)) as [number, ...number[]];
  const count = Math.floor(to - from) + 1;
  if (more.length > 0 || count < 1) throw new InvalidArgumentError(`"${text}" is no range such as 1..20.`);
  return Array.from({ length: Math.min(count, MOST + 1) }, (_, i) => from + i);
}
