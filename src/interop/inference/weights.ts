// A network's weights by the names of its layers, as files hold them, with the norms behind them folded in.

import type { NeuronModel } from '../../neurons';
import type { LayerDescription } from '../../nn/description';
import type { Module } from '../../nn/module';
import type { Spiking } from '../../snn';
import { type ArrayWithShape, permuteArray, toFileLayout } from '../layout';
import { folded, type Line, lineOf, type WeightAndBias } from './fold';

/** The description of a layer of one kind. */
export type Described<Kind extends LayerDescription['kind']> = Extract<LayerDescription, { kind: Kind }>;

export class FoldedWeights {
  readonly #state: ReturnType<Module['stateByEveryName']>;
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #layers: readonly LayerDescription[];

  constructor(network: Module, layers: readonly LayerDescription[]) {
    this.#state = network.stateByEveryName();
    this.#modules = new Map(network.modules());
    this.#layers = layers;
  }

  /** A tensor of a layer, in the layout of files. */
  async #array({ layer }: LayerDescription, name: string): Promise<ArrayWithShape> {
    const { tensor, layout } = this.#state.get(layer === '' ? name : `${layer}.${name}`)!;
    const asConv = layout === 'pointwise' ? 'conv' : layout; // exports know convolutions of images alone
    return toFileLayout({ data: await tensor.data(), shape: tensor.shape }, asConv);
  }

  /** Neurons of equations, and the values that they have learnt. */
  async neuron({ layer }: Described<'equations'>): Promise<{
    readonly model: NeuronModel;
    readonly learned: ReadonlyMap<string, Float64Array>;
  }> {
    const { model, learned } = this.#modules.get(layer) as Spiking;
    const values = Object.entries(learned).map(
      async ([name, tensor]) => [name, Float64Array.from(await tensor.data())] as const,
    );
    return { model, learned: new Map(await Promise.all(values)) };
  }

  /** The map through which the output of neurons comes back. */
  feedback({ path }: Described<'equations'>): Promise<WeightAndBias> {
    const own = path === '' ? 'feedback' : `${path}.feedback`;
    return this.of(this.#layers.find((layer) => layer.path === own) as Described<'linear'>);
  }

  #foldedNorms({ path }: LayerDescription): Described<'norm'>[] {
    return this.#layers.filter(
      (layer) => layer.kind === 'norm' && layer.foldsInto === path,
    ) as Described<'norm'>[];
  }

  /** Equal for places that share a layer and the norms behind it. */
  nameOf(layer: LayerDescription): string {
    return [layer, ...this.#foldedNorms(layer)].map((one) => one.layer).join('+');
  }

  /**
   * OIHW, IOHW of a transposed convolution, or [out,in].
   * @param image the [C,H,W] that a vector was made of, whose order its columns take
   */
  async of(
    layer: Described<'conv'> | Described<'convTranspose'> | Described<'linear'>,
    image?: readonly number[],
  ): Promise<WeightAndBias> {
    const own = await this.#array(layer, 'weight');
    const weight = image === undefined ? own : columnsByChannel(own, image);
    const outputs = layer.kind === 'linear' ? layer.outputs : layer.filters;
    const bias = layer.bias ? await this.#array(layer, 'bias') : zerosLike(weight, outputs);
    let whole: WeightAndBias = { weight, bias };
    for (const norm of this.#foldedNorms(layer)) whole = folded(whole, await this.line(norm));
    return whole;
  }

  async line(norm: Described<'norm'>): Promise<Line> {
    const [lambda, beta, mean, variance] = await Promise.all(
      ['weight', 'bias', 'running_mean', 'running_var'].map((name) => this.#array(norm, name)),
    );
    return lineOf(
      { lambda: lambda!, beta: beta!, mean: mean!, variance: variance! },
      norm.scale,
      norm.epsilon,
    );
  }
}

/** No bias, in the precision of the weights. */
function zerosLike({ data }: ArrayWithShape, length: number): ArrayWithShape {
  return {
    data: data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length),
    shape: [length],
  };
}

/** The inputs of a linear layer [out,in] from the order [H,W,C] to [C,H,W]. */
function columnsByChannel(
  { data, shape }: ArrayWithShape,
  [channels, height, width]: readonly number[],
): ArrayWithShape {
  const split = { data, shape: [shape[0]!, height!, width!, channels!] };
  return { data: permuteArray(split, [0, 3, 1, 2]).data, shape };
}

/** The same for the numbers of a vector; of one that was no image, as they are. */
export function valuesByChannel(values: Float64Array, image: readonly number[] | undefined): Float64Array {
  if (image === undefined) return values;
  const [channels, height, width] = image as [number, number, number];
  return permuteArray({ data: values, shape: [height, width, channels] }, [2, 0, 1]).data as Float64Array;
}

/** The linear map that takes the mean of each `votes` of its inputs. */
export function votingWeights({ path, votes }: Described<'voting'>, inputs: number) {
  const outputs = inputs / votes;
  const weight = new Float64Array(outputs * inputs);
  for (let input = 0; input < inputs; input++) weight[Math.floor(input / votes) * inputs + input] = 1 / votes;
  return {
    weights: `${path.replaceAll(/[./]/g, '_')}_votes`,
    weight: { data: weight, shape: [outputs, inputs] },
    bias: { data: new Float64Array(outputs), shape: [outputs] },
  };
}
