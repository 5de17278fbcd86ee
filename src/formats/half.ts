// Half precision: IEEE binary16 (F16) and bfloat16 (BF16) bit patterns to and from f32. Only for files; nothing here
// computes in half precision. Both directions work on bits, so that NaN payloads and -0 survive.

/** F16 bits to f32, exact for all 65,536 patterns. */
export function f16ToF32(half: Uint16Array): Float32Array {
  const out = new Float32Array(half.length);
  const bits = new Uint32Array(out.buffer);
  for (let i = 0; i < half.length; i++) {
    const h = half[i]!;
    const sign = (h & 0x8000) << 16;
    const exponent = (h >> 10) & 0x1f;
    const fraction = h & 0x3ff;
    if (exponent === 0) {
      // Zero or subnormal: fraction · 2^-24. Its absolute value is a normal f32, so the sign is put in as a bit.
      out[i] = fraction * 2 ** -24;
      bits[i]! |= sign;
    } else {
      // The exponent's bias goes from 15 to 127; all ones stays all ones.
      const wide = exponent === 0x1f ? 0xff : exponent + 112;
      bits[i] = sign | (wide << 23) | (fraction << 13);
    }
  }
  return out;
}

/** f32 to the nearest F16, ties to even; beyond ±65,520 to ±Infinity. A NaN keeps the top ten bits of its payload. */
export function f32ToF16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    out[i] = sign | f16Magnitude(bits[i]! & 0x7fffffff);
  }
  return out;
}

/** F16 bits of a non-negative f32 that is given by its bits. */
function f16Magnitude(abs: number): number {
  if (abs > 0x7f800000) return 0x7c00 | ((abs >> 13) & 0x3ff || 0x200);
  if (abs >= 0x47800000) return 0x7c00; // 2^16 and more
  if (abs >= 0x38800000) {
    // 2^-14 and more: a normal number. A carry out of the fraction raises the exponent, at the top into Infinity.
    const shifted = abs - 0x38000000;
    return (shifted + 0xfff + ((shifted >> 13) & 1)) >> 13;
  }
  // |x| = mantissa · 2^(e - 150) = q · 2^-24, so q = mantissa / 2^(126 - e).
  const shift = 126 - (abs >> 23);
  if (shift > 24) return 0;
  const mantissa = (abs & 0x7fffff) | 0x800000;
  const q = mantissa >> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return q + (rest > half || (rest === half && q & 1) ? 1 : 0);
}

/** BF16 bits to f32: the upper half of an f32, exact. */
export function bf16ToF32(half: Uint16Array): Float32Array {
  const bits = new Uint32Array(half.length);
  for (let i = 0; i < half.length; i++) bits[i] = half[i]! << 16;
  return new Float32Array(bits.buffer);
}

/** f32 to the nearest BF16, ties to even. A NaN keeps the top seven bits of its payload. */
export function f32ToBf16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const b = bits[i]!;
    const top = b >>> 16;
    if ((b & 0x7fffffff) > 0x7f800000) out[i] = top & 0x7f ? top : top | 0x40;
    else out[i] = (b + 0x7fff + (top & 1)) >>> 16;
  }
  return out;
}
