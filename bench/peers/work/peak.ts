// The most that 128-bit multiply-adds can do on one thread here: twelve independent chains in a loop without memory,
// fused where the engine has relaxed SIMD, else a multiplication and an addition each. A made-up yardstick, not a
// matrix product.

import asc from 'assemblyscript/asc';
import { hasRelaxedSimd } from '../../../src/backends/wasm';
import { timed, type Work } from '../protocol';

/** Enough to hide the latency of two units with four cycles each; with the two factors they fit sixteen registers. */
const CHAINS = 12;
const ROUNDS = 1_000_000;
/** Multiplication and addition in four lanes. */
export const PEAK_GIGAFLOP = (CHAINS * ROUNDS * 4 * 2) / 1e9;

export async function peakWork(): Promise<Work> {
  const fused = hasRelaxedSimd();
  const exports = (await WebAssembly.instantiate(await compiled(fused))).instance.exports;
  const spin = exports.spin as (rounds: number, factor: number) => number;
  return {
    facts: { node: process.version, multiplyAdd: fused ? 'fused' : 'separate' },
    run: (repetitions) => timed(repetitions, () => spin(ROUNDS, 0.5)),
  };
}

async function compiled(fused: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const next = (i: number) =>
    fused ? `a${i} = f32x4.relaxed_madd(a${i}, f, g)` : `a${i} = f32x4.add(f32x4.mul(a${i}, f), g)`;
  const chains = Array.from({ length: CHAINS }, (_, i) => i);
  const source = `export function spin(rounds: i32, factor: f32): f32 {
    const f = f32x4.splat(factor), g = f32x4.splat(1);
    ${chains.map((i) => `let a${i} = f32x4.splat(${i});`).join('\n')}
    for (let i = 0; i < rounds; i++) { ${chains.map(next).join('; ')} }
    return f32x4.extract_lane(${chains.map((i) => `a${i}`).reduce((sum, a) => `f32x4.add(${sum}, ${a})`)}, 0);
  }`;
  const { error, binary, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: 'stub',
    enable: ['simd', ...(fused ? ['relaxed-simd'] : [])],
  });
  if (error || binary === null) throw new Error(`${error?.message}\n${stderr.toString()}`);
  return Uint8Array.from(binary);
}
