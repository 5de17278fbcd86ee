// The transposed convolution: what a convolution's gradient does for its input, as an operator of its own. Images grow
// by the stride.

import { checkSize, formatShape } from '../backends/shape';
import { fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { type OptionsOf, option } from '../options';
import {
  biased,
  type ConvOptions,
  type Convolution,
  type ConvSettings,
  convOptions,
  convolutionOf,
  forward,
  toInput,
  toWeight,
} from './convolution';
import { commonBackend, operation } from './operator';
import { type PerAxis, perAxis, sidesOf } from './sides';

/** How the windows of a transposed convolution lie on its output. */
export interface ConvTransposeOptions extends ConvOptions {
  /** Rows and columns more at the far edge of the output; less than the stride or the dilation. Default 0. */
  outputPadding?: PerAxis;
}

export const convTransposeOptions = /* @__PURE__ */ (() =>
  convOptions.with({
    outputPadding: option(perAxis(0), 0),
  } satisfies OptionsOf<Pick<ConvTransposeOptions, 'outputPadding'>>))();

/** The windows of a transposed convolution, filled in. */
export interface ConvTransposeSettings extends ConvSettings {
  readonly outputPadding: PerAxis;
}

/**
 * The convolution that this is the transpose of: from the image that comes out to the one that goes in.
 * @param image shape [...,H,W,Cin] of what goes in
 * @param weight shape [kh,kw,Cout/groups,Cin]
 */
export function transposedOf(
  where: string,
  image: readonly number[],
  weight: readonly number[],
  settings: ConvTransposeSettings,
): Convolution {
  check(image.length >= 3, where, () => `input must be [...,H,W,C], got ${formatShape(image)}`);
  check(weight.length === 4, where, () => `weight must be [kh,kw,cout,cin], got ${formatShape(weight)}`);
  const [stride, padding, dilation, more] = [
    sidesOf(settings.stride),
    sidesOf(settings.padding),
    sidesOf(settings.dilation),
    sidesOf(settings.outputPadding),
  ];
  check(
    weight[3] === image.at(-1),
    where,
    () => `weight expects ${weight[3]} input channels, input ${formatShape(image)} has ${image.at(-1)}`,
  );
  const [height, width] = ([0, 1] as const).map((axis) => {
    const length = image.at(axis - 3)!;
    check(
      more[axis] < Math.max(stride[axis], dilation[axis]),
      where,
      () =>
        `outputPadding ${more[axis]} must be less than the stride ${stride[axis]} or the dilation ${dilation[axis]}`,
    );
    const out =
      (length - 1) * stride[axis] - 2 * padding[axis] + dilation[axis] * (weight[axis]! - 1) + more[axis] + 1;
    check(
      length > 0 && out > 0,
      where,
      () => `input ${formatShape(image)} with padding ${padding[axis]} leaves an output of no pixels`,
    );
    return out;
  }) as [number, number];
  const output = [...image.slice(0, -3), height, width, weight[2]! * settings.groups];
  // outputPadding may leave room for a window more, which the input has no pixel for
  const g = convolutionOf(where, output, weight, settings);
  return { ...g, outHeight: image.at(-3)!, outWidth: image.at(-2)! };
}

/**
 * y[n, oy·stride - padding + ky·dilation, …, f] += x[n,oy,ox,c]·w[ky,kx,f,c] over all pixels, + bias[f]: PyTorch's
 * `conv_transpose2d`. An axis comes out (length - 1)·stride - 2·padding + dilation·(kernel - 1) + outputPadding + 1
 * long.
 * @param x [...,H,W,Cin]
 * @param weight [kh,kw,Cout/groups,Cin]
 * @returns [...,OH,OW,Cout]
 * @throws where the sizes do not fit
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  const where = 'convTranspose2d';
  const backend = commonBackend(where, [x, weight]);
  const { bias, ...settings } = convTransposeOptions.read(where, options);
  if (bias !== undefined) commonBackend(where, [x, bias]);
  const g = transposedOf(where, x.shape, weight.shape, settings);
  const [shapeX, shapeW] = [x.shape, weight.shape];
  const shape = [...shapeX.slice(0, -3), g.height, g.width, g.channels];
  checkSize(where, shape);
  return biased(where, bias, g.channels, () =>
    operation({
      name: where,
      inputs: [x, weight],
      handle: toInput(backend, g, x, weight),
      shape,
      saved: [x, weight],
      backward: (dy, [input, w], needs) => [
        needs[0] ? fromHandle(backend, forward(backend, g, dy, w!), shapeX) : null,
        needs[1] ? fromHandle(backend, toWeight(backend, g, dy, input!), shapeW) : null,
      ],
    }),
  );
}
