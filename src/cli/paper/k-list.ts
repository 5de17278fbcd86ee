// A list of steepnesses of MPR on the command line: `1,3,5,7`, a range `1:20`, a range by steps `1:9:2`, or all of these
// joined by commas.

import { SpikegradError } from '../../errors';

/** No list is longer: what it asks for is done once for each. */
const MOST = 100;

const EXAMPLES = 'numbers above 0 such as 1,3,5,7, or a range such as 1:20';

function wrong(text: string): SpikegradError {
  return new SpikegradError('--k', `expects ${EXAMPLES}, got "${text}"`);
}

function positive(text: string, whole: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value <= 0) throw wrong(whole);
  return value;
}

/** @throws SpikegradError that says what would have been right */
export function parseSteepnesses(text: string): number[] {
  const list = text.split(',').flatMap((part) => {
    const bounds = part.split(':').map((bound) => positive(bound, text));
    const [from, to = from, step = 1] = bounds as [number, number?, number?];
    const count = Math.floor((to - from) / step + 1e-9) + 1;
    if (bounds.length > 3 || count < 1) throw wrong(text);
    if (count > MOST) throw new SpikegradError('--k', `at most ${MOST} values, "${text}" has more`);
    return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));
  });
  const unique = [...new Set(list)];
  if (unique.length > MOST) throw new SpikegradError('--k', `at most ${MOST} values, "${text}" has more`);
  return unique;
}
