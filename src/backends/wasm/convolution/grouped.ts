// Convolutions with groups, dilation, or a grid of its own along each axis: image by image, on plain numbers; depthwise
// ones of spikes event by event.

import type { GroupedConvolutionKernels, Operand } from '../../backend';
import type { GroupedGeometry } from '../../windows';
import { type Address, entire, scratch } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import { gridArguments, outImagesOf } from '../grid';
import type { WasmHandle } from '../handle';
import { bitLayout, denseLayout, type Images, imagesUnderWindow } from '../images';
import { kernelCall } from '../kernel-call';
import { sumOverChunks } from './chunk-sums';

const sides = (g: GroupedGeometry) => ({
  ...gridArguments(g),
  C: g.channels,
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

/** Pixels of a row whose spikes are listed by 16 bits. */
const WIDEST = 8000;

/** Pixels of an image from which on spikes go forward one by one; on smaller ones plain numbers are faster. */
const LEAST_FORWARD = 256;

/** The spikes as bits, where each channel has one filter of its own. */
function depthwiseBits(engine: Engine, x: Operand, images: Images, g: GroupedGeometry): Buffer | undefined {
  const isDepthwise = g.groups === g.channels && g.filters === g.channels && g.width <= WIDEST;
  return isDepthwise ? engine.bits(x.handle, images) : undefined;
}

/** What both directions of spikes are told, and where the set bits of every byte are. */
function ofSpikes(engine: Engine, bits: Buffer, images: Images, g: GroupedGeometry, positions: Buffer) {
  const { plane, pitch } = engine.read(bits, bitLayout(images));
  const { channels: C, rows, columns, height: H, width: W } = g;
  const own = engine.compute('depthwiseScratchBytes', { C, kh: rows.size, kw: columns.size, H, W });
  return {
    ...gridArguments(g),
    ...{
      bits: plane,
      bitsPitch: pitch,
      T: images.times,
      C,
      positions: entire(positions),
      scratch: scratch(own),
    },
  };
}

function depthwiseForward(
  engine: Engine,
  bits: Buffer,
  images: Images,
  weight: Operand,
  g: GroupedGeometry,
  positions: Buffer,
): WasmHandle {
  const w = engine.dense(weight);
  const out = engine.out(g.batch * g.outHeight * g.outWidth * g.filters);
  const written = engine.write(out.buffer, denseLayout(outImagesOf(images, g, g.filters)));
  const given = { ...ofSpikes(engine, bits, images, g, positions), w: entire(w) };
  const to = { out: written.plane, outPitch: written.pitch };
  const call = kernelCall('depthwiseSpikes', 'item', { ...given, ...to }, flopOf(g, images.times));
  engine.scheduler.schedule(images.images, [call]);
  return out.handle;
}

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
  const shared = { ...sides(g), T: images.times, w: entire(w), out: written.plane, outPitch: written.pitch };
  const flop = flopOf(g, images.times);
  const call =
    kernel === 'groupedConv'
      ? kernelCall(kernel, 'item', { ...shared, x: read.plane, xPitch: read.pitch }, flop)
      : kernelCall(kernel, 'item', { ...shared, dy: read.plane, dyPitch: read.pitch }, flop);
  engine.scheduler.schedule(images.images, [call]);
  return out.handle;
}

function weightGradient(
  engine: Engine,
  x: Operand,
  gradient: Operand,
  g: GroupedGeometry,
  positions: () => Buffer,
): WasmHandle {
  const images = imagesUnderWindow(x.shape, g);
  const size = weightsOf(g);
  const out = engine.out(size);
  if (images.images === 0) {
    engine.heap.bytes(engine.scheduler.place(out.buffer), size * 4).fill(0);
    return out.handle;
  }
  const bits = depthwiseBits(engine, x, images, g);
  const dy = engine.planes(gradient.handle, outImagesOf(images, g, g.filters));
  if (bits !== undefined) {
    const given = { ...ofSpikes(engine, bits, images, g, positions()), dy: dy.plane, dyPitch: dy.pitch };
    sumOverChunks(engine, images, size, out.buffer, (dw) => [
      kernelCall('depthwiseSpikesWeight', 'item', { ...given, dw }, flopOf(g, images.times)),
    ]);
    return out.handle;
  }
  const from = engine.planes(x.handle, images);
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
  let table: Buffer | undefined;
  const positions = () => {
    if (table === undefined) {
      table = engine.scheduler.buffer(4096);
      engine.compute('bitPositions', { table: engine.scheduler.place(table) });
    }
    return table;
  };
  return {
    groupedConv2d(x, weight, g) {
      const images = imagesUnderWindow(x.shape, g);
      const isSmall = g.height * g.width < LEAST_FORWARD;
      const bits = isSmall ? undefined : depthwiseBits(engine, x, images, g);
      return bits === undefined
        ? through(engine, 'groupedConv', x, weight, g)
        : depthwiseForward(engine, bits, images, weight, g, positions());
    },
    groupedConv2dInputGradient: (gradient, weight, g) =>
      through(engine, 'groupedInputGradient', gradient, weight, g),
    groupedConv2dWeightGradient: (x, gradient, g) => weightGradient(engine, x, gradient, g, positions),
  };
}
