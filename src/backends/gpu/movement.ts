// Movements of elements: the same numbers at other places. A kernel addresses three axes, so axes that stay together
// are merged first; what still has more than three is moved one axis after the other.

import type { MovementKernels, Operand } from '../backend';
import { type Shape, sizeOf, stridesOf } from '../shape';
import { planWalk } from '../strided';
import { broadcast, copy } from './broadcast';
import { type Driver, jsKernel, variants } from './driver';
import { gather } from './gather';
import { type GpuHandle, view } from './handle';
import { element } from './walk';

/** Threads along the axes of the result; `pattern` says which of them runs along each axis of x. */
const permuteKernel = variants((pattern: string) =>
  jsKernel('permute', { arrays: ['x'] }, `return ${element('x', pattern)};`),
);

const AXES = ['z', 'y', 'x'] as const;
/** The kernel's axes, the last of them along the memory. */
const axesOf = (count: number) => AXES.slice(3 - count);
const thread = (axis: string) => `this.thread.${axis}`;

const sliceKernel = variants((count: number) =>
  jsKernel(
    'slice',
    { arrays: ['x'], scalars: { zBegin: 'integer', yBegin: 'integer', xBegin: 'integer' } },
    `return x${axesOf(count)
      .map((axis) => `[${thread(axis)} + ${axis}Begin]`)
      .join('')};`,
  ),
);

const embedKernel = variants((count: number) => {
  const axes = axesOf(count);
  const inside = axes.map(
    (axis) => `${thread(axis)} >= ${axis}Begin && ${thread(axis)} < ${axis}Begin + ${axis}Length`,
  );
  return jsKernel(
    'embed',
    {
      arrays: ['x'],
      scalars: {
        zBegin: 'integer',
        yBegin: 'integer',
        xBegin: 'integer',
        zLength: 'integer',
        yLength: 'integer',
        xLength: 'integer',
      },
    },
    `let value = 0;
    if (${inside.join(' && ')}) {
      value = x${axes.map((axis) => `[${thread(axis)} - ${axis}Begin]`).join('')};
    }
    return value;`,
  );
});

/** Parts that one kernel joins. */
const MOST_PARTS = 7;

/** Rows of the parts side by side; `end0` is where the first part ends. */
const concatKernel = variants((count: number) => {
  const parts = Array.from({ length: count }, (_, i) => `part${i}`);
  const ends = Object.fromEntries(parts.slice(1).map((_, i) => [`end${i}`, 'integer' as const]));
  const lines = parts.map((part, i) => {
    const place = i === 0 ? thread('x') : `${thread('x')} - end${i - 1}`;
    const condition = i === 0 ? '' : `if (${thread('x')} >= end${i - 1}) `;
    return `${condition}{ value = ${part}[${thread('y')}][${place}]; }`;
  });
  const [first, ...others] = lines;
  // later parts first: the first condition that holds names the part
  const chain = [...others.toReversed(), first].join(' else ');
  return jsKernel('concat', { arrays: parts, scalars: ends }, `let value = 0;\n${chain}\nreturn value;`);
});

export function movementKernels(driver: Driver): MovementKernels {
  return {
    broadcast: (x, out) => broadcast(driver, x, out),
    permute(x, order) {
      return marked(permute(driver, x, order), x.handle.binary);
    },
    slice(x, begin, out) {
      return marked(block(driver, x, { whole: x.shape, begin, part: out }, sliceOnce), x.handle.binary);
    },
    embed(x, begin, out) {
      return marked(block(driver, x, { whole: out, begin, part: x.shape }, embedOnce), x.handle.binary);
    },
    concat(parts, axis) {
      const binary = parts.every(({ handle }) => handle.binary);
      return marked(concat(driver, parts, axis), binary);
    },
    gather: (x, index, axis) => gather(driver, x, index, axis),
  };
}

function marked(result: GpuHandle, binary: boolean): GpuHandle {
  result.binary = binary;
  return result;
}

function permute(driver: Driver, x: Operand, order: readonly number[]): GpuHandle {
  const out = order.map((axis) => x.shape[axis]!);
  if (sizeOf(out) === 0) return driver.allocate('permute', 0);
  const strides = stridesOf(x.shape);
  const {
    lengths,
    strides: [merged],
  } = planWalk(out, [order.map((axis) => strides[axis]!)]);
  // the merged axes in x's own order, as places in the result
  const places = lengths.map((_, place) => place).sort((p, q) => merged![q]! - merged![p]!);
  if (places.every((place, i) => place === i)) return copy(driver, x);
  if (lengths.length <= 3) {
    return driver.js(permuteKernel(places.map((place) => axesOf(lengths.length)[place]!).join('')), {
      arrays: {
        x: view(
          x,
          places.map((place) => lengths[place]!),
        ),
      },
      output: lengths,
    });
  }
  return permuteInSteps(driver, x, places, lengths);
}

/**
 * Brings one axis after the other behind all others, in the order in which the result has them; those with which it
 * begins may stay where they are as long as their order is right.
 */
function permuteInSteps(
  driver: Driver,
  x: Operand,
  places: readonly number[],
  lengths: readonly number[],
): GpuHandle {
  const axes = [...places];
  let staying = 1;
  while (axes.indexOf(staying) > axes.indexOf(staying - 1)) staying++;
  let now: Operand = x;
  for (let place = staying; place < lengths.length; place++) {
    const at = axes.indexOf(place);
    const behind = axes.slice(at + 1);
    if (behind.length === 0) continue;
    const lengthOf = (some: readonly number[]) => sizeOf(some.map((axis) => lengths[axis]!));
    const [outer, own, inner] = [lengthOf(axes.slice(0, at)), lengths[place]!, lengthOf(behind)];
    const next = driver.js(permuteKernel('zxy'), {
      arrays: { x: view(now, [outer, own, inner]) },
      output: [outer, inner, own],
    });
    if (now !== x) driver.free(now.handle);
    now = { handle: next, shape: [] };
    axes.splice(at, 1);
    axes.push(place);
  }
  return now.handle as GpuHandle;
}

/** Where a block lies: the shapes of the whole and the block, and the place of the block's first element. */
interface Placement {
  readonly whole: Shape;
  readonly begin: readonly number[];
  readonly part: Shape;
}

/** Moves a block in or out along at most three axes. */
type MoveOnce = (driver: Driver, x: Operand, placement: Placement) => GpuHandle;

function block(driver: Driver, x: Operand, placement: Placement, move: MoveOnce): GpuHandle {
  const { whole, begin, part } = mergeWhole(placement);
  if (whole.length <= 3) return move(driver, x, { whole, begin, part });
  let now: Operand = x;
  // what the axes are before and after the move; one axis at a time
  const isSlice = move === sliceOnce;
  const lengths = [...(isSlice ? whole : part)];
  for (let axis = 0; axis < whole.length; axis++) {
    if (whole[axis] === part[axis]) continue;
    const [outer, inner] = [sizeOf(lengths.slice(0, axis)), sizeOf(lengths.slice(axis + 1))];
    const next = move(driver, now, {
      whole: [outer, whole[axis]!, inner],
      begin: [0, begin[axis]!, 0],
      part: [outer, part[axis]!, inner],
    });
    if (now !== x) driver.free(now.handle);
    now = { handle: next, shape: [] };
    lengths[axis] = (isSlice ? part : whole)[axis]!;
  }
  return now.handle as GpuHandle;
}

/** An axis that the block fills goes together with the one before it. */
function mergeWhole({ whole, begin, part }: Placement): Placement {
  const merged = { whole: [] as number[], begin: [] as number[], part: [] as number[] };
  whole.forEach((length, axis) => {
    const last = merged.whole.length - 1;
    if (last >= 0 && part[axis] === length) {
      merged.whole[last]! *= length;
      merged.begin[last]! *= length;
      merged.part[last]! *= length;
    } else {
      merged.whole.push(length);
      merged.begin.push(begin[axis]!);
      merged.part.push(part[axis]!);
    }
  });
  return merged.whole.length === 0 ? { whole: [1], begin: [0], part: [1] } : merged;
}

function sliceOnce(driver: Driver, x: Operand, { whole, begin, part }: Placement): GpuHandle {
  const [xBegin = 0, yBegin = 0, zBegin = 0] = begin.toReversed();
  return driver.js(sliceKernel(whole.length), {
    arrays: { x: view(x, whole) },
    scalars: { zBegin, yBegin, xBegin },
    output: part,
  });
}

function embedOnce(driver: Driver, x: Operand, { whole, begin, part }: Placement): GpuHandle {
  const [xBegin = 0, yBegin = 0, zBegin = 0] = begin.toReversed();
  const [xLength = 1, yLength = 1, zLength = 1] = part.toReversed();
  return driver.js(embedKernel(whole.length), {
    arrays: { x: view(x, part) },
    scalars: { zBegin, yBegin, xBegin, zLength, yLength, xLength },
    output: whole,
  });
}

/** Parts as rows of their own widths. */
interface Rows {
  readonly handle: Operand['handle'];
  readonly width: number;
}

function concat(driver: Driver, operands: readonly Operand[], axis: number): GpuHandle {
  const rows = sizeOf(operands[0]!.shape.slice(0, axis));
  let parts: Rows[] = operands
    .map(({ handle, shape }) => ({ handle, width: sizeOf(shape.slice(axis)) }))
    .filter(({ width }) => width > 0);
  if (rows === 0 || parts.length === 0) return driver.allocate('concat', 0);
  if (parts.length === 1) return copy(driver, view(parts[0]!, [rows, parts[0]!.width]));
  const own = new Set(operands.map(({ handle }) => handle));
  while (parts.length > 1) {
    const joined: Rows[] = [];
    for (let i = 0; i < parts.length; i += MOST_PARTS) {
      const group = parts.slice(i, i + MOST_PARTS);
      joined.push(group.length === 1 ? group[0]! : join(driver, group, rows));
    }
    const kept = new Set(joined.map(({ handle }) => handle));
    for (const { handle } of parts) if (!own.has(handle) && !kept.has(handle)) driver.free(handle);
    parts = joined;
  }
  return parts[0]!.handle as GpuHandle;
}

function join(driver: Driver, parts: readonly Rows[], rows: number): Rows {
  const arrays: Record<string, Operand> = {};
  const scalars: Record<string, number> = {};
  let width = 0;
  parts.forEach((part, i) => {
    if (i > 0) scalars[`end${i - 1}`] = width;
    arrays[`part${i}`] = view(part, [rows, part.width]);
    width += part.width;
  });
  return { handle: driver.js(concatKernel(parts.length), { arrays, scalars, output: [rows, width] }), width };
}
