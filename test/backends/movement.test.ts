// The reference's reductions and movements against index arithmetic: conformance compares other backends with them, so
// they themselves need a witness.

import { describe, expect } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { type Shape, sizeOf, stridesOf } from '../../src/backends/shape';
import { broadcastPairs, shapes } from '../../src/testing';
import { fc, test } from '../support/properties';

const backend = cpuBackend('f64');

/** 1, 2, 3, … so that every element can be told from the others. */
function counted(shape: Shape) {
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);
  return { data, operand: { handle: backend.upload(data), shape } };
}

/** All positions of a shape, in row-major order. */
function positions(shape: Shape): number[][] {
  const strides = stridesOf(shape);
  return Array.from({ length: sizeOf(shape) }, (_, i) =>
    shape.map((length, axis) => Math.floor(i / strides[axis]!) % length),
  );
}

function flat(index: readonly number[], shape: Shape): number {
  const strides = stridesOf(shape);
  return index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
}

const anyShape = shapes({ minLength: 0, maxRank: 4, maxLength: 4 });

/** A shape, and a block in it. */
const block = shapes({ maxRank: 4, maxLength: 4 }).chain((whole) =>
  fc.tuple(...whole.map((n) => fc.tuple(fc.nat({ max: n }), fc.nat({ max: n })))).map((ranges) => ({
    whole,
    begin: ranges.map(([p, q]) => Math.min(p, q)),
    out: ranges.map(([p, q]) => Math.abs(p - q)),
  })),
);

describe('the reference backend', () => {
  test.prop([block])('slices the block at begin', ({ whole, begin, out }) => {
    const { data, operand } = counted(whole);
    const expected = positions(out).map(
      (at) =>
        data[
          flat(
            at.map((n, axis) => n + begin[axis]!),
            whole,
          )
        ]!,
    );
    expect([...backend.readSync(backend.slice(operand, begin, out))]).toEqual(expected);
  });

  test.prop([block])('embeds a block at begin and zeros elsewhere', ({ whole, begin, out }) => {
    const { data, operand } = counted(out);
    const expected = new Float64Array(sizeOf(whole));
    positions(out).forEach((at, i) => {
      expected[
        flat(
          at.map((n, axis) => n + begin[axis]!),
          whole,
        )
      ] = data[i]!;
    });
    expect(backend.readSync(backend.embed(operand, begin, whole))).toEqual(expected);
  });

  test.prop([anyShape, fc.nat()])('permutes axes', (shape, turn) => {
    const order = shape.map((_, axis) => (axis + turn) % shape.length);
    const { data, operand } = counted(shape);
    const out = order.map((axis) => shape[axis]!);
    const expected = positions(out).map((at) => {
      const from = new Array<number>(shape.length).fill(0);
      order.forEach((axis, i) => {
        from[axis] = at[i]!;
      });
      return data[flat(from, shape)]!;
    });
    expect([...backend.readSync(backend.permute(operand, order))]).toEqual(expected);
  });

  test.prop([broadcastPairs({ minLength: 0, maxRank: 4 })])('broadcasts by repeating', ({ a, out }) => {
    const { data, operand } = counted(a);
    const expected = positions(out).map((at) => {
      const own = at.slice(out.length - a.length).map((n, axis) => (a[axis] === 1 ? 0 : n));
      return data[flat(own, a)]!;
    });
    expect([...backend.readSync(backend.broadcast(operand, out))]).toEqual(expected);
  });

  test.prop([anyShape, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })])(
    'sums and takes the maximum over the chosen axes',
    (shape, chosen) => {
      const axes = shape.flatMap((_, axis) => (chosen[axis] ? [axis] : []));
      const kept = shape.filter((_, axis) => !chosen[axis]);
      const { data, operand } = counted(shape);
      const sums = new Float64Array(sizeOf(kept));
      const maxima = new Float64Array(sizeOf(kept)).fill(Number.NEGATIVE_INFINITY);
      positions(shape).forEach((at, i) => {
        const to = flat(
          at.filter((_, axis) => !chosen[axis]),
          kept,
        );
        sums[to]! += data[i]!;
        maxima[to] = Math.max(maxima[to]!, data[i]!);
      });
      expect(backend.readSync(backend.reduce('sum', operand, axes))).toEqual(sums);
      expect(backend.readSync(backend.reduce('max', operand, axes))).toEqual(maxima);
    },
  );

  test.prop([
    shapes({ minRank: 1, maxLength: 3 }),
    fc.nat(),
    fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
  ])('puts parts one after another along an axis', (shape, turn, lengths) => {
    const axis = turn % shape.length;
    const parts = lengths.map((length) => counted(shape.with(axis, length)));
    const out = shape.with(
      axis,
      lengths.reduce((sum, length) => sum + length, 0),
    );
    const expected = positions(out).map((at) => {
      let inside = at[axis]!;
      const which = lengths.findIndex((length) => {
        if (inside < length) return true;
        inside -= length;
        return false;
      });
      return parts[which]!.data[flat(at.with(axis, inside), shape.with(axis, lengths[which]!))]!;
    });
    const joined = backend.concat(
      parts.map(({ operand }) => operand),
      axis,
    );
    expect([...backend.readSync(joined)]).toEqual(expected);
  });
});
