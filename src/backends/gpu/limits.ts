// What the device can do at most, measured on the spot: multiply-adds of registers, and bytes through memory. A
// kernel's share of these tells how good it is.

import type { Driver } from './driver';
import { wgslKernel } from './driver/kernel';

/** What the device does in a millisecond. */
export interface Limits {
  readonly flop: number;
  readonly bytes: number;
}

const GROUPS = 4096;
const THREADS = 256;
/** Independent chains of vec4 multiply-adds in one thread: enough to hide the latency of each. */
const CHAINS = 8;

const multiplyAdds = wgslKernel(
  'multiplyAdds',
  { inputs: {}, outputs: { out: 'f32' }, scalars: { rounds: 'u32', factor: 'f32' } },
  `@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
${Array.from({ length: CHAINS }, (_, i) => `  var a${i} = vec4<f32>(f32(id.x) + ${i}.0);`).join('\n')}
  let m = vec4<f32>(params.factor);
  for (var r = 0u; r < params.rounds; r++) {
${Array.from({ length: CHAINS }, (_, i) => `    a${i} = fma(a${i}, m, m);`).join('\n')}
  }
  let sum = ${Array.from({ length: CHAINS }, (_, i) => `a${i}`).join(' + ')};
  if (sum.x == 12345.678) { out[0] = sum.y + sum.z + sum.w; } // never, but the compiler does not know
}`,
);

const copies = wgslKernel(
  'copies',
  { inputs: { x: 'vec4<f32>' }, outputs: { out: 'vec4<f32>' }, scalars: { size: 'u32', stride: 'u32' } },
  `@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
  for (var i = id.x; i < params.size; i += params.stride) { out[i] = x[i]; }
}`,
);

/** A measurement lasts at least so long. */
const LONG_ENOUGH_MILLISECONDS = 30;

export async function measureLimits(driver: Driver): Promise<Limits> {
  const probe = driver.upload('limits', [0]);
  const floats = Math.min(2 ** 24, Math.floor(driver.limit / 4)) & ~3;
  const x = driver.allocate('limits', floats);
  const out = driver.allocate('limits', floats);
  /** Work per millisecond; `run` is given how much more than the least it shall do. */
  const rate = async (least: number, run: (times: number) => void): Promise<number> => {
    for (let times = 1; ; times *= 4) {
      const start = performance.now();
      run(times);
      await driver.read('limits', probe);
      const milliseconds = performance.now() - start;
      if (times > 1 && (milliseconds >= LONG_ENOUGH_MILLISECONDS || times >= 4 ** 8)) {
        return (least * times) / milliseconds;
      }
    }
  };
  try {
    const flop = await rate(GROUPS * THREADS * CHAINS * 8, (times) => {
      const scalars = { rounds: times, factor: 0.5 };
      driver.wgsl(multiplyAdds, {
        inputs: {},
        outputs: { out: { handle: probe } },
        scalars,
        groups: [GROUPS],
      });
    });
    const bytes = await rate(2 * 4 * floats, (times) => {
      for (let i = 0; i < times; i++) {
        driver.wgsl(copies, {
          inputs: { x: { handle: x } },
          outputs: { out: { handle: out } },
          scalars: { size: floats / 4, stride: GROUPS * THREADS },
          groups: [GROUPS],
        });
      }
    });
    return { flop, bytes };
  } finally {
    for (const handle of [probe, x, out]) driver.free(handle);
  }
}
