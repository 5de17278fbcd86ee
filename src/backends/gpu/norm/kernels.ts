// The kernels of tdBN in WGSL: sums over all rows of [rows, channels], one for each channel, in two stages. A workgroup
// takes a tile of channels and a block of rows; then one workgroup for each channel joins what they found. No sum is
// longer than a few dozen terms before it is joined with its like, so a million rows lose no digits.
//
// Deviations: a thread shifts its values by its first one, and groups of n values are joined by Chan's formula (Chan,
// Golub & LeVeque, "Algorithms for computing the sample variance", 1983), with m the mean and M2 = Σ(x - m)²:
//
//   δ = m₂ - m₁,   m = m₁ + δ·n₂/n,   M2 = M2₁ + M2₂ + δ²·n₁·n₂/n,   n = n₁ + n₂.

import { variants, wgslKernel } from '../driver';

/** Threads of a workgroup of the first stage. */
export const THREADS = 256;
/** Rows that a thread adds up by itself. */
export const DEPTH = 32;
/** Threads that join the results of one channel. */
export const JOINERS = 64;
/** Channels of a tile at most. */
const WIDEST = 64;

/** Channels side by side in a workgroup: a power of two. */
export function tileWidth(channels: number): number {
  let width = 1;
  while (width < channels && width < WIDEST) width *= 2;
  return width;
}

/** Rows of a workgroup's block. */
export function blockRows(width: number): number {
  return (THREADS / width) * DEPTH;
}

/** Where a thread of the first stage stands. */
const place = (width: number) => `
  let channel = group.y * ${width}u + local % ${width}u;
  let lane = local / ${width}u;
  let first = group.x * ${blockRows(width)}u + lane;
  let end = min(group.x * ${blockRows(width)}u + ${blockRows(width)}u, params.rows);
  let live = channel < params.channels;`;

/** Joins the numbers of `threads` threads, each with the one `step` further, until the first has them all. */
const tree = (threads: number, last: number, joinThread: string) => `
  for (var step = ${threads / 2}u; step >= ${last}u; step = step / 2u) {
    workgroupBarrier();
    if (local < step) { ${joinThread} }
  }`;

const CHAN = `fn joined(a : vec3<f32>, b : vec3<f32>) -> vec3<f32> { // n, mean, M2
  if (b.x == 0.0) { return a; }
  if (a.x == 0.0) { return b; }
  let n = a.x + b.x;
  let share = b.x / n;
  let d = b.y - a.y;
  return vec3<f32>(n, a.y + d * share, a.z + b.z + d * d * a.x * share);
}`;

const MAIN = (threads: number) => `@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) local : u32, @builtin(workgroup_id) group : vec3<u32>) {`;

/** Means and M2 of blocks of rows, [2, blocks, channels]. */
export const momentsKernel = variants((width: number) =>
  wgslKernel(
    'normTrain',
    {
      inputs: { x: 'f32' },
      outputs: { parts: 'f32' },
      scalars: { rows: 'u32', channels: 'u32', blocks: 'u32' },
    },
    `var<workgroup> found : array<vec3<f32>, ${THREADS}>;
${CHAN}
${MAIN(THREADS)}${place(width)}
  var count = 0.0;
  var shift = 0.0;
  var sum = 0.0;
  var squares = 0.0;
  if (live && first < end) {
    shift = x[first * params.channels + channel];
    for (var row = first; row < end; row += ${THREADS / width}u) {
      let d = x[row * params.channels + channel] - shift;
      sum += d;
      squares += d * d;
      count += 1.0;
    }
  }
  let mean = sum / max(count, 1.0);
  found[local] = vec3<f32>(count, shift + mean, max(squares - sum * mean, 0.0));
${tree(THREADS, width, 'found[local] = joined(found[local], found[local + step]);')}
  if (lane == 0u && live) {
    let at = group.x * params.channels + channel;
    parts[at] = found[local].y;
    parts[params.blocks * params.channels + at] = found[local].z;
  }
}`,
  ),
);

/** Statistics of a channel from those of its blocks; running statistics are changed in place. */
export const statisticsKernel = variants((width: number) =>
  wgslKernel(
    'normTrain',
    {
      inputs: { parts: 'f32' },
      outputs: { mean: 'f32', inverseDeviation: 'f32', runningMean: 'f32', runningVariance: 'f32' },
      scalars: {
        rows: 'u32',
        channels: 'u32',
        blocks: 'u32',
        epsilon: 'f32',
        momentum: 'f32',
        unbiased: 'f32',
      },
    },
    `var<workgroup> found : array<vec3<f32>, ${JOINERS}>;
${CHAN}
${MAIN(JOINERS)}
  let channel = group.x;
  var all = vec3<f32>();
  for (var block = local; block < params.blocks; block += ${JOINERS}u) {
    let at = block * params.channels + channel;
    let count = f32(min(${blockRows(width)}u, params.rows - block * ${blockRows(width)}u));
    all = joined(all, vec3<f32>(count, parts[at], parts[params.blocks * params.channels + at]));
  }
  found[local] = all;
${tree(JOINERS, 1, 'found[local] = joined(found[local], found[local + step]);')}
  if (local == 0u) {
    let m = found[0];
    mean[channel] = m.y;
    inverseDeviation[channel] = 1.0 / sqrt(m.z / m.x + params.epsilon);
    runningMean[channel] = (1.0 - params.momentum) * runningMean[channel] + params.momentum * m.y;
    runningVariance[channel] = (1.0 - params.momentum) * runningVariance[channel] + params.unbiased * m.z;
  }
}`,
  ),
);

/** Σ g and Σ g·x̂ of blocks of rows, [2, blocks, channels]. */
export const gradientSumsKernel = variants((width: number) =>
  wgslKernel(
    'normGradient',
    {
      inputs: { g: 'f32', x: 'f32', mean: 'f32', inverseDeviation: 'f32' },
      outputs: { parts: 'f32' },
      scalars: { rows: 'u32', channels: 'u32', blocks: 'u32' },
    },
    `var<workgroup> found : array<vec2<f32>, ${THREADS}>;
${MAIN(THREADS)}${place(width)}
  var sums = vec2<f32>();
  if (live) {
    let centre = mean[channel];
    let inverse = inverseDeviation[channel];
    for (var row = first; row < end; row += ${THREADS / width}u) {
      let at = row * params.channels + channel;
      sums += g[at] * vec2<f32>(1.0, (x[at] - centre) * inverse);
    }
  }
  found[local] = sums;
${tree(THREADS, width, 'found[local] += found[local + step];')}
  if (lane == 0u && live) {
    let at = group.x * params.channels + channel;
    parts[at] = found[local].x;
    parts[params.blocks * params.channels + at] = found[local].y;
  }
}`,
  ),
);

/** dβ and dλ of a channel from the sums of its blocks. */
export const gradientKernel = wgslKernel(
  'normGradient',
  {
    inputs: { parts: 'f32' },
    outputs: { dWeight: 'f32', dBias: 'f32' },
    scalars: { channels: 'u32', blocks: 'u32', scale: 'f32' },
  },
  `var<workgroup> found : array<vec2<f32>, ${JOINERS}>;
${MAIN(JOINERS)}
  let channel = group.x;
  var sums = vec2<f32>();
  for (var block = local; block < params.blocks; block += ${JOINERS}u) {
    let at = block * params.channels + channel;
    sums += vec2<f32>(parts[at], parts[params.blocks * params.channels + at]);
  }
  found[local] = sums;
${tree(JOINERS, 1, 'found[local] += found[local + step];')}
  if (local == 0u) {
    dBias[channel] = found[0].x;
    dWeight[channel] = params.scale * found[0].y;
  }
}`,
);
