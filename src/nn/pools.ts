// Pooling as layers.

import { formatShape } from '../backends/shape';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import {
  averagingOf,
  avgPool2d,
  globalAvgPool,
  type MaxPoolOptions,
  maximaOf,
  maxPool2d,
  maxPoolOptions,
  type PoolOptions,
  poolOptions,
} from '../ops/pool';
import { type PerAxis, perAxis, shortSides, sidesOf } from '../ops/sides';
import { checkKind, type OptionsOf, optionsBelong, optionTable, takesNoMore } from '../options';
import type { Flow } from './flow';
import { Module } from './module';

/** What {@link AvgPool2d} takes besides its window. */
export type AvgPool2dOptions = Omit<PoolOptions, 'window'>;
/** What {@link MaxPool2d} takes besides its window. */
export type MaxPool2dOptions = Omit<MaxPoolOptions, 'window'>;

export const avgPool2dOptions = /* @__PURE__ */ (() =>
  optionTable({
    stride: poolOptions.specs.stride,
    padding: poolOptions.specs.padding,
    ceil: poolOptions.specs.ceil,
    countIncludePad: poolOptions.specs.countIncludePad,
  } satisfies OptionsOf<AvgPool2dOptions>))();

export const maxPool2dOptions = /* @__PURE__ */ (() =>
  optionTable({
    stride: maxPoolOptions.specs.stride,
    padding: maxPoolOptions.specs.padding,
    dilation: maxPoolOptions.specs.dilation,
    ceil: maxPoolOptions.specs.ceil,
  } satisfies OptionsOf<MaxPool2dOptions>))();

const aWindow = (call: string) => ({ ...perAxis(1), advice: optionsBelong(call) });
const short = (value: PerAxis) => shortSides(sidesOf(value));

/**
 * Average over windows; by default in ceil mode, where a window over the edge averages only the pixels that exist.
 */
export class AvgPool2d extends Module {
  readonly window: PerAxis;
  readonly stride: PerAxis;
  readonly padding: PerAxis;
  readonly ceil: boolean;
  readonly countIncludePad: boolean;

  constructor(window: PerAxis, options: AvgPool2dOptions = {}) {
    super();
    checkKind('AvgPool2d', 'window', aWindow('new AvgPool2d(window, { … })'), window);
    const given = avgPool2dOptions.read('AvgPool2d', options);
    this.window = short(window);
    this.stride = short(given.stride ?? window);
    this.padding = short(given.padding);
    this.ceil = given.ceil;
    this.countIncludePad = given.countIncludePad;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    const { window, stride, padding, ceil, countIncludePad } = this;
    return avgPool2d(x, { window, stride, padding, ceil, countIncludePad });
  }

  override outline(x: Flow): Flow {
    const { window, stride, padding, ceil, countIncludePad } = this;
    const found = x.shape && averagingOf('AvgPool2d', x.shape, this);
    const shape = found && [found.outHeight, found.outWidth, found.channels];
    const kind = { kind: 'averagePool', window, stride, padding, ceil, countIncludePad } as const;
    return x.layer(kind, { shape, spikes: x.spikes && window === 1 });
  }
}

/** The largest number of each window; of spikes whether any pixel spikes, and they stay spikes. */
export class MaxPool2d extends Module {
  readonly window: PerAxis;
  readonly stride: PerAxis;
  readonly padding: PerAxis;
  readonly dilation: PerAxis;
  readonly ceil: boolean;

  constructor(window: PerAxis, options: MaxPool2dOptions = {}) {
    super();
    checkKind('MaxPool2d', 'window', aWindow('new MaxPool2d(window, { … })'), window);
    const given = maxPool2dOptions.read('MaxPool2d', options);
    this.window = short(window);
    this.stride = short(given.stride ?? window);
    this.padding = short(given.padding);
    this.dilation = short(given.dilation);
    this.ceil = given.ceil;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    const { window, stride, padding, dilation, ceil } = this;
    return maxPool2d(x, { window, stride, padding, dilation, ceil });
  }

  override outline(x: Flow): Flow {
    const { window, stride, padding, dilation, ceil } = this;
    const found = x.shape && maximaOf('MaxPool2d', x.shape, this);
    const shape = found && [found.outHeight, found.outWidth, found.channels];
    return x.layer({ kind: 'maxPool', window, stride, padding, dilation, ceil }, { shape, spikes: x.spikes });
  }
}

/** Mean over height and width. */
export class GlobalAvgPool extends Module {
  constructor(...more: never[]) {
    super();
    takesNoMore('GlobalAvgPool', more);
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
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
