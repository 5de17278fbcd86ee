// Convolution on channels-last images [...,H,W,C]; every leading axis is batch.

import type { ConvGeometry } from '../backends/geometry';
import { checkSize, sizeOf } from '../backends/shape';
import type { GroupedGeometry } from '../backends/windows';
import { fromHandle, type Tensor } from '../core/tensor';
import { anObject, checkKind } from '../options';
import {
  biased,
  type ConvOptions,
  type Convolution,
  convOptions,
  convolutionOf,
  forward,
  isGrouped,
  toInput,
  toWeight,
} from './convolution';
import { commonBackend, operation } from './operator';

/**
 * y[n,oy,ox,f] = bias[f] + Σ w[ky,kx,c,f]·x[n, top + ky·dilation, left + kx·dilation, c], (top, left) = (oy, ox)·stride
 * - padding, c over the channels of f's group.
 * @param x [...,H,W,Cin]; spikes are taken as events by backends that can
 * @param weight [kh,kw,Cin/groups,Cout]
 * @returns [...,OH,OW,Cout]
 * @throws where the sizes do not fit, or groups do not divide the channels and the filters
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  commonBackend('conv2d', [x, weight]);
  // a bias is not to be remembered
  const given =
    options?.bias === undefined ? convOptions.again('conv2d', options) : convOptions.read('conv2d', options);
  const { bias } = given;
  if (bias !== undefined) commonBackend('conv2d', [x, bias]);
  const g = convolutionOf('conv2d', x.shape, weight.shape, given);
  return biased('conv2d', bias, g.filters, () => convolved('conv2d', x, weight, g));
}

/** A convolution without bias. @param name of the operator that it is, or is a part of */
export function convolved(name: string, x: Tensor, weight: Tensor, g: Convolution): Tensor {
  const { backend } = x;
  const [shapeX, shapeW] = [x.shape, weight.shape];
  const shape = [...shapeX.slice(0, -3), g.outHeight, g.outWidth, g.filters];
  checkSize(name, shape);
  return operation({
    name,
    inputs: [x, weight],
    handle: forward(backend, g, x, weight),
    shape,
    saved: [x, weight],
    backward: (dy, [input, w], needs) => [
      needs[0] ? fromHandle(backend, toInput(backend, g, dy, w!), shapeX) : null,
      needs[1] ? fromHandle(backend, toWeight(backend, g, input!, dy), shapeW) : null,
    ],
  });
}

/** Multiply-accumulates of one dense convolution of this geometry, padding included. */
export function convOperations(g: ConvGeometry | GroupedGeometry): number {
  const [height, width, depth] = sidesOfKernel(g);
  return sizeOf([g.batch, g.outHeight, g.outWidth, height, width, depth, g.filters]);
}

function sidesOfKernel(g: ConvGeometry | GroupedGeometry): [number, number, number] {
  if (isGrouped(g)) return [g.rows.size, g.columns.size, g.channels / g.groups];
  checkKind('convOperations', 'g', anObject, g);
  return [g.kernelHeight, g.kernelWidth, g.channels];
}
