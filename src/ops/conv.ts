// Convolution and its two halves, im2col and col2im, on channels-last images [...,H,W,C]; every leading axis is batch.

import { type ConvGeometry, convGeometry } from '../backends/geometry';
import { checkShape, checkSize, formatShape, sizeOf } from '../backends/shape';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { anObject, checkKind, kind, type OptionsOf, option, optionTable, required, whole } from '../options';
import { commonBackend, operation } from './operator';

/** How a window moves over an image. */
export interface WindowOptions {
  /** Step between windows. Default 1. */
  stride?: number;
  /** Zeros around the image on all sides. Default 0. */
  padding?: number;
}

/** A window and how it moves over an image. */
export interface Im2colOptions extends WindowOptions {
  /** Height and width of the window; one number for a square. */
  window: number | readonly [number, number];
}

export const windowOptions = optionTable({
  stride: option(whole({ least: 1 }), 1),
  padding: option(whole({ least: 0 }), 0),
} satisfies OptionsOf<WindowOptions>);

const side = whole({ least: 1 });
const sides = kind<Im2colOptions['window']>(
  'a whole number >= 1, or two of them',
  (value) => side.holds(value) || (Array.isArray(value) && value.length === 2 && value.every(side.holds)),
);

export const im2colOptions = /* @__PURE__ */ windowOptions.with({
  window: required(sides),
} satisfies OptionsOf<Pick<Im2colOptions, 'window'>>);

function windowGeometry(where: string, shape: readonly number[], options: Im2colOptions): ConvGeometry {
  const { window, stride, padding } = im2colOptions.read(where, options);
  const [height, width] = typeof window === 'number' ? [window, window] : window;
  return convGeometry(where, shape, [height, width, shape.at(-1) ?? 0, 1], stride, padding);
}

/**
 * The pixels under each window as a row, zeros outside the image.
 * @param x [...,H,W,C]
 * @returns [batch·OH·OW, kh·kw·C], so that conv2d is im2col(x)·reshape(weight, [kh·kw·C, cout])
 */
export function im2col(x: Tensor, options: Im2colOptions): Tensor {
  checkTensor('im2col', x);
  const geometry = windowGeometry('im2col', x.shape, options);
  const { shape } = x;
  checkSize('im2col', columnsShape(geometry));
  return operation({
    name: 'im2col',
    inputs: [x],
    handle: x.backend.im2col(x, geometry),
    shape: columnsShape(geometry),
    backward: (g) => [col2im(g, shape, options)],
  });
}

/**
 * The adjoint of {@link im2col}: every number of a row is added to the pixel it came from.
 * @param columns [batch·OH·OW, kh·kw·C]
 * @param shape of the image, [...,H,W,C]
 */
export function col2im(columns: Tensor, shape: readonly number[], options: Im2colOptions): Tensor {
  checkTensor('col2im', columns, 'columns');
  checkShape('col2im', shape);
  const geometry = windowGeometry('col2im', shape, options);
  const expected = columnsShape(geometry);
  check(
    columns.shape.length === 2 && columns.shape[0] === expected[0] && columns.shape[1] === expected[1],
    'col2im',
    () =>
      `columns ${formatShape(columns.shape)} should be ${formatShape(expected)} for an image ${formatShape(shape)}`,
  );
  return operation({
    name: 'col2im',
    inputs: [columns],
    handle: columns.backend.col2im(columns, geometry),
    shape: [...shape],
    backward: (g) => [im2col(g, options)],
  });
}

function columnsShape(g: ConvGeometry): number[] {
  return [g.batch * g.outHeight * g.outWidth, g.kernelHeight * g.kernelWidth * g.channels];
}

/**
 * y[n,oy,ox,f] = Σ x[n, oy·stride - padding + ky, ox·stride - padding + kx, c]·w[ky,kx,c,f], without bias.
 * @param x [...,H,W,Cin]; spikes are taken as events by backends that can
 * @param weight [kh,kw,Cin,Cout]
 * @returns [...,OH,OW,Cout]
 */
export function conv2d(x: Tensor, weight: Tensor, options: WindowOptions = {}): Tensor {
  const backend = commonBackend('conv2d', [x, weight]);
  const { stride, padding } = windowOptions.read('conv2d', options);
  const geometry = convGeometry('conv2d', x.shape, weight.shape, stride, padding);
  const [shapeX, shapeW] = [x.shape, weight.shape];
  const { outHeight, outWidth, filters } = geometry;
  const shape = [...shapeX.slice(0, -3), outHeight, outWidth, filters];
  checkSize('conv2d', shape);
  return operation({
    name: 'conv2d',
    inputs: [x, weight],
    handle: backend.conv2d(x, weight, geometry),
    shape,
    saved: [x, weight],
    backward: (g, [input, w], needs) => [
      needs[0] ? fromHandle(backend, backend.conv2dInputGradient(g, w!, geometry), shapeX) : null,
      needs[1] ? fromHandle(backend, backend.conv2dWeightGradient(input!, g, geometry), shapeW) : null,
    ],
  });
}

/** Multiply-accumulates of one dense convolution of this geometry, padding included. */
export function convOperations(g: ConvGeometry): number {
  checkKind('convOperations', 'g', anObject, g);
  return sizeOf([g.batch, g.outHeight, g.outWidth, g.kernelHeight, g.kernelWidth, g.channels, g.filters]);
}
