// Short names for 128-bit SIMD on raw addresses; every kernel is written in them. AssemblyScript, compiled by
// ../compile.mjs. Kernels own no memory: TypeScript decides where everything lies and passes byte addresses.
//
// Three habits of the compilers below us shape all kernels:
// - V8 issues all loads of a basic block before its arithmetic. Accumulators + loads of a block must fit 15 registers,
//   or everything spills. A store, or a `break` that is never taken, keeps the next loads behind it.
// - V8 recomputes loop invariants inside functions that were inlined. An exported row function stays a function.
// - Planes whose pitch is a power of two share cache sets. Scratch planes get 64 bytes more.

/** Four floats at p + offset; the offset folds into the instruction. */
// @ts-ignore: decorator
@inline export function ld(p: usize, offset: usize = 0): v128 {
  // Binaryen turns `p + 64` into `p - -64`, which no longer folds: 64 must be written as an immediate
  return offset == 64 ? v128.load(p, 64) : v128.load(p + offset);
}

// @ts-ignore: decorator
@inline export function st(p: usize, v: v128, offset: usize = 0): void {
  if (offset == 64) v128.store(p, v, 64);
  else v128.store(p + offset, v);
}

/** One float, four times. */
// @ts-ignore: decorator
@inline export function splat(p: usize, offset: usize = 0): v128 {
  return offset == 64 ? v128.load32_splat(p, 64) : v128.load32_splat(p + offset);
}

// @ts-ignore: decorator
@inline export function zero(): v128 {
  return f32x4.splat(0);
}

// @ts-ignore: decorator
@inline export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

// @ts-ignore: decorator
@inline export function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

/** a·b + c: fused with relaxed SIMD, rounded twice without. */
// @ts-ignore: decorator
@inline export function fma(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** c - a·b. */
// @ts-ignore: decorator
@inline export function fnma(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_nmadd(a, b, c) : f32x4.sub(c, f32x4.mul(a, b));
}
