// im2col and col2im as operators of their own; convolutions make their rows inside their kernels.

import type { Operand, WindowKernels } from '../backend';
import type { ConvGeometry } from '../geometry';
import { geometryArguments } from './convolution/geometry';
import type { Engine } from './engine';
import type { WasmHandle } from './handle';
import { denseLayout, type Images } from './images';

/** The batch as images of one time step each, and its rows as images of which every pixel is one window. */
function layouts({ batch, height, width, channels, ...g }: ConvGeometry): { images: Images; rows: Images } {
  const images = { times: 1, images: batch, height, width, channels };
  const depth = g.kernelHeight * g.kernelWidth * channels;
  return { images, rows: { ...images, height: g.outHeight, width: g.outWidth, channels: depth } };
}

/** All windows of an image, from the first. */
const sides = (g: ConvGeometry) => ({
  ...geometryArguments(g),
  first: 0,
  count: g.outHeight * g.outWidth,
});

function im2col(engine: Engine, x: Operand, g: ConvGeometry): WasmHandle {
  const { images, rows } = layouts(g);
  const source = engine.planes(x.handle, images).plane;
  const { handle, buffer } = engine.out(rows.images * rows.height * rows.width * rows.channels);
  const to = engine.write(buffer, denseLayout(rows)).plane;
  engine.perImage(images, 'im2col', { x: source, ...sides(g), rows: to });
  return handle;
}

function col2im(engine: Engine, columns: Operand, g: ConvGeometry): WasmHandle {
  const { images, rows } = layouts(g);
  const source = engine.planes(columns.handle, rows).plane;
  const layout = denseLayout(images);
  const { handle, buffer } = engine.out(images.images * images.height * images.width * images.channels);
  const to = engine.write(buffer, layout).plane;
  engine.perImage(images, 'clear', { p: to, bytes: layout.planeBytes });
  engine.perImage(images, 'col2im', { rows: source, ...sides(g), x: to });
  return handle;
}

export function windowKernels(engine: Engine): WindowKernels {
  return {
    im2col: (x, g) => im2col(engine, x, g),
    col2im: (columns, g) => col2im(engine, columns, g),
  };
}
