// Movements of elements. The broadcasts of every training step are not written down at all: their result says what it
// is. The others run on the reference backend.

import type { MovementKernels, Operand } from '../backend';
import { type Shape, sameShape, sizeOf } from '../shape';
import type { Engine } from './engine';
import type { Reference } from './reference';
import { PerPixel } from './values/per-pixel';
import { Repeat } from './values/repeat';

export function movementKernels(engine: Engine, reference: Reference): MovementKernels {
  /** A broadcast that nobody needs to write down. */
  function impliedBroadcast({ handle, shape }: Operand, out: Shape) {
    if (out.length < 3 || sizeOf(out) === 0) return undefined;
    const x = engine.handle(handle);
    const full = [...new Array<number>(out.length - shape.length).fill(1), ...shape];
    const [times, ...rest] = out as [number, ...number[]];
    if (out.length !== 4 && full[0] === 1 && sameShape(full.slice(1), rest)) {
      return engine.lazy(sizeOf(out), new Repeat(x, times), handle.binary);
    }
    if (out.length < 4) return undefined;
    const [height, width, channels] = out.slice(-3) as [number, number, number];
    if (sameShape(full.slice(0, -3), out.slice(0, -3)) && sameShape(full.slice(-3), [1, 1, channels])) {
      return engine.lazy(sizeOf(out), new PerPixel(x, height * width, channels));
    }
    return undefined;
  }

  return {
    broadcast(x, out) {
      if (sameShape(x.shape, out)) return engine.copy(x);
      const implied = impliedBroadcast(x, out);
      if (implied !== undefined) return implied;
      const bytes = 4 * sizeOf(out);
      if (bytes > engine.heap.maximum) throw engine.heap.noRoom(bytes); // JavaScript might have room for it
      return reference.adopt(reference.run('broadcast', (cpu) => cpu.broadcast(reference.operand(x), out)));
    },

    permute: (x, order) =>
      reference.adopt(reference.run('permute', (cpu) => cpu.permute(reference.operand(x), order))),
    slice: (x, begin, out) =>
      reference.adopt(reference.run('slice', (cpu) => cpu.slice(reference.operand(x), begin, out))),
    embed: (x, begin, out) =>
      reference.adopt(reference.run('embed', (cpu) => cpu.embed(reference.operand(x), begin, out))),
    concat: (parts, axis) =>
      reference.adopt(reference.run('concat', (cpu) => cpu.concat(reference.operands(parts), axis))),
    gather: (x, index, axis) =>
      reference.adopt(reference.run('gather', (cpu) => cpu.gather(reference.operand(x), index, axis))),
  };
}
