// The plain layers that are neither convolution nor pool: linear, shape, dropout.

import { formatShape, sizeOf } from '../backends/shape';
import { zeros } from '../core/create';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { checkProbability, type DropoutOptions, dropout, dropoutOptions } from '../ops/dropout';
import { reshape, transpose } from '../ops/layout';
import { linear } from '../ops/matmul';
import {
  checkKind,
  finite,
  flag,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  whole,
} from '../options';
import type { Flow } from './flow';
import { normalTensor } from './initialise';
import { count, type LayerOptions, layerOptions } from './layer-options';
import { Module } from './module';

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
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
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

/** What {@link Flatten} takes besides the number of axes. */
export interface FlattenOptions {
  /**
   * In which order an image's numbers come: as they lie here, or 'channelsFirst' as in PyTorch, so that a Linear behind
   * it takes weights from there. Default 'channelsLast'.
   */
  order?: 'channelsLast' | 'channelsFirst';
}

export const flattenOptions = optionTable({
  order: option(oneOf(['channelsLast', 'channelsFirst']), 'channelsLast'),
} satisfies OptionsOf<FlattenOptions>);

/** The last `axes` axes in one: [...,H,W,C] to [...,H·W·C] for 3. */
export class Flatten extends Module {
  readonly order: 'channelsLast' | 'channelsFirst';

  constructor(
    readonly axes = 3,
    options: FlattenOptions = {},
  ) {
    super();
    checkKind('Flatten', 'axes', whole({ least: 1 }), axes);
    this.order = flattenOptions.read('Flatten', options).order;
    check(
      axes === 3 || this.order === 'channelsLast',
      'Flatten',
      () => `order 'channelsFirst' is one of images, of 3 axes, got ${axes}`,
    );
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    checkTensor('Flatten', x);
    const split = Math.max(0, x.shape.length - this.axes);
    const shape = [...x.shape.slice(0, split), sizeOf(x.shape.slice(split))];
    if (this.order === 'channelsLast' || split + 3 > x.shape.length) return reshape(x, shape);
    const before = shape.slice(0, -1).map((_, axis) => axis);
    return scope(() => reshape(transpose(x, [...before, split + 2, split, split + 1]), shape));
  }

  override outline(x: Flow): Flow {
    const { axes, order } = this;
    check(
      x.shape === undefined || axes <= x.shape.length,
      'Flatten',
      () => `makes one axis of the last ${axes}, it is fed ${formatShape(x.shape!)}; new Flatten(axes)`,
    );
    const shape = x.shape && [...x.shape.slice(0, -axes), sizeOf(x.shape.slice(-axes))];
    return x.layer({ kind: 'flatten', axes, order }, { shape, spikes: x.spikes });
  }
}

/** Zeroes numbers with probability p in training, does nothing otherwise. */
export class Dropout extends Module {
  constructor(
    readonly p: number,
    private readonly options: DropoutOptions = {},
  ) {
    super();
    checkProbability('Dropout', p);
    dropoutOptions.check('Dropout', options);
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    return this.training ? dropout(x, this.p, this.options) : x;
  }

  override outline(x: Flow): Flow {
    return x.layer({ kind: 'dropout', p: this.p }, { spikes: x.spikes });
  }
}
