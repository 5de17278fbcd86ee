// Sums and maxima over axes. The sums of every training step have kernels: spikes of an image by channel, over time,
// down the columns of a matrix. The others run on the reference backend.

import type { Operand, ReductionKernels } from '../backend';
import { sameShape, sizeOf } from '../shape';
import { counter, entire, entireOut } from './argument';
import type { Engine } from './engine';
import { bitLayout, denseLayout, imagesOf } from './images';
import { kernelCall } from './kernel-call';
import type { Reference } from './reference';

/** Columns whose sums make one item: whole cache lines. */
const COLUMNS = 64;

export function reductionKernels(engine: Engine, reference: Reference): ReductionKernels {
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
        x: entire(source),
        rows,
        C: columns,
        from: counter(COLUMNS),
        count: COLUMNS,
        out: entireOut(buffer),
      }),
    ]);
    return handle;
  }

  return {
    reduce(op, x, axes) {
      const rank = x.shape.length;
      if (op === 'sum' && x.handle.size > 0) {
        const counted = rank >= 4 && sameShape(axes, [rank - 3, rank - 2]) ? countPixels(x) : undefined;
        if (counted !== undefined) return counted;
        if (rank >= 5 && sameShape(axes, [0])) return sumOverTime(x);
        const leads = axes.length > 0 && axes.every((axis, i) => axis === i);
        if (leads && axes.length < rank) return sumOverLeading(x, axes.length);
      }
      return reference.adopt(reference.run(op, (cpu) => cpu.reduce(op, reference.operand(x), axes)));
    },
  };
}
