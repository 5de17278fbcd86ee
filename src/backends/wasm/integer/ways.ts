// Which way a convolution of bits goes. All give the same bits, so this is a matter of time alone: tables of bytes cost
// the same however many spikes there are, and fill the caches; lists cost what they hold.
//
//   input channels   up to 16   up to 32              up to 64               more
//   lists of halves  never      below 10 %            below 25 %             from 15 % on
//   of channels      never      never                 never                  below 15 %
//   tables           always     above                 above                  never
//
// On a single image lists of halves serve 32 and 64 channels at any rate: tables are read once, and are large. Measured
// on a Zen 5 core (docs/integer.md); other windows than 3x3 look up bytes, or where that takes too much room halves.

import type { ConvStep } from '../../integer';
import { blocksOf, groupsOf, isThree, type Way } from './weights';

/** Bytes of tables that other windows may take. */
const MOST_TABLES = 3 << 20;
/** A list's entries have 16 bits. */
const MOST_UNITS = 65535;

/** @param rate of spikes that go in */
export function wayOf(step: ConvStep, channels: number, rate: number, planes: number): Way {
  const groups = groupsOf(channels);
  if (!isThree(step)) {
    const [kh, kw] = step.window;
    const own = channels === step.groups ? 2 : groups / step.groups;
    return blocksOf(step.shape[0]) * kh * kw * own * 8192 <= MOST_TABLES ? 'bytes' : 'halves';
  }
  if (channels <= 16) return 'tables';
  if (3 * groups * 96 > MOST_UNITS) return 'halves';
  const few = planes < 8;
  if (channels <= 32) return few || rate < 0.1 ? 'quads' : 'tables';
  if (channels <= 64) return few || rate < 0.25 ? 'quads' : 'tables';
  return rate < 0.15 && 3 * groups * 24 <= MOST_UNITS ? 'events' : 'quads';
}
