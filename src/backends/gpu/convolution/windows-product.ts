// The tiled product of the pixels under windows with a matrix of weights, the columns never written down: each
// workgroup looks its part of them up (tiles.ts has sizes and what they cost). It is the forward convolution, and
// with weights turned round also the input gradient, one product for every remainder of pixels by the stride
// (implicit.ts).
//
//   y[pixel(m), f] = Σ_k source[window(m) + tap(k), channel(k)] · w[k, f]
//
// On chip both operands lie as they are in memory: a pixel's numbers as vec4 along k, the weights as vec4 along f; so a
// thread multiplies four by four numbers of k and f without a transposition.

import type { Operand } from '../../backend';
import { type Driver, fold, variants, wgslKernel } from '../driver';
import type { GpuHandle } from '../handle';
import {
  elementOf,
  isWide,
  lookFour,
  lookUp,
  lookUpScalars,
  matrixFour,
  putFour,
  range,
  THREAD_ROWS,
  tileFor,
  unitsFrom,
} from './tiles';

/** A grid of windows on images, and the pixels where their results belong. */
export interface Windows {
  readonly batch: number;
  readonly gridHeight: number;
  readonly gridWidth: number;
  readonly source: { readonly height: number; readonly width: number; readonly channels: number };
  readonly taps: { readonly down: number; readonly across: number };
  /** Window (gy, gx) begins at pixel (gy·step + offset.y, gx·step + offset.x) of the source. */
  readonly step: number;
  readonly offset: { readonly y: number; readonly x: number };
  /** Its results belong to pixel (gy·step + y, gx·step + x) of an image of this size. */
  readonly target: {
    readonly height: number;
    readonly width: number;
    readonly step: number;
    readonly y: number;
    readonly x: number;
  };
}

const kernel = variants((width: number, wide: boolean) => {
  const { rows, columns, depth, threads } = tileFor(width);
  /** vec4 of a tile across each way, rows that one pass loads, and rows that lie between two of a thread. */
  const [deepQuads, columnQuads] = [depth / 4, columns / 4];
  const lanes = threads / deepQuads;
  const passes = range(rows / lanes);
  const apart = rows / THREAD_ROWS;
  const sums = range(THREAD_ROWS);
  return wgslKernel(
    'conv2d',
    {
      inputs: { source: elementOf(wide), weight: elementOf(wide) },
      outputs: { result: elementOf(wide) },
      scalars: {
        ...lookUpScalars,
        columns: 'u32',
        places: 'u32',
        step: 'i32',
        offsetY: 'i32',
        offsetX: 'i32',
        targetHeight: 'u32',
        targetWidth: 'u32',
        targetStep: 'u32',
        targetY: 'u32',
        targetX: 'u32',
        groupsAcross: 'u32',
      },
    },
    `var<workgroup> pixels : array<vec4<f32>, ${rows * deepQuads}>;
var<workgroup> weights : array<vec4<f32>, ${depth * columnQuads}>;
${lookUp(wide)}
${matrixFour(wide, 'weight')}
${putFour(wide, 'result')}
fn placeOf(m : u32) -> vec3<i32> {
  let grid = vec3<i32>(gridOf(m));
  let y = select(OUTSIDE, grid.y * params.step + params.offsetY, m < params.places);
  return vec3<i32>(grid.x * params.step + params.offsetX, y, grid.z);
}
fn store(m : u32, column : u32, sums : vec4<f32>) {
  if (m >= params.places) { return; }
  let grid = gridOf(m);
  let y = grid.y * params.targetStep + params.targetY;
  let x = grid.x * params.targetStep + params.targetX;
  put((grid.z * params.targetHeight + y) * params.targetWidth + x, column, sums);
}
@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) local : u32, @builtin(workgroup_id) group : vec3<u32>) {
  let firstRow = (group.x + group.y * params.groupsAcross) * ${rows}u;
  let firstColumn = group.z * ${columns}u;
  let deep = local % ${deepQuads}u;
  let lane = local / ${deepQuads}u;
${passes.map((i) => `  let place${i} = placeOf(firstRow + lane + ${i * lanes}u);`).join('\n')}
  let column = local % ${columnQuads}u;
  let row = local / ${columnQuads}u;
${sums.map((i) => `  var sum${i} = vec4<f32>();`).join('\n')}
  for (var first = 0u; first < params.row; first += ${depth}u) {
    ${unitsFrom(wide, 'first + 4u * deep')}
${passes.map((i) => `    pixels[local + ${i * threads}u] = ${lookFour(wide, `place${i}`)};`).join('\n')}
    for (var t = local; t < ${depth * columnQuads}u; t += ${threads}u) {
      weights[t] = four(first + t / ${columnQuads}u, firstColumn + 4u * (t % ${columnQuads}u), params.row);
    }
    workgroupBarrier();
    for (var d = 0u; d < ${deepQuads}u; d++) {
      let at = d * ${columns}u + column;
${range(4)
  .map((i) => `      let w${i} = weights[at + ${i * columnQuads}u];`)
  .join('\n')}
${sums
  .map(
    (i) => `      let p${i} = pixels[(row + ${i * apart}u) * ${deepQuads}u + d];
      sum${i} += p${i}.x * w0; sum${i} += p${i}.y * w1; sum${i} += p${i}.z * w2; sum${i} += p${i}.w * w3;`,
  )
  .join('\n')}
    }
    workgroupBarrier();
  }
${sums.map((i) => `  store(firstRow + row + ${i * apart}u, firstColumn + 4u * column, sum${i});`).join('\n')}
}`,
  );
});

/** Writes y into the pixels of `result` that the windows name, f numbers each. */
export function windowsProduct(
  driver: Driver,
  source: Pick<Operand, 'handle'>,
  weight: Pick<Operand, 'handle'>,
  filters: number,
  windows: Windows,
  result: GpuHandle,
): void {
  const { batch, gridHeight, gridWidth, taps, offset } = windows;
  const { height, width, channels } = windows.source;
  const places = batch * gridHeight * gridWidth;
  const tile = tileFor(filters);
  const [across, rows] = fold(Math.ceil(places / tile.rows));
  driver.wgsl(kernel(tile.columns, isWide(channels, filters)), {
    inputs: { source, weight },
    outputs: { result: { handle: result } },
    scalars: {
      row: taps.down * taps.across * channels,
      tapsAcross: taps.across,
      sourceHeight: height,
      sourceWidth: width,
      sourceChannels: channels,
      columns: filters,
      places,
      gridHeight,
      gridWidth,
      step: windows.step,
      offsetY: offset.y,
      offsetX: offset.x,
      targetHeight: windows.target.height,
      targetWidth: windows.target.width,
      targetStep: windows.target.step,
      targetY: windows.target.y,
      targetX: windows.target.x,
      groupsAcross: across,
    },
    groups: [across, rows, Math.ceil(filters / tile.columns)],
  });
}
