// Sums that every chunk of images has made for itself, added up in the order of the chunks. No SIMD: a few hundred numbers.

/**
 * out[i] = Σ over parts and lanes.
 * @param parts nParts times f64 [n][lanes], partBytes apart
 * @param out f32 [n]
 */
export function foldParts(parts: usize, nParts: i32, partBytes: usize, lanes: i32, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    let sum: f64 = 0;
    for (let p = 0; p < nParts; p++) {
      const at = parts + <usize>p * partBytes + (<usize>(i * lanes) << 3);
      for (let lane = 0; lane < lanes; lane++) sum += load<f64>(at + (<usize>lane << 3));
    }
    store<f32>(out + (<usize>i << 2), <f32>sum);
  }
}
