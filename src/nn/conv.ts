// Convolutions as layers.

import type { ConvGeometry } from '../backends/geometry';
import { checkShape, type Shape } from '../backends/shape';
import type { GroupedGeometry, Sides } from '../backends/windows';
import { zeros } from '../core/create';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { conv2d, convOperations } from '../ops/conv';
import { convOptions, convolutionOf } from '../ops/convolution';
import { type PerAxis, perAxis, shortSides, sidesOf } from '../ops/sides';
import { convTranspose2d, convTransposeOptions, transposedOf } from '../ops/transposed-conv';
import { checkKind, finite, flag, type OptionsOf, option, optional } from '../options';
import type { Flow } from './flow';
import { normalTensor } from './initialise';
import { count, type LayerOptions, layerOptions } from './layer-options';
import { Module, type StateLayout } from './module';

/** What {@link Conv2d} takes besides its channels. */
export interface Conv2dOptions extends LayerOptions {
  /** The kernel's sides. Default 3. */
  kernel?: PerAxis;
  /** Step between windows. Default 1. */
  stride?: PerAxis;
  /** Zeros around the image, before and behind. Default: dilation·(kernel - 1)/2, rounded down. */
  padding?: PerAxis;
  /** Pixels from one tap of a window to the next. Default 1. */
  dilation?: PerAxis;
  /** Parts of the channels and filters that see one another alone; as many as channels: depthwise. Default 1. */
  groups?: number;
  /** Whether each filter has a number of its own that is added, 0 at first. Default false. */
  bias?: boolean;
  /** Standard deviation of the initial weights. Default √(2·groups/(kernel²·cout)). */
  deviation?: number;
}

export const conv2dOptions = /* @__PURE__ */ (() =>
  layerOptions.with({
    kernel: option(perAxis(1), 3),
    stride: convOptions.specs.stride,
    padding: optional(perAxis(0), 'dilation·(kernel - 1)/2, rounded down'),
    dilation: convOptions.specs.dilation,
    groups: convOptions.specs.groups,
    bias: option(flag, false),
    deviation: optional(finite({ least: 0 }), '√(2·groups/(kernel²·cout))'),
  } satisfies OptionsOf<Omit<Conv2dOptions, keyof LayerOptions>>))();

/** @throws unless groups divide both */
function checkGroups(where: string, parts: number, cin: number, cout: number): void {
  check(
    cin % parts === 0 && cout % parts === 0,
    where,
    () => `${parts} groups do not divide ${cin} input channels and ${cout} filters`,
  );
}

/** Padding that leaves the image its size at stride 1 and an odd kernel. */
function samePadding([height, width]: Sides, [down, across]: Sides): Sides {
  return [Math.floor((down * (height - 1)) / 2), Math.floor((across * (width - 1)) / 2)];
}

/**
 * Convolution, [...,H,W,cin] to [...,OH,OW,cout], without bias unless it is asked for. Initial weights are normal with
 * standard deviation √(2·groups/(kernel²·cout)) (He et al., 2015, fan-out), which a norm behind makes right.
 */
export class Conv2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly stride: PerAxis;
  readonly padding: PerAxis;
  readonly dilation: PerAxis;
  readonly groups: number;

  constructor(cin: number, cout: number, options: Conv2dOptions = {}) {
    super();
    for (const [name, value] of Object.entries({ cin, cout }))
      checkKind('Conv2d', name, count('new Conv2d(cin, cout, { … })'), value);
    const given = conv2dOptions.read('Conv2d', options);
    const [kernel, apart] = [sidesOf(given.kernel), sidesOf(given.dilation)];
    checkGroups('Conv2d', given.groups, cin, cout);
    this.stride = shortSides(sidesOf(given.stride));
    this.padding = shortSides(
      given.padding === undefined ? samePadding(kernel, apart) : sidesOf(given.padding),
    );
    this.dilation = shortSides(apart);
    this.groups = given.groups;
    const { deviation = Math.sqrt(2 / (kernel[0] * kernel[1] * (cout / given.groups))) } = given;
    this.weight = this.parameter(
      'weight',
      normalTensor([...kernel, cin / given.groups, cout], deviation, given.random),
      this.layout,
    );
    this.bias = given.bias ? this.parameter('bias', zeros([cout])) : undefined;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /** How files have its weights. */
  protected get layout(): StateLayout {
    return 'conv';
  }

  /** The geometry for one input shape: sizes and operations. */
  geometry(shape: Shape): ConvGeometry | GroupedGeometry {
    checkShape('Conv2d', shape);
    return convolutionOf('Conv2d', shape, this.weight.shape, this);
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups, bias } = this;
    return conv2d(x, this.weight, { stride, padding, dilation, groups, bias });
  }

  override outline(x: Flow): Flow {
    const { stride, padding, dilation, groups } = this;
    const [height, width, depth, filters] = this.weight.shape as [number, number, number, number];
    const found = x.shape && this.geometry(x.shape);
    return x.layer(
      {
        ...{ kind: 'conv', kernel: shortSides([height, width]), channels: depth * groups, filters },
        ...{ stride, padding, dilation, groups, bias: this.bias !== undefined },
      },
      {
        shape: found && [found.outHeight, found.outWidth, filters],
        operations: found === undefined ? undefined : convOperations(found),
      },
    );
  }
}

/** What {@link ConvTranspose2d} takes besides its channels. */
export interface ConvTranspose2dOptions extends Omit<Conv2dOptions, 'padding' | 'bias' | 'deviation'> {
  /** Pixels that are left out of the output, before and behind. Default 0. */
  padding?: PerAxis;
  /** Rows and columns more at the far edge of the output; less than the stride or the dilation. Default 0. */
  outputPadding?: PerAxis;
  /** Whether each filter has a number of its own that is added, 0 at first. Default false. */
  bias?: boolean;
  /** Standard deviation of the initial weights. Default √(2·groups·stride²/(kernel²·cin)). */
  deviation?: number;
}

export const convTranspose2dOptions = /* @__PURE__ */ (() =>
  conv2dOptions.with({
    padding: convTransposeOptions.specs.padding,
    outputPadding: convTransposeOptions.specs.outputPadding,
    deviation: optional(finite({ least: 0 }), '√(2·groups·stride²/(kernel²·cin))'),
  } satisfies OptionsOf<Pick<ConvTranspose2dOptions, 'padding' | 'outputPadding' | 'deviation'>>))();

/**
 * Transposed convolution, [...,H,W,cin] to [...,OH,OW,cout]: an image grows by the stride. `weight` is
 * [kernel,kernel,cout/groups,cin], PyTorch's `ConvTranspose2d` in files. Initial weights are normal with standard
 * deviation √(2·groups·stride²/(kernel²·cin)): each pixel of the output is the sum of so many products.
 */
export class ConvTranspose2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly stride: PerAxis;
  readonly padding: PerAxis;
  readonly dilation: PerAxis;
  readonly outputPadding: PerAxis;
  readonly groups: number;

  constructor(cin: number, cout: number, options: ConvTranspose2dOptions = {}) {
    super();
    for (const [name, value] of Object.entries({ cin, cout }))
      checkKind('ConvTranspose2d', name, count('new ConvTranspose2d(cin, cout, { … })'), value);
    const given = convTranspose2dOptions.read('ConvTranspose2d', options);
    const [kernel, step] = [sidesOf(given.kernel), sidesOf(given.stride)];
    checkGroups('ConvTranspose2d', given.groups, cin, cout);
    this.stride = shortSides(step);
    this.padding = shortSides(sidesOf(given.padding));
    this.dilation = shortSides(sidesOf(given.dilation));
    this.outputPadding = shortSides(sidesOf(given.outputPadding));
    this.groups = given.groups;
    const products = (kernel[0] * kernel[1] * (cin / given.groups)) / (step[0] * step[1]);
    const { deviation = Math.sqrt(2 / products) } = given;
    this.weight = this.parameter(
      'weight',
      normalTensor([...kernel, cout / given.groups, cin], deviation, given.random),
      'conv',
    );
    this.bias = given.bias ? this.parameter('bias', zeros([cout])) : undefined;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, outputPadding, groups, bias } = this;
    return convTranspose2d(x, this.weight, { stride, padding, dilation, outputPadding, groups, bias });
  }

  override outline(x: Flow): Flow {
    const { stride, padding, dilation, outputPadding, groups } = this;
    const [height, width, own, channels] = this.weight.shape as [number, number, number, number];
    const found = x.shape && transposedOf('ConvTranspose2d', x.shape, this.weight.shape, this);
    const filters = own * groups;
    return x.layer(
      {
        ...{ kind: 'convTranspose', kernel: shortSides([height, width]), channels, filters },
        ...{ stride, padding, dilation, outputPadding, groups, bias: this.bias !== undefined },
      },
      {
        shape: found && [found.height, found.width, filters],
        operations: found === undefined ? undefined : convOperations(found),
      },
    );
  }
}
