// Numbers as readouts and tables show them.

/** Three decimals, with a true minus sign. */
export function reading(value: number): string {
  return value.toFixed(Number.isInteger(value) && Math.abs(value) < 10 ? 0 : 3).replace('-', '−');
}
