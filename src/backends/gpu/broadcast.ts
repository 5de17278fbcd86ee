// Repeating numbers along axes, and plain copies.

import type { Operand } from '../backend';
import { type Shape, sizeOf } from '../shape';
import type { Walk } from '../strided';
import { type Driver, jsKernel, variants } from './driver';
import { type GpuHandle, view } from './handle';
import { element, ownLengths, patternOf, walkOf } from './walk';

const repeated = variants((pattern: string) =>
  jsKernel('broadcast', { arrays: ['x'] }, `return ${element('x', pattern)};`),
);

/** The same numbers in a buffer of their own. */
export function copy(driver: Driver, x: Operand): GpuHandle {
  const flat = [x.handle.size];
  return marked(driver.js(repeated('x'), { arrays: { x: view(x, flat) }, output: flat }), x);
}

/** x repeated to shape `out`, whatever its rank. */
export function broadcast(driver: Driver, x: Operand, out: Shape): GpuHandle {
  if (sizeOf(out) === 0) return driver.allocate('broadcast', 0);
  const walk = walkOf([x], out);
  const strides = walk.strides[0]!;
  if (walk.lengths.length > 3) return marked(inSteps(driver, x, walk), x);
  return marked(
    driver.js(repeated(patternOf(strides)), {
      arrays: { x: view(x, ownLengths(walk, strides)) },
      output: walk.lengths,
    }),
    x,
  );
}

/** One axis after the other: [outer, 1, inner] to [outer, length, inner]. */
function inSteps(driver: Driver, x: Operand, walk: Walk): GpuHandle {
  const own = ownLengths(walk, walk.strides[0]!);
  let now: { handle: Operand['handle'] } = x;
  walk.lengths.forEach((length, axis) => {
    if (own[axis] === length) return;
    const [outer, inner] = [sizeOf(own.slice(0, axis)), sizeOf(own.slice(axis + 1))];
    const next = driver.js(repeated('z0x'), {
      arrays: { x: view(now, [outer, 1, inner]) },
      output: [outer, length, inner],
    });
    if (now !== x) driver.free(now.handle);
    now = { handle: next };
    own[axis] = length;
  });
  return now.handle as GpuHandle;
}

/** What is only moved stays binary. */
function marked(result: GpuHandle, x: Operand): GpuHandle {
  result.binary = x.handle.binary;
  return result;
}
