// The plain layers: convolution, linear, pooling, shape.

import { type ConvGeometry, convGeometry } from '../backends/geometry';
import { checkShape, sizeOf } from '../backends/shape';
import { randomTensorOptions, zeros } from '../core/create';
import type { Random } from '../core/random';
import { checkTensor, type Tensor } from '../core/tensor';
import { conv2d, type WindowOptions, windowOptions } from '../ops/conv';
import { checkProbability, dropout, dropoutOptions } from '../ops/dropout';
import { reshape } from '../ops/layout';
import { linear } from '../ops/matmul';
import { avgPool2d, globalAvgPool } from '../ops/pool';
import {
  checkKind,
  finite,
  flag,
  type Kind,
  type OptionsOf,
  option,
  optional,
  optionsBelong,
  optionTable,
  takesNoMore,
  whole,
} from '../options';
import { normalTensor } from './initialise';
import { Module } from './module';

/** What every layer with weights takes. */
export interface LayerOptions {
  /** The stream that initial weights are drawn from. Default: the global one. */
  random?: Random;
}

export const layerOptions = optionTable({
  random: optional(randomTensorOptions.specs.random.kind, 'the global one'),
} satisfies OptionsOf<LayerOptions>);

/** A size of a layer; whoever gives options in its place is told where they belong. */
const count = (call: string): Kind<number> => ({ ...whole({ least: 1 }), advice: optionsBelong(call) });

/** What {@link Conv2d} takes besides its channels. */
export interface Conv2dOptions extends WindowOptions, LayerOptions {
  /** Side of the square kernel. Default 3. */
  kernel?: number;
  /** Zeros around the image on all sides. Default: (kernel - 1)/2, rounded down. */
  padding?: number;
}

export const conv2dOptions = /* @__PURE__ */ windowOptions.with({
  ...layerOptions.specs,
  kernel: option(whole({ least: 1 }), 3),
  padding: optional(whole({ least: 0 }), '(kernel - 1)/2, rounded down'),
} satisfies OptionsOf<Omit<Conv2dOptions, 'stride'>>);

/**
 * Convolution without bias, [...,H,W,cin] to [...,OH,OW,cout]. Padding defaults to (kernel - 1)/2, rounded down.
 * Initial weights are normal with standard deviation √(2/(kernel²·cout)) (He et al., 2015, fan-out).
 */
export class Conv2d extends Module {
  readonly weight: Tensor;
  readonly stride: number;
  readonly padding: number;

  constructor(cin: number, cout: number, options: Conv2dOptions = {}) {
    super();
    for (const [name, value] of Object.entries({ cin, cout }))
      checkKind('Conv2d', name, count('new Conv2d(cin, cout, { … })'), value);
    const {
      kernel,
      stride,
      padding = Math.floor((kernel - 1) / 2),
      random,
    } = conv2dOptions.read('Conv2d', options);
    this.stride = stride;
    this.padding = padding;
    const deviation = Math.sqrt(2 / (kernel * kernel * cout));
    this.weight = this.parameter(
      'weight',
      normalTensor([kernel, kernel, cin, cout], deviation, random),
      'conv',
    );
  }

  /** The geometry for one input shape: sizes and operations. */
  geometry(shape: readonly number[]): ConvGeometry {
    checkShape('Conv2d', shape);
    return convGeometry('Conv2d', shape, this.weight.shape, this.stride, this.padding);
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, { stride: this.stride, padding: this.padding });
  }
}

/** What {@link Linear} takes besides its sizes. */
export interface LinearOptions extends LayerOptions {
  /** Default true. */
  bias?: boolean;
  /** Standard deviation of the initial weights. Default 1/in. */
  deviation?: number;
}

export const linearOptions = /* @__PURE__ */ layerOptions.with({
  bias: option(flag, true),
  deviation: optional(finite({ least: 0 }), '1/in'),
} satisfies OptionsOf<Omit<LinearOptions, 'random'>>);

/** x·weight + bias, [...,in] to [...,out]. The bias starts at 0. */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(inputs: number, outputs: number, options: LinearOptions = {}) {
    super();
    for (const [name, value] of Object.entries({ inputs, outputs }))
      checkKind('Linear', name, count('new Linear(inputs, outputs, { … })'), value);
    const { bias, deviation = 1 / inputs, random } = linearOptions.read('Linear', options);
    this.weight = this.parameter('weight', normalTensor([inputs, outputs], deviation, random), 'linear');
    this.bias = bias ? this.parameter('bias', zeros([outputs])) : undefined;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}

/** Average over square windows (ceil mode). */
export class AvgPool2d extends Module {
  constructor(
    readonly window: number,
    readonly stride = window,
  ) {
    super();
    for (const [name, value] of Object.entries({ window, stride }))
      checkKind('AvgPool2d', name, count('none here; new AvgPool2d(window, stride)'), value);
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, { window: this.window, stride: this.stride });
  }
}

/** Mean over height and width. */
export class GlobalAvgPool extends Module {
  constructor(...more: never[]) {
    super();
    takesNoMore('GlobalAvgPool', more);
  }

  forward(x: Tensor): Tensor {
    return globalAvgPool(x);
  }
}

/** The last `axes` axes in one: [...,H,W,C] to [...,H·W·C] for 3. */
export class Flatten extends Module {
  constructor(readonly axes = 3) {
    super();
    checkKind('Flatten', 'axes', whole({ least: 1 }), axes);
  }

  forward(x: Tensor): Tensor {
    checkTensor('Flatten', x);
    const split = Math.max(0, x.shape.length - this.axes);
    return reshape(x, [...x.shape.slice(0, split), sizeOf(x.shape.slice(split))]);
  }
}

/** Zeroes numbers with probability p in training, does nothing otherwise. */
export class Dropout extends Module {
  constructor(
    readonly p: number,
    private readonly options: LayerOptions = {},
  ) {
    super();
    checkProbability('Dropout', p);
    dropoutOptions.check('Dropout', options);
  }

  forward(x: Tensor): Tensor {
    return this.training ? dropout(x, this.p, this.options) : x;
  }
}
