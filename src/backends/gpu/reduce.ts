// Sums and maxima. Axes that lie together are reduced in one go, a group of axes at a time; a long axis in chunks first
// and their results again, so that there are threads enough and no sum of a million terms loses its digits.

import type { Operand, ReductionKernels } from '../backend';
import { type Shape, sizeOf } from '../shape';
import { copy } from './broadcast';
import { type Driver, fold, jsKernel, mathematics, variants, wgslKernel } from './driver';
import { type GpuHandle, view } from './handle';

type ReduceOp = 'sum' | 'max';

/** Rows that one thread adds up. */
const CHUNK = 64;

/** [outer, length, inner] to [outer, chunks, inner]. */
const chunkKernel = variants((op: ReduceOp) =>
  jsKernel(
    op,
    { arrays: ['x'], scalars: { length: 'integer', chunk: 'integer' } },
    // indices stand in the brackets: a local variable that holds one is f32
    `let total = x[this.thread.z][this.thread.y * chunk][this.thread.x];
    for (let i = 1; i < chunk; i++) {
      if (this.thread.y * chunk + i < length) {
        const v = x[this.thread.z][this.thread.y * chunk + i][this.thread.x];
        ${op === 'sum' ? 'total += v;' : 'total = Math.max(total, v);'}
      }
    }
    return total;`,
  ),
);

/** Threads that share a stretch of a row, and numbers that each of them adds up at most. */
const WIDTH = 128;
const STRETCH = 32 * WIDTH;

const JOIN = { sum: 'a + b', max: 'js_max(a, b)' } as const;

/** Rows [rows, length] to [rows, stretches]: a workgroup reads side by side and halves in shared memory. */
const rowKernel = variants((op: ReduceOp) =>
  wgslKernel(
    op,
    {
      inputs: { x: 'f32' },
      outputs: { y: 'f32' },
      scalars: { length: 'u32', stretches: 'u32', results: 'u32', groupsAcross: 'u32' },
    },
    `var<workgroup> part : array<f32, ${WIDTH}>;
${op === 'sum' ? '' : mathematics('wgsl', JOIN.max)}
fn join(a : f32, b : f32) -> f32 { return ${JOIN[op]}; }
@compute @workgroup_size(${WIDTH})
fn main(@builtin(local_invocation_id) local : vec3<u32>, @builtin(workgroup_id) group : vec3<u32>) {
  let result = group.x + group.y * params.groupsAcross;
  let first = (result % params.stretches) * ${STRETCH}u;
  let length = min(params.length - first, ${STRETCH}u);
  let base = (result / params.stretches) * params.length + first;
  var total = x[base + min(local.x, length - 1u)];
  for (var i = local.x + ${WIDTH}u; i < length; i += ${WIDTH}u) { total = join(total, x[base + i]); }
  part[local.x] = total;
  workgroupBarrier();
  // threads beyond a short stretch hold copies of its last number and are left out; the count is the same for all
  for (var reach = ${WIDTH / 2}u; reach > 0u; reach /= 2u) {
    if (local.x < reach && local.x + reach < min(length, ${WIDTH}u)) {
      part[local.x] = join(part[local.x], part[local.x + reach]);
    }
    workgroupBarrier();
  }
  if (result < params.results && local.x == 0u) { y[result] = part[0]; }
}`,
  ),
);

/** From this length on a workgroup takes a row. */
const SHARED_FROM = 32;

/** [outer, length, inner] to [outer, inner]; no length is 0. */
export function reduceAxis(
  driver: Driver,
  op: ReduceOp,
  x: Operand,
  [outer, length, inner]: readonly [number, number, number],
): GpuHandle {
  if (driver.hasWgsl && inner === 1 && length >= SHARED_FROM) return reduceRows(driver, op, x, outer, length);
  return reduceChunks(driver, op, x, [outer, length, inner]);
}

export function reduceRows(
  driver: Driver,
  op: ReduceOp,
  x: Operand,
  rows: number,
  length: number,
): GpuHandle {
  const stretches = Math.ceil(length / STRETCH);
  const results = rows * stretches;
  const groups = fold(results);
  const { y } = driver.wgsl(rowKernel(op), {
    inputs: { x },
    outputs: { y: results },
    scalars: { length, stretches, results, groupsAcross: groups[0] },
    groups,
  });
  if (stretches === 1) return y;
  const whole = reduceAxis(driver, op, { handle: y, shape: [] }, [rows, stretches, 1]);
  driver.free(y);
  return whole;
}

/** The same by gpu.js kernels alone. */
export function reduceChunks(
  driver: Driver,
  op: ReduceOp,
  x: Operand,
  [outer, length, inner]: readonly [number, number, number],
): GpuHandle {
  const chunks = Math.ceil(length / CHUNK);
  const result = driver.js(chunkKernel(op), {
    arrays: { x: view(x, [outer, length, inner]) },
    scalars: { length, chunk: CHUNK },
    output: [outer, chunks, inner],
  });
  if (chunks === 1) return result;
  const whole = reduceAxis(driver, op, { handle: result, shape: [] }, [outer, chunks, inner]);
  driver.free(result);
  return whole;
}

function reduce(driver: Driver, op: ReduceOp, x: Operand, axes: readonly number[]): GpuHandle {
  const kept = x.shape.filter((_, axis) => !axes.includes(axis));
  if (sizeOf(kept) === 0) return driver.allocate('reduce', 0);
  if (sizeOf(x.shape) === 0) return fill(driver, sizeOf(kept), op === 'sum' ? 0 : Number.NEGATIVE_INFINITY);
  const groups = groupsOf(x.shape, axes);
  if (groups.length === 0) return copy(driver, x);
  let now: Operand = x;
  // from the last group on: the axes before it keep their places
  for (const [outer, length, inner] of groups) {
    const next = reduceAxis(driver, op, now, [outer, length, inner]);
    if (now !== x) driver.free(now.handle);
    now = { handle: next, shape: [] };
  }
  return now.handle as GpuHandle;
}

/** Runs of reduced axes, the last first, as [outer, length, inner]; inner is what is left behind the run by then. */
function groupsOf(shape: Shape, axes: readonly number[]): [number, number, number][] {
  const groups: [number, number, number][] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (!axes.includes(axis)) {
      inner *= shape[axis]!;
      continue;
    }
    let length = shape[axis]!;
    while (axis > 0 && axes.includes(axis - 1)) length *= shape[--axis]!;
    if (length > 1) groups.push([sizeOf(shape.slice(0, axis)), length, inner]);
  }
  return groups;
}

const fillKernel = jsKernel('full', { arrays: [], scalars: { value: 'float' } }, 'return value;');

export function fill(driver: Driver, size: number, value: number): GpuHandle {
  return driver.js(fillKernel, { arrays: {}, scalars: { value }, output: [size] });
}

export function reductionKernels(driver: Driver): ReductionKernels {
  return { reduce: (op, x, axes) => reduce(driver, op, x, axes) };
}
