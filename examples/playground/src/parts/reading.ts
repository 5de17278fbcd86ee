// Numbers as readouts and tables show them.

/** A share of 1, in whole hundredths. */
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Three decimals, with a true minus sign. */
export function reading(value: number): string {
  return value.toFixed(Number.isInteger(value) && Math.abs(value) < 10 ? 0 : 3).replace('-', '−');
}
