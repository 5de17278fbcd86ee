// Movements of elements: the same numbers at other places.

import type { MovementKernels } from '../backend';
import { broadcastStrides, sizeOf, stridesOf } from '../shape';
import { forEachRun, planWalk } from '../strided';
import { type Allocate, dataOf } from './buffer';

export function movementKernels(allocate: Allocate): MovementKernels {
  return {
    broadcast(x, out) {
      const walk = planWalk(out, [broadcastStrides(x.shape, out)]);
      const inner = walk.lengths.length - 1;
      const length = walk.lengths[inner]!;
      const stride = walk.strides[0]![inner]!;
      const source = dataOf(x.handle);
      const result = allocate(sizeOf(out), x.handle.binary);
      forEachRun(walk, (position, [start]) => {
        if (stride === 0) result.data.fill(source[start!]!, position, position + length);
        else result.data.set(source.subarray(start, start! + length), position);
      });
      return result;
    },

    permute(x, order) {
      const strides = stridesOf(x.shape);
      const shape = order.map((axis) => x.shape[axis]!);
      const walk = planWalk(shape, [order.map((axis) => strides[axis]!)]);
      const inner = walk.lengths.length - 1;
      const length = walk.lengths[inner]!;
      const stride = walk.strides[0]![inner]!;
      const source = dataOf(x.handle);
      const result = allocate(source.length, x.handle.binary);
      forEachRun(walk, (position, [start]) => {
        for (let n = 0, i = start!; n < length; n++, i += stride) result.data[position + n] = source[i]!;
      });
      return result;
    },

    slice(x, begin, out) {
      const strides = stridesOf(x.shape);
      const base = begin.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
      const walk = planWalk(out, [strides]);
      const inner = walk.lengths.length - 1;
      const length = walk.lengths[inner]!;
      const stride = walk.strides[0]![inner]!; // not 1 where the last axis of `out` has length 1
      const source = dataOf(x.handle);
      const result = allocate(sizeOf(out), x.handle.binary);
      forEachRun(walk, (position, [start]) => {
        for (let n = 0, i = base + start!; n < length; n++, i += stride)
          result.data[position + n] = source[i]!;
      });
      return result;
    },

    embed(x, begin, out) {
      const strides = stridesOf(out);
      const base = begin.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
      const walk = planWalk(x.shape, [strides]);
      const inner = walk.lengths.length - 1;
      const length = walk.lengths[inner]!;
      const stride = walk.strides[0]![inner]!; // not 1 where the last axis of x has length 1
      const source = dataOf(x.handle);
      const result = allocate(sizeOf(out), x.handle.binary);
      forEachRun(walk, (position, [start]) => {
        for (let n = 0, i = base + start!; n < length; n++, i += stride)
          result.data[i] = source[position + n]!;
      });
      return result;
    },

    concat(parts, axis) {
      const first = parts[0]!.shape;
      const total = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
      const outer = sizeOf(first.slice(0, axis));
      const inner = sizeOf(first.slice(axis + 1));
      const result = allocate(
        outer * total * inner,
        parts.every((part) => part.handle.binary),
      );
      let at = 0;
      for (const part of parts) {
        const source = dataOf(part.handle);
        const block = part.shape[axis]! * inner;
        for (let o = 0; o < outer; o++) {
          result.data.set(source.subarray(o * block, (o + 1) * block), o * total * inner + at);
        }
        at += block;
      }
      return result;
    },

    gather(x, index, axis) {
      const outer = sizeOf(x.shape.slice(0, axis));
      const length = x.shape[axis]!;
      const inner = sizeOf(x.shape.slice(axis + 1));
      const source = dataOf(x.handle);
      const result = allocate(outer * index.length * inner, x.handle.binary);
      let to = 0;
      for (let o = 0; o < outer; o++) {
        for (const at of index) {
          const from = (o * length + at) * inner;
          if (at >= 0) for (let i = 0; i < inner; i++) result.data[to + i] = source[from + i]!;
          to += inner;
        }
      }
      return result;
    },
  };
}
