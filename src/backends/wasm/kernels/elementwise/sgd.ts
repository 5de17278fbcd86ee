// The optimiser's update. No schedule, no loss.

import { loadLanes, storeLanes } from "../lanes";
import { add, fma, fnma, mul } from "../simd";

/** v = momentum·v + g + weightDecay·p; p = p - learningRate·v. p, g, v of n floats; p and v change in place. */
export function sgd(p: usize, g: usize, v: usize, n: i32, learningRate: f32, momentum: f32, weightDecay: f32): void {
  const rate = f32x4.splat(learningRate), keep = f32x4.splat(momentum), decay = f32x4.splat(weightDecay);
  const end = <usize>n << 2;
  let i: usize = 0;
  for (; i + 16 <= end; i += 16) update(false, p + i, g + i, v + i, rate, keep, decay);
  for (; i < end; i += 4) update(true, p + i, g + i, v + i, rate, keep, decay);
}

// @ts-ignore: decorator
@inline function update(single: bool, p: usize, g: usize, v: usize, rate: v128, keep: v128, decay: v128): void {
  const parameter = loadLanes(single, p);
  const velocity = add(mul(keep, loadLanes(single, v)), fma(decay, parameter, loadLanes(single, g)));
  storeLanes(single, v, velocity);
  storeLanes(single, p, fnma(rate, velocity, parameter));
}
