// Collects the steps of an inference graph while a network is walked, and knows the shape at every point.

import { convGeometry, poolGeometry } from '../../backends/geometry';
import { type Shape, sizeOf } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import type { AvgPool2d, Conv2d, Linear } from '../../nn/layers';
import { type LifOptions, neuronOf } from '../../snn/options';
import { mprOf } from '../../snn/rectifier';
import type { TdBatchNorm } from '../../snn/tdbn';
import { type ArrayWithShape, permuteArray, toFileLayout } from '../layout';
import { foldTdbn, type WeightAndBias } from './fold';
import { INPUT, type InferenceGraph, type InferenceStep } from './graph';

/** A value on its way through the network. */
export interface Flow {
  readonly from: string;
  /** [C,H,W] or [N]. */
  readonly shape: Shape;
  /** The image [C,H,W] that a vector was made of: here it lies as [H,W,C], in files as [C,H,W]. */
  readonly image?: Shape;
}

export class InferenceBuilder {
  readonly #steps: InferenceStep[] = [];
  readonly input: Flow;

  constructor(
    readonly where: string,
    inputShape: Shape,
  ) {
    this.input = { from: INPUT, shape: inputShape };
  }

  finish(output: Flow, timeMean: boolean): InferenceGraph {
    check(
      output.image === undefined,
      this.where,
      'the network ends in a flattened image, whose numbers files keep in another order; end it in a Linear, or before the Flatten',
    );
    return { inputShape: this.input.shape, steps: this.#steps, output: output.from, timeMean };
  }

  #push(step: InferenceStep): Flow {
    this.#steps.push(step);
    return { from: step.name, shape: step.shape };
  }

  /** @param norm folded into the weights where there is one */
  async conv(name: string, x: Flow, conv: Conv2d, norm: TdBatchNorm | undefined): Promise<Flow> {
    const [, height, width] = this.#image(name, x);
    const { stride, padding, weight: tensor } = conv;
    const { outHeight, outWidth, filters } = convGeometry(
      this.where,
      [1, height, width, x.shape[0]!],
      tensor.shape,
      stride,
      padding,
    );
    const weight = toFileLayout({ data: await tensor.data(), shape: tensor.shape }, 'conv');
    const layer = await this.#folded({ weight, bias: zerosLike(weight.data, filters) }, norm);
    const shape = [filters, outHeight, outWidth];
    return this.#push({ kind: 'conv', name, from: [x.from], shape, stride, padding, ...layer });
  }

  async linear(name: string, x: Flow, linear: Linear, norm: TdBatchNorm | undefined): Promise<Flow> {
    const [inputs, outputs] = linear.weight.shape as [number, number];
    check(
      x.shape.length === 1 && x.shape[0] === inputs,
      this.where,
      () => `layer ${name} takes ${inputs} numbers, it is fed [${x.shape}]; is a Flatten missing?`,
    );
    const plain = toFileLayout({ data: await linear.weight.data(), shape: linear.weight.shape }, 'linear');
    const weight = x.image === undefined ? plain : columnsByChannel(plain, x.image);
    const bias =
      linear.bias === undefined
        ? zerosLike(weight.data, outputs)
        : { data: await linear.bias.data(), shape: [outputs] };
    const layer = await this.#folded({ weight, bias }, norm);
    return this.#push({ kind: 'linear', name, from: [x.from], shape: [outputs], ...layer });
  }

  async #folded(layer: WeightAndBias, norm: TdBatchNorm | undefined): Promise<WeightAndBias> {
    return norm === undefined ? layer : foldTdbn(norm, layer);
  }

  /** MPR centred on the threshold changes no spike and drops out. @throws for any other rectifier */
  neuron(name: string, x: Flow, options: LifOptions): Flow {
    const { dynamics, tau, vth, vReset, reset, rectifier } = neuronOf(this.where, options);
    if (rectifier !== undefined && mprOf(rectifier)?.centre !== vth) {
      throw new SpikegradError(
        this.where,
        `layer ${name}: only MPR centred on the threshold can be left out of an export; this rectifier may change spikes`,
      );
    }
    const neuron = { dynamics, tau, vth, vReset, reset };
    const flow = this.#push({ kind: 'neuron', name, from: [x.from], shape: x.shape, neuron });
    return { ...flow, image: x.image };
  }

  pool(name: string, x: Flow, { window, stride }: AvgPool2d): Flow {
    const [channels, height, width] = this.#image(name, x);
    const { outHeight, outWidth } = poolGeometry(this.where, [1, height, width, channels], window, stride);
    check(
      (outHeight - 1) * stride + window <= height && (outWidth - 1) * stride + window <= width,
      this.where,
      () =>
        `layer ${name}: windows of ${window} stick out of an image of ${height}x${width}; only pools that fit can be exported`,
    );
    const shape = [channels, outHeight, outWidth];
    return this.#push({ kind: 'pool', name, from: [x.from], shape, window: [window, window], stride });
  }

  /** Mean over the image: one window over all of it, then the channels as a vector. */
  globalPool(name: string, x: Flow): Flow {
    const [channels, height, width] = this.#image(name, x);
    const pooled = this.#push({
      kind: 'pool',
      name,
      from: [x.from],
      shape: [channels, 1, 1],
      window: [height, width],
      stride: Math.max(height, width),
    });
    return this.#flatten(`${name}_flat`, pooled);
  }

  /** The image as a vector. */
  flattenImage(name: string, x: Flow, axes: number): Flow {
    this.#image(name, x);
    check(
      axes === 3,
      this.where,
      () => `layer ${name}: only a Flatten of 3 axes can be exported, got ${axes}`,
    );
    return { ...this.#flatten(name, x), image: x.shape };
  }

  #flatten(name: string, x: Flow): Flow {
    return this.#push({ kind: 'flatten', name, from: [x.from], shape: [sizeOf(x.shape)] });
  }

  sum(name: string, a: Flow, b: Flow): Flow {
    return this.#push({ kind: 'sum', name, from: [a.from, b.from], shape: a.shape });
  }

  #image(name: string, x: Flow): [number, number, number] {
    check(x.shape.length === 3, this.where, () => `layer ${name} needs an image, it is fed [${x.shape}]`);
    return x.shape as [number, number, number];
  }
}

function zerosLike(data: Float32Array | Float64Array, length: number) {
  return {
    data: data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length),
    shape: [length],
  };
}

/** The inputs of a linear layer [out,in] from the order [H,W,C] to [C,H,W]. */
function columnsByChannel({ data, shape }: ArrayWithShape, [channels, height, width]: Shape): ArrayWithShape {
  const split = { data, shape: [shape[0]!, height!, width!, channels!] };
  return { data: permuteArray(split, [0, 3, 1, 2]).data, shape };
}
