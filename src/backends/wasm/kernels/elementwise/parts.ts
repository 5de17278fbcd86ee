// Adding up the chunks' partial sums, always in the same order.

/** out[i] = sum over the parts of parts[i], n floats; parts `bytes` apart, added in f64. */
export function sumParts(parts: usize, count: i32, bytes: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    let p: usize = parts + (<usize>i << 2), sum: f64 = 0;
    for (let k = 0; k < count; k++, p += bytes) sum += <f64>load<f32>(p);
    store<f32>(out + (<usize>i << 2), <f32>sum);
  }
}
