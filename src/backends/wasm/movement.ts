// Reductions and movements of elements. Those of every training step have kernels or are not computed at all; the others
// run on the reference backend.

import type { Operand, ShapeKernels } from '../backend';
import { type Shape, sameShape, sizeOf } from '../shape';
import { counter, whole, wholeOut } from './argument';
import type { Engine } from './engine';
import { bitLayout, denseLayout, imagesOf } from './images';
import { kernelCall } from './kernel-call';
import type { Reference } from './reference';
import { PerPixel } from './values/per-pixel';
import { Repeat } from './values/repeat';

/** Columns whose sums make one item: whole cache lines. */
const COLUMNS = 64;

const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((n, i) => n === b[i]);

export function shapeKernels(engine: Engine, reference: Reference): ShapeKernels {
  /** Spikes of each channel over all pixels. */
  function countPixels(x: Operand) {
    const images = imagesOf(x.shape);
    const bits = engine.bits(x.handle, images);
    if (bits === undefined) return undefined;
    const { times, height, width, channels } = images;
    const rows = { ...images, height: 1, width: 1 };
    const { handle, buffer } = engine.out(times * images.images * channels);
    const from = engine.read(bits, bitLayout(images));
    const to = engine.write(buffer, denseLayout(rows));
    engine.perImage(images, 'countBits', {
      bits: from.plane,
      bitsPitch: from.pitch,
      T: times,
      H: height,
      W: width,
      C: channels,
      scale: 1,
      out: to.plane,
      outPitch: to.pitch,
    });
    return handle;
  }

  function sumOverTime(x: Operand) {
    const images = imagesOf(x.shape);
    const { handle, buffer } = engine.out(x.handle.size / images.times);
    const layout = denseLayout(images);
    const from = engine.planes(x.handle, images);
    engine.perImage(images, 'sumOverTime', {
      x: from.plane,
      xPitch: from.pitch,
      T: images.times,
      floats: layout.planeBytes / 4,
      out: engine.write(buffer, { ...layout, times: 1 }).plane,
    });
    return handle;
  }

  /** Over the first `count` axes: down the columns of a matrix. */
  function sumOverLeading(x: Operand, count: number) {
    const rows = sizeOf(x.shape.slice(0, count));
    const columns = sizeOf(x.shape.slice(count));
    const source = engine.dense(x);
    const { handle, buffer } = engine.out(columns);
    engine.scheduler.schedule(Math.ceil(columns / COLUMNS), [
      kernelCall('columnSums', 'item', {
        x: whole(source),
        rows,
        C: columns,
        from: counter(COLUMNS),
        count: COLUMNS,
        out: wholeOut(buffer),
      }),
    ]);
    return handle;
  }

  /** A broadcast that nobody needs to write down. */
  function impliedBroadcast({ handle, shape }: Operand, out: Shape) {
    if (out.length < 3 || sizeOf(out) === 0) return undefined;
    const x = engine.handle(handle);
    const full = [...new Array<number>(out.length - shape.length).fill(1), ...shape];
    const [times, ...rest] = out as [number, ...number[]];
    if (out.length !== 4 && full[0] === 1 && same(full.slice(1), rest)) {
      return engine.lazy(sizeOf(out), new Repeat(x, times), handle.binary);
    }
    if (out.length < 4) return undefined;
    const [height, width, channels] = out.slice(-3) as [number, number, number];
    if (same(full.slice(0, -3), out.slice(0, -3)) && same(full.slice(-3), [1, 1, channels])) {
      return engine.lazy(sizeOf(out), new PerPixel(x, height * width, channels));
    }
    return undefined;
  }

  return {
    reduce(op, x, axes) {
      const rank = x.shape.length;
      if (op === 'sum' && x.handle.size > 0) {
        const counted = rank >= 4 && same(axes, [rank - 3, rank - 2]) ? countPixels(x) : undefined;
        if (counted !== undefined) return counted;
        if (rank >= 5 && same(axes, [0])) return sumOverTime(x);
        const leads = axes.length > 0 && axes.every((axis, i) => axis === i);
        if (leads && axes.length < rank) return sumOverLeading(x, axes.length);
      }
      return reference.adopt(reference.run(op, (cpu) => cpu.reduce(op, reference.operand(x), axes)));
    },

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
