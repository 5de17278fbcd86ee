// The weight gradient as a tiled product over all windows of a batch, the columns never written down (tiles.ts):
//
//   dw[k, f] = Σ_m source[window(m) + tap(k), channel(k)] · dy[m, f]
//
// Its results are few and its sums have up to a million terms. So the windows are cut into parts, each with
// workgroups and a sum of its own, and a second kernel adds those up: threads enough, and no sum long enough to lose
// its digits.

import type { Operand } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import { type Driver, variants, wgslKernel } from '../driver';
import type { GpuHandle } from '../handle';
import { fill, reduceAxis } from '../reduce';
import { rowLength } from '../windows';
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

const kernel = variants((width: number, wide: boolean) => {
  const { rows, columns, depth, threads } = tileFor(width);
  const [rowQuads, columnQuads] = [rows / 4, columns / 4];
  /** Windows that one pass loads. */
  const lanes = threads / rowQuads;
  const passes = range(depth / lanes);
  const sums = range(THREAD_ROWS);
  return wgslKernel(
    'conv2dWeightGradient',
    {
      inputs: { source: elementOf(wide), gradient: elementOf(wide) },
      outputs: { parts: elementOf(wide) },
      scalars: {
        ...lookUpScalars,
        columns: 'u32',
        places: 'u32',
        length: 'u32',
        step: 'i32',
        offset: 'i32',
      },
    },
    `var<workgroup> pixels : array<vec4<f32>, ${depth * rowQuads}>;
var<workgroup> gradients : array<vec4<f32>, ${depth * columnQuads}>;
${lookUp(wide)}
${matrixFour(wide, 'gradient')}
${putFour(wide, 'parts')}
/** The window ${depth} further on: cheaper than dividing anew. */
fn onward(grid : vec3<u32>) -> vec3<u32> {
  var next = vec3<u32>(grid.x + ${depth}u, grid.y, grid.z);
  while (next.x >= params.gridWidth) {
    next.x -= params.gridWidth;
    next.y++;
    if (next.y == params.gridHeight) {
      next.y = 0u;
      next.z++;
    }
  }
  return next;
}
fn placeOf(grid : vec3<u32>, isReal : bool) -> vec3<i32> {
  let y = select(OUTSIDE, i32(grid.y) * params.step + params.offset, isReal);
  return vec3<i32>(i32(grid.x) * params.step + params.offset, y, i32(grid.z));
}
@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) local : u32, @builtin(workgroup_id) group : vec3<u32>) {
  let firstRow = group.x * ${rows}u;
  let firstColumn = group.y * ${columns}u;
  let begin = group.z * params.length;
  let end = min(begin + params.length, params.places);
  let lane = local / ${rowQuads}u;
  ${unitsFrom(wide, `firstRow + 4u * (local % ${rowQuads}u)`)}
${passes.map((i) => `  var grid${i} = gridOf(begin + lane + ${i * lanes}u);`).join('\n')}
  let column = local % ${columnQuads}u;
  let row = local / ${columnQuads}u;
${sums.map((i) => `  var sum${i} = vec4<f32>();`).join('\n')}
  for (var first = begin; first < end; first += ${depth}u) {
${passes
  .map(
    (i) => `    let place${i} = placeOf(grid${i}, first + lane + ${i * lanes}u < end);
    pixels[local + ${i * threads}u] = ${lookFour(wide, `place${i}`)};
    grid${i} = onward(grid${i});`,
  )
  .join('\n')}
    for (var t = local; t < ${depth * columnQuads}u; t += ${threads}u) {
      gradients[t] = four(first + t / ${columnQuads}u, firstColumn + 4u * (t % ${columnQuads}u), end);
    }
    workgroupBarrier();
    for (var d = 0u; d < ${depth}u; d++) {
      let dy = gradients[d * ${columnQuads}u + column];
      let p = pixels[d * ${rowQuads}u + row];
      let q = pixels[d * ${rowQuads}u + row + ${rowQuads / 2}u];
${sums.map((i) => `      sum${i} += ${i < 4 ? 'p' : 'q'}.${'xyzw'[i % 4]} * dy;`).join('\n')}
    }
    workgroupBarrier();
  }
${sums
  .map((i) => {
    const k = i < 4 ? `firstRow + 4u * row + ${i}u` : `firstRow + 4u * row + ${rows / 2 + i - 4}u`;
    return `  store(group.z, ${k}, firstColumn + 4u * column, sum${i});`;
  })
  .join('\n')}
}
fn store(part : u32, k : u32, column : u32, sums : vec4<f32>) {
  if (k < params.row) { put(part * params.row + k, column, sums); }
}`,
  );
});

/** Workgroups that a GPU wants, windows of a part at least and at most, and bytes of all parts' sums. */
const ENOUGH_GROUPS = 512;
const SHORTEST = 256;
const LONGEST = 4096;
const MOST_BYTES = 64 * 2 ** 20;

/** How many parts the windows fall into, when one has `groups` workgroups and `size` results. */
export function partsFor(places: number, groups: number, size: number): number {
  const wanted = Math.max(
    Math.min(ENOUGH_GROUPS / groups, places / SHORTEST), // side by side
    places / LONGEST, // digits
  );
  return Math.max(1, Math.min(Math.ceil(wanted), Math.floor(MOST_BYTES / (4 * size))));
}

export function splitProduct(driver: Driver, x: Operand, gradient: Operand, g: ConvGeometry): GpuHandle {
  const [row, filters] = [rowLength(g), g.filters];
  const places = g.batch * g.outHeight * g.outWidth;
  if (row * filters === 0 || places === 0) return fill(driver, row * filters, 0);
  const tile = tileFor(filters);
  const [down, across] = [Math.ceil(row / tile.rows), Math.ceil(filters / tile.columns)];
  const length = Math.ceil(places / partsFor(places, down * across, row * filters));
  const parts = Math.ceil(places / length);
  const { parts: sums } = driver.wgsl(kernel(tile.columns, isWide(g.channels, filters)), {
    inputs: { source: x, gradient },
    outputs: { parts: parts * row * filters },
    scalars: {
      row,
      tapsAcross: g.kernelWidth,
      sourceHeight: g.height,
      sourceWidth: g.width,
      sourceChannels: g.channels,
      columns: filters,
      places,
      length,
      gridHeight: g.outHeight,
      gridWidth: g.outWidth,
      step: g.stride,
      offset: -g.padding,
    },
    groups: [down, across, parts],
  });
  if (parts === 1) return sums;
  const whole = reduceAxis(driver, 'sum', { handle: sums, shape: [] }, [1, parts, row * filters]);
  driver.free(sums);
  return whole;
}
