// What convolutions and transposed ones share: their options, their sizes, and which kernels compute them. Square grids
// of one group have faster ones.

import type { Backend, Handle, Operand } from '../backends/backend';
import { type ConvGeometry, convGeometry } from '../backends/geometry';
import { formatShape, type Shape } from '../backends/shape';
import { type GroupedGeometry, groupedGeometry } from '../backends/windows';
import { aTensor } from '../core/kinds';
import { scope } from '../core/scope';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { type OptionsOf, option, optional, optionTable, whole } from '../options';
import { add } from './arithmetic';
import { type PerAxis, perAxis, sidesOf } from './sides';

/** How the windows of a convolution lie. */
export interface ConvOptions {
  /** Step between windows. Default 1. */
  stride?: PerAxis;
  /** Zeros around the image, before and behind. Default 0. */
  padding?: PerAxis;
  /** Pixels from one tap of a window to the next. Default 1. */
  dilation?: PerAxis;
  /** Parts of the channels and filters that see one another alone; as many as channels: depthwise. Default 1. */
  groups?: number;
  /** One number for each filter, added to every pixel. Default: none. */
  bias?: Tensor;
}

export const convOptions = optionTable({
  stride: option(perAxis(1), 1),
  padding: option(perAxis(0), 0),
  dilation: option(perAxis(1), 1),
  groups: option(whole({ least: 1 }), 1),
  bias: optional(aTensor, 'none'),
} satisfies OptionsOf<ConvOptions>);

/** The windows of a convolution, filled in. */
export interface ConvSettings {
  readonly stride: PerAxis;
  readonly padding: PerAxis;
  readonly dilation: PerAxis;
  readonly groups: number;
}

/** A convolution of known sizes, by the geometry that its kernels take. */
export type Convolution = ConvGeometry | GroupedGeometry;

/** Whether it takes the kernels for any grid. */
export function isGrouped(g: Convolution): g is GroupedGeometry {
  return typeof g === 'object' && g !== null && 'groups' in g;
}

/** @param image shape [...,H,W,Cin] @param weight shape [kh,kw,Cin/groups,Cout] */
export function convolutionOf(where: string, image: Shape, weight: Shape, s: ConvSettings): Convolution {
  const [stride, padding, dilation] = [sidesOf(s.stride), sidesOf(s.padding), sidesOf(s.dilation)];
  const isSquare =
    s.groups === 1 &&
    dilation[0] === 1 &&
    dilation[1] === 1 &&
    stride[0] === stride[1] &&
    padding[0] === padding[1];
  return isSquare
    ? convGeometry(where, image, weight, stride[0], padding[0])
    : groupedGeometry(where, image, weight, { stride, padding, dilation, groups: s.groups });
}

/** y = x * w. */
export function forward(backend: Backend, g: Convolution, x: Operand, w: Operand): Handle {
  return isGrouped(g) ? backend.groupedConv2d(x, w, g) : backend.conv2d(x, w, g);
}

/** From the gradient of y to that of x. */
export function toInput(backend: Backend, g: Convolution, gradient: Operand, w: Operand): Handle {
  return isGrouped(g)
    ? backend.groupedConv2dInputGradient(gradient, w, g)
    : backend.conv2dInputGradient(gradient, w, g);
}

/** From x and the gradient of y to that of w. */
export function toWeight(backend: Backend, g: Convolution, x: Operand, gradient: Operand): Handle {
  return isGrouped(g)
    ? backend.groupedConv2dWeightGradient(x, gradient, g)
    : backend.conv2dWeightGradient(x, gradient, g);
}

/** What is made, and a bias of [channels] on its last axis. */
export function biased(
  where: string,
  bias: Tensor | undefined,
  channels: number,
  make: () => Tensor,
): Tensor {
  if (bias === undefined) return make();
  check(
    bias.shape.length === 1 && bias.shape[0] === channels,
    where,
    () => `bias must be [${channels}], got ${formatShape(bias.shape)}`,
  );
  return scope(() => add(make(), bias));
}
