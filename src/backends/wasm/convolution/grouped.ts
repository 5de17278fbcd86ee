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

function forward(engine: Engine, x: Operand, weight: Operand, g: GroupedGeometry): WasmHandle {
  const images = imagesUnderWindow(x.shape, g);
  const w = engine.dense(weight);
  const out = engine.out(g.batch * g.outHeight * g.outWidth * g.filters);
  const from = engine.planes(x.handle, images);
  const to = engine.write(out.buffer, denseLayout(outImagesOf(images, g, g.filters)));
  const given = {
    ...sides(g),
    x: from.plane,
    xPitch: from.pitch,
    T: images.times,
    w: whole(w),
    out: to.plane,
    outPitch: to.pitch,
  };
  engine.scheduler.schedule(images.images, [
    kernelCall('groupedConv', 'item', given, flopOf(g, images.times)),
  ]);
  return out.handle;
}

function inputGradient(engine: Engine, gradient: Operand, weight: Operand, g: GroupedGeometry): WasmHandle {
  const { batch, outHeight, outWidth, filters } = g;
  const outImages = imagesUnderWindow(gradient.shape, {
    batch,
    height: outHeight,
    width: outWidth,
    channels: filters,
  });
  const images = { ...outImages, height: g.height, width: g.width, channels: g.channels };
  const w = engine.dense(weight);
  const out = engine.out(batch * g.height * g.width * g.channels);
  const from = engine.planes(gradient.handle, outImages);
  const to = engine.write(out.buffer, denseLayout(images));
  const given = {
    ...sides(g),
    dy: from.plane,
    dyPitch: from.pitch,
    T: images.times,
    w: whole(w),
    out: to.plane,
    outPitch: to.pitch,
  };
  engine.scheduler.schedule(images.images, [
    kernelCall('groupedInputGradient', 'item', given, flopOf(g, images.times)),
  ]);
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
  sumOverChunks(engine, images, size, out.buffer, call);
  return out.handle;
}

export function groupedConvolutionKernels(engine: Engine): GroupedConvolutionKernels {
  return {
    groupedConv2d: (x, weight, g) => forward(engine, x, weight, g),
    groupedConv2dInputGradient: (gradient, weight, g) => inputGradient(engine, gradient, weight, g),
    groupedConv2dWeightGradient: (x, gradient, g) => weightGradient(engine, x, gradient, g),
  };
}
