// From the description of a network to what it computes at inference, step by step. Layers that only matter in training
// (dropout), that repeat images over time, or whose numbers went into the weights before them leave no step.

import { type Shape, sizeOf } from '../../backends/shape';
import type { Sides } from '../../backends/windows';
import { check, SpikegradError } from '../../errors';
import type { LayerDescription } from '../../nn/description';
import { describeNetwork } from '../../nn/description/describe';
import type { Module } from '../../nn/module';
import { sidesOf } from '../../ops/sides';
import { exportable, placeOf, unknownLayer } from './exportable';
import { type Base, INPUT, type InferenceGraph, type InferenceStep, type Output } from './graph';
import { delayStep, equationsStep, lifStep, stepsWeighted } from './in-time';
import { ownInference } from './own';
import { type Described, FoldedWeights, valuesByChannel, votingWeights } from './weights';

/**
 * What a network computes at inference.
 * @param where the function that messages name
 * @param inputShape one image [H,W,C], or one vector [N]
 * @param timesteps of sequences; undefined where images go in
 * @param lets lets layers through of which no step can be made: `others` of the graph has them
 * @throws when a layer is of a kind that exports do not know
 */
export async function inferenceGraph(
  where: string,
  network: Module,
  inputShape: Shape,
  timesteps?: number,
  lets = false,
): Promise<InferenceGraph> {
  check(
    inputShape.length === 3 || inputShape.length === 1,
    where,
    () => `inputShape must be [H,W,C] or [N], got [${inputShape}]`,
  );
  const own = ownInference(network);
  if (own !== undefined) {
    check(
      own.inputShape.join() === inputShape.join(),
      where,
      () => `the network was compiled for [${own.inputShape}], got inputShape [${inputShape}]`,
    );
    return own.graph(where);
  }
  exportable(where, network); // before shapes are told, which are not known behind an unknown layer
  const { layers, output, timesteps: steps } = describeNetwork(where, network, { inputShape, timesteps });
  const lowering = new Lowering(where, new FoldedWeights(network, layers), { inputShape, steps, lets });
  for (const layer of layers) await lowering.pass(layer);
  return lowering.finish(output);
}

/** Names that exporters give to other things. */
const TAKEN = [INPUT, 'output', 'folded', 'folded_shape', 'time_axis'];

class Lowering {
  readonly #steps: InferenceStep[] = [];
  readonly #values: Map<string, Output>;
  readonly #names = new Set(TAKEN);
  readonly #others = new Map<string, string>();
  readonly #inputShape: Shape;
  readonly timesteps: number | undefined;
  readonly lets: boolean;
  #timeMean = false;

  constructor(
    readonly where: string,
    readonly weights: FoldedWeights,
    { inputShape, steps, lets }: { inputShape: Shape; steps: number | undefined; lets: boolean },
  ) {
    this.timesteps = steps;
    this.lets = lets;
    this.#inputShape = inputShape.length === 3 ? channelsFirst(inputShape) : inputShape;
    this.#values = new Map([[INPUT, { from: INPUT, shape: this.#inputShape }]]);
  }

  finish(output: string): InferenceGraph {
    const { from, shape, image } = this.#values.get(output)!;
    check(
      image === undefined,
      this.where,
      'the network ends in a flattened image, whose numbers files keep in another order; end it in a Linear, or before the Flatten',
    );
    return {
      inputShape: this.#inputShape,
      steps: this.lets ? this.#steps : this.#used(from),
      output: from,
      outputShape: shape,
      timeMean: this.#timeMean,
      places: new Map([...this.#values].map(([path, value]) => [path, value.from])),
      others: this.#others,
    };
  }

  /** The steps that the output is made of: a map back stands beside them. */
  #used(output: string): InferenceStep[] {
    const names = new Set([output]);
    for (const { name, from } of this.#steps.toReversed())
      if (names.has(name)) for (const one of from) names.add(one);
    return this.#steps.filter(({ name }) => names.has(name));
  }

  async pass(layer: LayerDescription): Promise<void> {
    const inputs = layer.from.map((path) => this.#values.get(path)!);
    const y = await this.#step(layer, inputs[0]!, inputs).catch((error: unknown) => {
      if (!this.lets || !(error instanceof SpikegradError)) throw error;
      return this.#other(layer, error.problem);
    });
    this.#values.set(layer.path, y);
  }

  /** A layer of which no step is made. */
  #other(layer: LayerDescription, why: string): Output {
    const from = this.#name(layer);
    this.#others.set(from, why);
    const shape = layer.outputShape!;
    return { from, shape: shape.length === 3 ? channelsFirst(shape) : shape };
  }

  async #step(layer: LayerDescription, x: Output, inputs: readonly Output[]): Promise<Output> {
    const base = { name: this.#name(layer), from: inputs.map(({ from }) => from) };
    const shape = layer.outputShape!.length === 3 ? channelsFirst(layer.outputShape!) : layer.outputShape!;
    switch (layer.kind) {
      case 'conv': {
        const made = await this.weights.of(layer);
        const named = this.#named(layer, base);
        return this.#push({ ...base, ...named, ...windowsOf(layer), ...made, kind: 'conv', shape });
      }
      case 'convTranspose': {
        const made = await this.weights.of(layer);
        const outputPadding = sidesOf(layer.outputPadding);
        const named = this.#named(layer, base);
        const windows = { ...windowsOf(layer), outputPadding };
        return this.#push({ ...base, ...named, ...windows, ...made, kind: 'convTranspose', shape });
      }
      case 'linear': {
        this.#isVector(layer, x);
        const made = await this.weights.of(layer, x.image);
        return this.#push({ ...base, kind: 'linear', shape, ...this.#named(layer, base), ...made });
      }
      case 'norm':
        return layer.foldsInto === undefined ? this.#norm(layer, x, base) : x;
      case 'neuron':
        this.#isInTime(layer);
        return { ...this.#push(lifStep(this.where, layer, x, base)), image: x.image };
      case 'averagePool':
        return this.#averagePool(layer, x, base);
      case 'maxPool': {
        this.#isBeforeMean(layer, 'max pooling');
        const dilation = sidesOf(layer.dilation);
        return this.#push({
          ...base,
          ...poolOf(layer, x, shape, dilation),
          dilation,
          kind: 'maxPool',
          shape,
        });
      }
      case 'globalAveragePool':
        return this.#globalPool(x, base);
      case 'flatten':
        return this.#flatten(layer, x, base);
      case 'sum':
      case 'and':
      case 'iand':
        if (layer.kind !== 'sum') this.#isBeforeMean(layer, 'a product');
        check(
          inputs.every(({ image }) => String(image) === String(x.image)),
          this.where,
          () =>
            `${placeOf(layer.path)}: a flattened image and another vector are joined, which files keep in different orders`,
        );
        return { ...this.#push({ ...base, kind: layer.kind, shape }), image: x.image };
      case 'relu':
        this.#isBeforeMean(layer, 'a ReLU');
        return { ...this.#push({ ...base, kind: 'relu', shape }), image: x.image };
      case 'timeMean':
        this.#endsTime(layer);
        return x;
      case 'timeSum':
      case 'lastStep':
        return this.#weighted(layer, x, base);
      case 'voting':
        this.#isVector(layer, x);
        return this.#push({ ...base, ...votingWeights(layer, x.shape[0]!), kind: 'linear', shape });
      case 'attention': {
        this.#isBeforeMean(layer, 'attention');
        const { heads, scale } = layer;
        return this.#push({ ...base, kind: 'attention', heads, scale, shape });
      }
      case 'dropout':
      case 'repeat':
        return x;
      case 'equations':
        this.#isInTime(layer);
        return {
          ...this.#push(
            await equationsStep(this.where, layer, x, base, this.weights, (name) => this.#unique(name)),
          ),
          image: x.image,
        };
      case 'delay':
        this.#isInTime(layer);
        return { ...this.#push(delayStep(this.where, layer, x, base)), image: x.image };
      case 'custom':
        throw unknownLayer(this.where, layer);
    }
  }

  /** What comes behind is the same of a mean as the mean of it: no neuron can. */
  #endsTime({ path }: LayerDescription): void {
    check(!this.#timeMean, this.where, () => `${placeOf(path)}: there is a mean over time before it already`);
    this.#timeMean = true;
  }

  /** The sum over time, or the last step, as the mean of weighted steps. */
  #weighted(layer: Described<'timeSum'> | Described<'lastStep'>, x: Output, base: Base): Output {
    const { timesteps } = this;
    check(
      timesteps !== undefined,
      this.where,
      () => `${placeOf(layer.path)}: how many time steps there are is not known; pass timesteps`,
    );
    this.#endsTime(layer);
    const model = stepsWeighted(layer.kind, timesteps);
    const step = { ...base, kind: 'equations', model, learned: new Map(), shape: x.shape } as const;
    return { ...this.#push(step), image: x.image };
  }

  /** The mean over time is taken last, which is the same for what is linear alone. */
  #isBeforeMean({ path }: LayerDescription, what: string): void {
    check(
      !this.#timeMean,
      this.where,
      () =>
        `${placeOf(path)} is ${what} behind a mean over time, which files take last; put it before the mean`,
    );
  }

  #push(step: InferenceStep): Output {
    this.#steps.push(step);
    return { from: step.name, shape: step.shape };
  }

  /** A step's name: the layer's, without the dots that other tools take for something else. */
  #name({ path, kind }: LayerDescription): string {
    return this.#unique(path.replaceAll(/[./]/g, '_') || kind);
  }

  #unique(own: string): string {
    let name = own;
    for (let use = 2; this.#names.has(name); use++) name = `${own}_${use}`;
    this.#names.add(name);
    return name;
  }

  readonly #weightNames = new Map<string, string>();

  /** The name of a step's weights: that of the first step that has the same. */
  #named(layer: LayerDescription, { name }: { name: string }): { weights: string } {
    const key = this.weights.nameOf(layer);
    const known = this.#weightNames.get(key) ?? name;
    this.#weightNames.set(key, known);
    return { weights: known };
  }

  async #norm(layer: Described<'norm'>, x: Output, base: Base): Promise<Output> {
    const { gain, offset } = await this.weights.line(layer);
    const { shape, image } = x;
    const line = { gain: valuesByChannel(gain, image), offset: valuesByChannel(offset, image) };
    return { ...this.#push({ ...base, kind: 'norm', shape, ...this.#named(layer, base), ...line }), image };
  }

  #isInTime({ path }: LayerDescription): void {
    check(
      !this.#timeMean,
      this.where,
      () => `${placeOf(path)} stands behind a mean over time, which leaves it no time steps`,
    );
  }

  #averagePool(layer: Described<'averagePool'>, x: Output, base: Base): Output {
    if (layer.window === 1 && layer.stride === 1) return x;
    const shape = channelsFirst(layer.outputShape!);
    const windows = poolOf(layer, x, shape, [1, 1]);
    const [padded, sticksOut] = [windows.padding, windows.beyond].map((sides) => Math.max(...sides) > 0);
    check(
      !(layer.countIncludePad && padded && sticksOut),
      this.where,
      () =>
        `${placeOf(layer.path)}: its last windows stick out behind a padding that is averaged too, which files count in another way; give it ceil: false or countIncludePad: false`,
    );
    const countIncludePad = layer.countIncludePad && padded!;
    return this.#push({ ...base, ...windows, countIncludePad, kind: 'pool', shape });
  }

  /** Mean over the image: one window over all of it, then the channels as a vector. */
  #globalPool(x: Output, base: Base): Output {
    const [channels, height, width] = x.shape as [number, number, number];
    const pooled = this.#push({
      ...base,
      kind: 'pool',
      shape: [channels, 1, 1],
      window: [height, width],
      stride: [height, width],
      padding: [0, 0],
      beyond: [0, 0],
      countIncludePad: false,
    });
    const name = this.#unique(`${base.name}_flat`);
    return this.#push({ kind: 'flatten', name, from: [pooled.from], shape: [channels] });
  }

  /** The image as a vector. */
  #flatten({ path, axes, order }: Described<'flatten'>, x: Output, base: Base): Output {
    if (axes === 1) return x;
    check(
      axes === 3,
      this.where,
      () => `${placeOf(path)}: only a Flatten of all 3 axes of an image can be exported, got ${axes}`,
    );
    const y = this.#push({ ...base, kind: 'flatten', shape: [sizeOf(x.shape)] });
    return order === 'channelsFirst' ? y : { ...y, image: x.shape };
  }

  #isVector({ path }: LayerDescription, { shape }: Output): void {
    check(
      shape.length === 1,
      this.where,
      () =>
        `${placeOf(path)}: a Linear over the channels of an image [${shape}] cannot be exported; is a Flatten missing?`,
    );
  }
}

/** The windows of a convolution, for both axes. */
function windowsOf({ stride, padding, dilation, groups }: Described<'conv'> | Described<'convTranspose'>) {
  return { stride: sidesOf(stride), padding: sidesOf(padding), dilation: sidesOf(dilation), groups };
}

/** The windows of a pool, for both axes. */
function poolOf(
  layer: Described<'averagePool'> | Described<'maxPool'>,
  x: Output,
  shape: Shape,
  dilation: Sides,
) {
  const [window, stride, padding] = [layer.window, layer.stride, layer.padding].map(sidesOf) as [
    Sides,
    Sides,
    Sides,
  ];
  const beyond = ([0, 1] as const).map((axis) => {
    const end = (shape[axis + 1]! - 1) * stride[axis] + (window[axis] - 1) * dilation[axis] + 1;
    return Math.max(0, end - x.shape[axis + 1]! - 2 * padding[axis]);
  }) as [number, number];
  return { window, stride, padding, beyond };
}

/** [H,W,C] to [C,H,W]. */
function channelsFirst([height, width, channels]: Shape): Shape {
  return [channels!, height!, width!];
}
