// The range of a slider for a number that nobody has given one: from 0 to the power of ten above it, in hundredths.

import type { Range } from '../../../frame/fields';

export function rangeFor(value: number): Range {
  const size = Math.abs(value);
  if (size === 0) return { min: -1, max: 1, step: 0.01 };
  let decade = 1e-6;
  while (decade <= size * 1.000001 && decade < 1e6) decade *= 10;
  // 1 of 0 to 2 and not of 0 to 10
  const end = size === decade / 10 ? decade / 5 : decade;
  const most = Number(end.toPrecision(3));
  const step = Number((most / 200).toPrecision(1));
  return value < 0 ? { min: -most, max: most, step } : { min: 0, max: most, step };
}

/** Whether a slider over the range can stand at the value. */
export const isOn = (value: number, { min, max, step }: Range): boolean =>
  value >= min && value <= max && Math.abs(value / step - Math.round(value / step)) < 1e-6;

/** A range that has the value: one around it, with steps as fine as it is written. */
export function roomFor(value: number): Range {
  const range = rangeFor(value);
  let { step } = range;
  while (!isOn(value, { ...range, step }) && step > 1e-6) step = Number((step / 10).toPrecision(1));
  return { ...range, step };
}
