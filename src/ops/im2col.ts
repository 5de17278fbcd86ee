// The two halves of a convolution, im2col and col2im, on channels-last images [...,H,W,C]; every leading axis is batch.

import { type ConvGeometry, convGeometry } from '../backends/geometry';
import { checkShape, checkSize, formatShape } from '../backends/shape';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { type OptionsOf, option, optionTable, required, whole } from '../options';
import { operation } from './operator';
import { type PerAxis, perAxis, sidesOf } from './sides';

/** A window and how it moves over an image. */
export interface Im2colOptions {
  /** Height and width of the window; one number for a square. */
  window: PerAxis;
  /** Step between windows. Default 1. */
  stride?: number;
  /** Zeros around the image on all sides. Default 0. */
  padding?: number;
}

export const im2colOptions = optionTable({
  window: required(perAxis(1)),
  stride: option(whole({ least: 1 }), 1),
  padding: option(whole({ least: 0 }), 0),
} satisfies OptionsOf<Im2colOptions>);

function windowGeometry(where: string, shape: readonly number[], options: Im2colOptions): ConvGeometry {
  const { window, stride, padding } = im2colOptions.read(where, options);
  const [height, width] = sidesOf(window);
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
