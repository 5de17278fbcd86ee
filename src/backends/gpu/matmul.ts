// Matrix products. The gpu.js kernel gives one element a thread and reads every operand from memory; the WGSL kernel
// keeps tiles of both operands in shared memory and a small square of results in the registers of each thread. A long
// inner axis under few results is cut into parts that run side by side and are summed.

import type { MatmulOptions, Operand, ProductKernels } from '../backend';
import { type Shape, sizeOf } from '../shape';
import { broadcast } from './broadcast';
import { type Driver, jsKernel, variants, wgslKernel } from './driver';
import { type GpuHandle, view } from './handle';
import { fill, reduceAxis } from './reduce';
import { walkOf } from './walk';

/** [batch,m,k] times [batch,k,n], either of them perhaps one matrix for the whole batch. */
interface Product {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly options: MatmulOptions;
  /** Whether each operand has a matrix for every member of the batch. */
  readonly manyA: boolean;
  readonly manyB: boolean;
}

const plainKernel = variants((transposeA: boolean, transposeB: boolean, manyA: boolean, manyB: boolean) =>
  jsKernel(
    'matmul',
    { arrays: ['a', 'b'], scalars: { k: 'integer' } },
    `let total = 0;
    for (let i = 0; i < k; i++) {
      total += a[${manyA ? 'this.thread.z' : '0'}]${transposeA ? '[i][this.thread.y]' : '[this.thread.y][i]'}
        * b[${manyB ? 'this.thread.z' : '0'}]${transposeB ? '[this.thread.x][i]' : '[i][this.thread.x]'};
    }
    return total;`,
  ),
);

/** Results of a thread: a square of this side. */
const SIDE = 4;

/**
 * A workgroup of 256 threads computes `rows` x `columns` results, `depth` of the inner axis at a time. Tiles lie in
 * shared memory with the inner axis first; numbers outside the matrices are zeros there.
 */
const tiledKernel = variants((columns: number, transposeA: boolean, transposeB: boolean) => {
  const rows = (256 * SIDE * SIDE) / columns;
  const depth = rows > 128 ? 8 : 16;
  const squares = Array.from({ length: SIDE }, (_, i) => i);
  /** Cooperative load of one tile; neighbouring threads read neighbouring addresses. */
  const load = (
    tile: string,
    array: string,
    wide: number,
    first: string,
    bound: string,
    deepFast: boolean,
  ) => `
    for (var t = local; t < ${wide * depth}u; t += 256u) {
      let ${deepFast ? 'deep' : 'across'} = t % ${deepFast ? depth : wide}u;
      let ${deepFast ? 'across' : 'deep'} = t / ${deepFast ? depth : wide}u;
      let p = step + deep;
      let q = ${first} + across;
      let inside = p < end && q < ${bound};
      let at = ${array}Base + ${deepFast ? 'q * params.k + p' : `p * ${bound} + q`};
      ${tile}[deep * ${wide}u + across] = select(0.0, ${array}[select(0u, at, inside)], inside);
    }`;
  return wgslKernel(
    'matmul',
    {
      inputs: { a: 'f32', b: 'f32' },
      outputs: { c: 'f32' },
      scalars: {
        m: 'u32',
        k: 'u32',
        n: 'u32',
        splits: 'u32',
        depth: 'u32',
        strideA: 'u32',
        strideB: 'u32',
      },
    },
    `var<workgroup> tileA : array<f32, ${rows * depth}>;
var<workgroup> tileB : array<f32, ${columns * depth}>;
@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local : u32, @builtin(workgroup_id) group : vec3<u32>) {
  let firstRow = group.y * ${rows}u;
  let firstColumn = group.x * ${columns}u;
  let member = group.z / params.splits;
  let begin = (group.z % params.splits) * params.depth;
  let end = min(begin + params.depth, params.k);
  let aBase = member * params.strideA;
  let bBase = member * params.strideB;
  let row = (local / ${columns / SIDE}u) * ${SIDE}u;
  let column = (local % ${columns / SIDE}u) * ${SIDE}u;
${squares.map((i) => `  var sum${i} = vec4<f32>();`).join('\n')}
  for (var step = begin; step < end; step += ${depth}u) {${load('tileA', 'a', rows, 'firstRow', 'params.m', !transposeA)}${load('tileB', 'b', columns, 'firstColumn', 'params.n', transposeB)}
    workgroupBarrier();
    for (var d = 0u; d < ${depth}u; d++) {
      let at = d * ${columns}u + column;
      let right = vec4<f32>(tileB[at], tileB[at + 1u], tileB[at + 2u], tileB[at + 3u]);
${squares.map((i) => `      sum${i} += tileA[d * ${rows}u + row + ${i}u] * right;`).join('\n')}
    }
    workgroupBarrier();
  }
${squares.map((i) => `  store(group.z, firstRow + row + ${i}u, firstColumn + column, sum${i});`).join('\n')}
}
fn store(member : u32, row : u32, column : u32, sums : vec4<f32>) {
  if (row >= params.m) { return; }
  let base = (member * params.m + row) * params.n;
  for (var i = 0u; i < ${SIDE}u; i++) {
    if (column + i < params.n) { c[base + column + i] = sums[i]; }
  }
}`,
  );
});

/** By the gpu.js kernel alone. */
export function plainProduct(driver: Driver, a: Operand, b: Operand, product: Product): GpuHandle {
  const { batch, m, k, n, options, manyA, manyB } = product;
  const shapeA = options.transposeA ? [k, m] : [m, k];
  const shapeB = options.transposeB ? [n, k] : [k, n];
  return driver.js(plainKernel(options.transposeA, options.transposeB, manyA, manyB), {
    arrays: {
      a: view(a, [manyA ? batch : 1, ...shapeA]),
      b: view(b, [manyB ? batch : 1, ...shapeB]),
    },
    scalars: { k },
    output: [batch, m, n],
  });
}

/** Inner lengths that a part keeps at least, workgroups that a GPU wants, and parts at most. */
const SHORTEST = 512;
const ENOUGH_GROUPS = 256;
const MOST_SPLITS = 64;

/** By tiles. */
export function tiledProduct(driver: Driver, a: Operand, b: Operand, product: Product): GpuHandle {
  const { batch, m, k, n, options, manyA, manyB } = product;
  const columns = n <= 16 ? 16 : n <= 32 ? 32 : 64;
  const rows = (256 * SIDE * SIDE) / columns;
  const [across, down] = [Math.ceil(n / columns), Math.ceil(m / rows)];
  const wanted = Math.ceil(ENOUGH_GROUPS / (across * down * batch));
  const parts = Math.max(1, Math.min(wanted, Math.floor(k / SHORTEST), MOST_SPLITS));
  const depth = 16 * Math.ceil(k / parts / 16);
  const splits = Math.ceil(k / depth);
  const { c } = driver.wgsl(tiledKernel(columns, options.transposeA, options.transposeB), {
    inputs: { a, b },
    outputs: { c: batch * splits * m * n },
    scalars: { m, k, n, splits, depth, strideA: manyA ? m * k : 0, strideB: manyB ? k * n : 0 },
    groups: [across, down, batch * splits],
  });
  if (splits === 1) return c;
  const whole = reduceAxis(driver, 'sum', view({ handle: c }, []), [batch, splits, m * n]);
  driver.free(c);
  return whole;
}

/** Fewer results or terms than this are not worth a tile. */
const SMALL = 8;

export function matmul(
  driver: Driver,
  a: Operand,
  b: Operand,
  options: MatmulOptions,
  out: Shape,
): GpuHandle {
  if (sizeOf(out) === 0) return driver.allocate('matmul', 0);
  const [m, n] = out.slice(-2) as [number, number];
  const k = a.shape.at(options.transposeA ? -2 : -1)!;
  if (k === 0) return fill(driver, sizeOf(out), 0);
  const leading = out.slice(0, -2);
  const batch = sizeOf(leading);
  const left = stacked(driver, a, leading);
  const right = stacked(driver, b, leading);
  const product = { batch, m, k, n, options, manyA: left.many, manyB: right.many };
  const isSmall = m < SMALL || n < SMALL || k < SMALL;
  const compute = isSmall || !driver.hasWgsl ? plainProduct : tiledProduct;
  const result = compute(driver, left.operand, right.operand, product);
  if (left.operand !== a) driver.free(left.operand.handle);
  if (right.operand !== b) driver.free(right.operand.handle);
  return result;
}

/**
 * The operand as one matrix, or as one for each member of the batch: repeated where its leading axes are in between.
 */
function stacked(driver: Driver, x: Operand, leading: Shape): { operand: Operand; many: boolean } {
  const own = x.shape.slice(0, -2);
  const { lengths, strides } = walkOf([{ handle: x.handle, shape: own }], leading);
  if (lengths.length === 1) return { operand: x, many: strides[0]![0] !== 0 };
  const shape = [...leading, ...x.shape.slice(-2)];
  return { operand: { handle: broadcast(driver, x, shape), shape }, many: true };
}

export function productKernels(driver: Driver): ProductKernels {
  return { matmul: (a, b, options, out) => matmul(driver, a, b, options, out) };
}
