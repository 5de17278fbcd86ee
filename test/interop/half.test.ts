import { describe, expect, test } from 'vitest';
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from '../../src/formats/half';

const everyPattern = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** The value of F16 bits from the definition, by another route than the code under test. */
function f16Value(h: number): number {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 0x1f;
  const fraction = h & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

describe('half precision', () => {
  test('every F16 pattern widens to the value that its bits define', () => {
    const wide = f16ToF32(everyPattern);
    expect(wide.every((value, h) => Object.is(value, f16Value(h)))).toBe(true);
    expect(wide.filter(Number.isNaN).length).toBe(2 * 1023);
  });

  test('every F16 pattern, NaN payloads included, comes back from f32 as it was', () => {
    expect(f32ToF16(f16ToF32(everyPattern))).toEqual(everyPattern);
  });

  test('every BF16 pattern, NaN payloads included, comes back from f32 as it was', () => {
    expect(f32ToBf16(bf16ToF32(everyPattern))).toEqual(everyPattern);
  });

  test('rounding goes to the nearest neighbour and at the midpoint to the even one, for all neighbours', () => {
    // Between the finite F16 a (bits h) and b (bits h + 1); the last pair's b is 65,536, where F16 has Infinity.
    for (const [widen, narrow, last] of [
      [f16ToF32, f32ToF16, 0x7bff],
      [bf16ToF32, f32ToBf16, 0x7f7f],
    ] as const) {
      const low = everyPattern.slice(0, last);
      const a = widen(low);
      const b = widen(low.map((h) => h + 1));
      const middle = a.map((x, i) => x / 2 + b[i]! / 2);
      expect(narrow(middle)).toEqual(low.map((h) => h + (h & 1)));
      expect(narrow(middle.map((x, i) => x * 0.75 + a[i]! * 0.25)).slice(2)).toEqual(low.slice(2));
      expect(narrow(middle.map((x, i) => x * 0.75 + b[i]! * 0.25)).slice(2)).toEqual(
        low.slice(2).map((h) => h + 1),
      );
    }
  });

  test('values beyond the range become infinities of their sign', () => {
    expect([...f32ToF16(new Float32Array([65519.996, 65520, -65520, 1e38, -1e38]))]).toEqual([
      0x7bff, 0x7c00, 0xfc00, 0x7c00, 0xfc00,
    ]);
    expect([...f32ToBf16(new Float32Array([3.4e38, -3.4e38]))]).toEqual([0x7f80, 0xff80]);
    expect([...f32ToF16(new Float32Array([1e-10, -1e-10, 2 ** -25, 2 ** -25 * 1.5]))]).toEqual([
      0, 0x8000, 0, 1,
    ]);
  });

  test('a NaN whose payload lies in the dropped bits stays a NaN', () => {
    const nan = new Float32Array(new Uint32Array([0x7f800001, 0xff800001]).buffer);
    expect([...f16ToF32(f32ToF16(nan))].every(Number.isNaN)).toBe(true);
    expect([...bf16ToF32(f32ToBf16(nan))].every(Number.isNaN)).toBe(true);
  });

  test('a view into a larger buffer is read where it lies', () => {
    const big = new Float32Array([9, 1, 2, 9]);
    expect(f16ToF32(f32ToF16(big.subarray(1, 3)))).toEqual(new Float32Array([1, 2]));
    expect(bf16ToF32(f32ToBf16(big.subarray(1, 3)))).toEqual(new Float32Array([1, 2]));
  });
});
