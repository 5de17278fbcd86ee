// The plain layers: convolution, linear, pooling, shape.

import { type ConvGeometry, convGeometry, poolGeometry } from '../backends/geometry';
import { checkShape, formatShape, sizeOf } from '../backends/shape';
import { randomTensorOptions, zeros } from '../core/create';
import type { Random } from '../core/random';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { conv2d, convOperations, type WindowOptions, windowOptions } from '../ops/conv';
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
import type { Flow } from './flow';
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

  override outline(x: Flow): Flow {
    const { stride, padding } = this;
    const [kernel, , channels, filters] = this.weight.shape as [number, number, number, number];
    const found = x.shape && this.geometry(x.shape);
    return x.layer(
      { kind: 'conv', kernel, channels, filters, stride, padding },
      {
        shape: found && [found.outHeight, found.outWidth, filters],
        operations: found === undefined ? undefined : convOperations(found),
      },
    );
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

  override outline(x: Flow): Flow {
    const [inputs, outputs] = this.weight.shape as [number, number];
    check(
      x.shape === undefined || x.shape.at(-1) === inputs,
      'Linear',
      () => `takes ${inputs} numbers, it is fed ${formatShape(x.shape!)}; is a Flatten missing?`,
    );
    return x.layer(
      { kind: 'linear', inputs, outputs, bias: this.bias !== undefined },
      { shape: x.shape?.with(-1, outputs), operations: x.shape && sizeOf(x.shape) * outputs },
    );
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

  override outline(x: Flow): Flow {
    const { window, stride } = this;
    const found = x.shape && poolGeometry('AvgPool2d', x.shape, window, stride);
    const shape = found && [found.outHeight, found.outWidth, found.channels];
    return x.layer({ kind: 'averagePool', window, stride }, { shape, spikes: x.spikes && window === 1 });
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

  override outline(x: Flow): Flow {
    check(
      x.shape === undefined || x.shape.length === 3,
      'GlobalAvgPool',
      () => `takes images [H,W,C], it is fed ${formatShape(x.shape!)}`,
    );
    return x.layer({ kind: 'globalAveragePool' }, { shape: x.shape?.slice(-1) });
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

  override outline(x: Flow): Flow {
    const { axes } = this;
    check(
      x.shape === undefined || axes <= x.shape.length,
      'Flatten',
      () => `makes one axis of the last ${axes}, it is fed ${formatShape(x.shape!)}; new Flatten(axes)`,
    );
    const shape = x.shape && [...x.shape.slice(0, -axes), sizeOf(x.shape.slice(-axes))];
    return x.layer({ kind: 'flatten', axes }, { shape, spikes: x.spikes });
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

  override outline(x: Flow): Flow {
    return x.layer({ kind: 'dropout', p: this.p }, { spikes: x.spikes });
  }
}
