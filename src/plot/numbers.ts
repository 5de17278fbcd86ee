// Numbers on their way into a picture: which of them can be drawn, what range an axis shows, how they are written.
// SVG has no NaN and renderers choke on 1e300, so everything passes here before it meets a scale.

import type { ScaleContinuousNumeric, ScaleLinear } from 'd3-scale';

const LARGEST = 1e100;
const SMALLEST = 1e-100;

/** The number to draw: NaN for what is not finite, otherwise clamped to ±1e100, with magnitudes under 1e-100 as 0. */
export function plottable(value: number): number {
  if (!Number.isFinite(value)) return Number.NaN;
  if (Math.abs(value) < SMALLEST) return 0;
  return Math.max(-LARGEST, Math.min(LARGEST, value));
}

/** The same for an axis with equal steps for equal ratios, where only what is above 0 has a place. */
export function plottableRatio(value: number): number {
  const drawn = plottable(value);
  return drawn > 0 ? drawn : Number.NaN;
}

/** Smallest and largest of the numbers that can be drawn; undefined where there are none. */
export function extent(values: Iterable<number>): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const raw of values) {
    const value = plottable(raw);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/**
 * An axis' range: never empty, never narrower than floats can tick. Equal values get room on both sides, no values get
 * [0, 1].
 */
export function axisDomain(range: readonly [number, number] | undefined): [number, number] {
  if (!range) return [0, 1];
  const [low, high] = range[0] <= range[1] ? range : [range[1], range[0]];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > size * 1e-9) return [low, high];
  const room = size * 0.1 || 1;
  return [low - room, high + room];
}

/** The asked range with bounds that cannot be drawn taken from the data's range. */
export function chosenDomain(
  asked: readonly [number, number] | undefined,
  data: readonly [number, number] | undefined,
): [number, number] {
  const [dataLow, dataHigh] = axisDomain(data);
  const low = plottable(asked?.[0] ?? Number.NaN);
  const high = plottable(asked?.[1] ?? Number.NaN);
  return axisDomain([Number.isNaN(low) ? dataLow : low, Number.isNaN(high) ? dataHigh : high]);
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/**
 * About `count` round values of a scale, written alike: plain up to 9,999, then 10k, 2.5M; with exponents at the ends.
 */
export function axisTicks(scale: ScaleLinear<number, number>, count: number, integers = false): Tick[] {
  const ticks = scale.ticks(count).filter((t) => !integers || Number.isInteger(t));
  const largest = Math.max(0, ...ticks.map(Math.abs));
  let specifier: string | undefined;
  if (largest >= 1e15 || (largest < 1e-3 && largest > 0)) specifier = '~e';
  else if (largest >= 1e4) specifier = '~s';
  else if (integers) specifier = 'd';
  const format = scale.tickFormat(count, specifier);
  const prefixed = specifier?.startsWith('~') === true;
  return ticks.map((value) => ({ value, label: prefixed && value === 0 ? '0' : format(value) }));
}

/** The range of an axis with equal steps for equal ratios: above 0, never empty. */
export function logDomain(
  asked: readonly [number, number] | undefined,
  values: readonly number[],
): [number, number] {
  const data = extent(values.map(plottableRatio)) ?? [1, 10];
  const [low = Number.NaN, high = Number.NaN] = asked ?? [];
  return chosenDomain([plottableRatio(low), plottableRatio(high)], data);
}

/** About `count` powers of ten, or within one decade round values between. */
export function logTicks(scale: ScaleContinuousNumeric<number, number>, count: number): Tick[] {
  const [low, high] = scale.domain().map(Math.log10) as [number, number];
  const [first, last] = [Math.ceil(low - 1e-9), Math.floor(high + 1e-9)];
  const write = (value: number) => ({ value, label: formatValue(value) });
  if (last <= first) return scale.ticks(count).map(write);
  const every = Math.ceil((last - first + 1) / (count + 1));
  const powers = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => first + i * every);
  return powers.map((power) => write(10 ** power));
}

/**
 * A number for a label or a table cell: integers whole, others to four significant digits, but never coarser than 1.
 */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (Number.isInteger(value) && size < 1e6)) return String(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(3).replace(/\.?0+e/, 'e');
  return String(size >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
}
