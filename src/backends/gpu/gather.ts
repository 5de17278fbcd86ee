// Entries of an axis at given places. The places go up as f32 numbers, like all others.

import { check } from '../../errors';
import type { Operand } from '../backend';
import { sizeOf } from '../shape';
import { type Driver, jsKernel } from './driver';
import { type GpuHandle, view } from './handle';
import { fill } from './reduce';

const gatherKernel = jsKernel(
  'gather',
  { arrays: ['x', 'index'] },
  `let value = 0;
  if (index[this.thread.y] >= 0) {
    value = x[this.thread.z][index[this.thread.y]][this.thread.x];
  }
  return value;`,
);

export function gather(driver: Driver, x: Operand, index: Int32Array, axis: number): GpuHandle {
  const length = x.shape[axis]!;
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const output = [outer, index.length, inner];
  if (sizeOf(output) === 0) return driver.allocate('gather', 0);
  if (length === 0) return fill(driver, sizeOf(output), 0); // all places are -1
  check(
    length <= 2 ** 24,
    'gather',
    () => `places beyond 2^24 are not exact on a GPU, got an axis of length ${length}`,
  );
  const handle = driver.upload('gather', index);
  const result = driver.js(gatherKernel, {
    arrays: { x: view(x, [outer, length, inner]), index: view({ handle }, [index.length]) },
    output,
  });
  driver.free(handle);
  result.binary = x.handle.binary;
  return result;
}
