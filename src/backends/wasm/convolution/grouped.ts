// Convolutions with groups, dilation, or a grid of its own along each axis: image by image, on plain numbers.

import type { GroupedConvolutionKernels, Operand } from '../../backend';
import type { GroupedGeometry } from '../../windows';
import { type Address, whole } from '../argument';
import type { Engine } from '../engine';
import { gridArguments, outImagesOf } from '../grid';
import type { WasmHandle } from '../handle';
import { denseLayout, imagesUnderWindow } from '../images';
import { kernelCall } from '../kernel-call';
import { sumOverChunks } from './chunk-sums';

const sides = (g: GroupedGeometry) => ({
  ...gridArguments(g),
  cin: g.channels,
  cout: g.filters,
  groups: g.groups,
});

/** Multiplications and additions of one image's planes. */
const flopOf = (g: GroupedGeometry, planes: number) => 2 * planes * g.outHeight * g.outWidth * weightsOf(g);
const weightsOf = (g: GroupedGeometry) => g.rows.size * g.columns.size * (g.channels / g.groups) * g.filters;

/** An image's sides on either side of the windows. */
const under = ({ batch, height, width, channels }: GroupedGeometry) => ({ batch, height, width, channels });
const over = ({ batch, outHeight: height, outWidth: width, filters: channels }: GroupedGeometry) => {
  return { batch, height, width, channels };
};

/** Forward, or an input's gradient: through the weight from the planes on one side to those on the other. */
function through(
  engine: Engine,
  kernel: 'groupedConv' | 'groupedInputGradient',
  { handle, shape }: Operand,
  weight: Operand,
  g: GroupedGeometry,
): WasmHandle {
  const [from, to] = kernel === 'groupedConv' ? [under(g), over(g)] : [over(g), under(g)];
  const images = imagesUnderWindow(shape, from);
  const { batch, ...sidesOut } = to;
  const w = engine.dense(weight);
  const out = engine.out(batch * to.height * to.width * to.channels);
  const read = engine.planes(handle, images);
  const written = engine.write(out.buffer, denseLayout({ ...images, ...sidesOut }));
  const shared = { ...sides(g), T: images.times, w: whole(w), out: written.plane, outPitch: written.pitch };
  const flop = flopOf(g, images.times);
  const call =
    kernel === 'groupedConv'
      ? kernelCall(kernel, 'item', { ...shared, x: read.plane, xPitch: read.pitch }, flop)
      : kernelCall(kernel, 'item', { ...shared, dy: read.plane, dyPitch: read.pitch }, flop);
  engine.scheduler.schedule(images.images, [call]);
  return out.handle;
}

function weightGradient(engine: Engine, x: Operand, gradient: Operand, g: GroupedGeometry): WasmHandle {
  const images = imagesUnderWindow(x.shape, g);
  const size = weightsOf(g);
  const out = engine.out(size);
  if (images.images === 0) {
    engine.heap.bytes(engine.scheduler.place(out.buffer), size * 4).fill(0);
    return out.handle;
  }
  const from = engine.planes(x.handle, images);
  const dy = engine.planes(gradient.handle, outImagesOf(images, g, g.filters));
  const call = (dw: Address) =>
    kernelCall(
      'groupedWeightGradient',
      'item',
      {
        ...sides(g),
        x: from.plane,
        xPitch: from.pitch,
        T: images.times,
        dy: dy.plane,
        dyPitch: dy.pitch,
        dw,
      },
      flopOf(g, images.times),
    );
  sumOverChunks(engine, images, size, out.buffer, (to) => [call(to)]);
  return out.handle;
}

export function groupedConvolutionKernels(engine: Engine): GroupedConvolutionKernels {
  return {
    groupedConv2d: (x, weight, g) => through(engine, 'groupedConv', x, weight, g),
    groupedConv2dInputGradient: (gradient, weight, g) =>
      through(engine, 'groupedInputGradient', gradient, weight, g),
    groupedConv2dWeightGradient: (x, gradient, g) => weightGradient(engine, x, gradient, g),
  };
}
