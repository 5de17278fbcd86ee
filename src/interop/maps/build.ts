// From a map and the tensors of a file to the network that they are of. PyTorch's axes are turned as everywhere;
// behind a Flatten the order of the numbers is another here (channels last), so that what comes after it is turned
// once more.

import { formatShape, type Shape } from '../../backends/shape';
import { check } from '../../errors';
import type { NeuronModel } from '../../neurons';
import {
  AvgPool2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  Flatten,
  GlobalAvgPool,
  type Join,
  Linear,
  MaxPool2d,
  type Module,
  Residual,
  Sequential,
} from '../../nn';
import { averagingOf, maximaOf } from '../../ops/pool';
import { transposedOf } from '../../ops/transposed-conv';
import type { Filled } from '../../options';
import { Recurrent, TdBatchNorm } from '../../snn';
import { type NeuronChoice, neuronLayer } from '../../snn/neuron-layer';
import type { FileOfLayers } from './file';
import { Relu } from './layers';
import { LAYERS, layerKind, type MapLayer, type NameMap } from './map';
import { translateNeuron } from './neurons';
import { flattened } from './order';

/** A value between two layers: its shape without time and batch, and how PyTorch's numbers are ordered in ours. */
interface MappedValue {
  readonly shape: Shape;
  /** Index of ours to theirs, behind a Flatten of an image. */
  readonly order?: readonly number[];
}

type Four = [number, number, number, number];

type OptionsOfLayer<K extends keyof typeof LAYERS> = Filled<(typeof LAYERS)[K]['specs']>;

/** Builds layers, and fills them. */
export class Builder {
  constructor(
    readonly where: string,
    readonly map: NameMap,
    readonly file: FileOfLayers,
  ) {}

  /** @param path of the list in the map, for messages */
  chain(
    layers: readonly MapLayer[],
    input: MappedValue,
    path = '',
    from = 0,
  ): { module: Sequential; output: MappedValue } {
    let value = input;
    const modules = layers.map((layer, i) => {
      const place = `${path}${from + i}`;
      const { module, output } = this.#layer(layer, value, place);
      value = output;
      return module;
    });
    return { module: new Sequential(modules), output: value };
  }

  #layer(layer: MapLayer, value: MappedValue, place: string): { module: Module; output: MappedValue } {
    const kind = layerKind(this.where, layer, place);
    const of = `${this.where}, layer ${place} of the map (${kind})`;
    if (kind === 'neuron') return { module: this.#neuron(layer, value, place), output: value };
    if (kind === 'conv') return this.#conv(of, LAYERS.conv.read(of, layer), value);
    if (kind === 'norm') return this.#norm(of, LAYERS.norm.read(of, layer), value);
    if (kind === 'linear') return this.#linear(of, LAYERS.linear.read(of, layer), value);
    if (kind === 'transposedConv')
      return this.#transposedConv(of, LAYERS.transposedConv.read(of, layer), value);
    if (kind === 'averagePool') return this.#averagePool(of, LAYERS.averagePool.read(of, layer), value);
    if (kind === 'maxPool') return this.#maxPool(of, LAYERS.maxPool.read(of, layer), value);
    if (kind === 'sum') return this.#branches(of, 'add', LAYERS.sum.read(of, layer).sum, value, place);
    if (kind === 'and') return this.#branches(of, 'and', LAYERS.and.read(of, layer).and, value, place);
    if (kind === 'iand') return this.#branches(of, 'iand', LAYERS.iand.read(of, layer).iand, value, place);
    LAYERS[kind].check(of, layer);
    if (kind === 'relu') return { module: new Relu(), output: value };
    if (kind === 'dropout')
      return { module: new Dropout(LAYERS.dropout.read(of, layer).dropout), output: value };
    checkImage(of, value);
    return kind === 'flatten'
      ? { module: new Flatten(3), output: flattened(value.shape) }
      : { module: new GlobalAvgPool(), output: { shape: value.shape.slice(-1) } };
  }

  #conv(of: string, { conv: name, ...windows }: OptionsOfLayer<'conv'>, value: MappedValue) {
    const [filters, depth, height, width] = this.file.shape(of, `${name}.weight`, 4) as Four;
    checkImage(of, value);
    const channels = depth * windows.groups;
    this.#takes(of, name, channels, value);
    const bias = this.file.has(`${name}.bias`);
    const module = new Conv2d(channels, filters, { ...windows, kernel: [height, width], bias });
    this.file.fill(of, module, name);
    const { outHeight, outWidth } = module.geometry([1, ...value.shape]);
    return { module, output: { shape: [outHeight, outWidth, filters] } };
  }

  #transposedConv(
    of: string,
    { transposedConv: name, ...windows }: OptionsOfLayer<'transposedConv'>,
    value: MappedValue,
  ) {
    const [channels, own, height, width] = this.file.shape(of, `${name}.weight`, 4) as Four;
    checkImage(of, value);
    this.#takes(of, name, channels, value);
    const filters = own * windows.groups;
    const bias = this.file.has(`${name}.bias`);
    const module = new ConvTranspose2d(channels, filters, { ...windows, kernel: [height, width], bias });
    this.file.fill(of, module, name);
    const g = transposedOf(of, value.shape, module.weight.shape, module);
    return { module, output: { shape: [g.height, g.width, filters] } };
  }

  #takes(of: string, name: string, channels: number, { shape }: MappedValue): void {
    check(
      channels === shape[2],
      of,
      () =>
        `"${name}.weight" takes ${channels} channels, it is fed ${formatShape(shape)}; does the map say its groups?`,
    );
  }

  #norm(of: string, { norm, epsilon, scale }: OptionsOfLayer<'norm'>, value: MappedValue) {
    const channels = value.shape.at(-1)!;
    const [own] = this.file.shape(of, `${norm}.running_mean`, 1);
    check(
      own === channels,
      of,
      () => `"${norm}" normalises ${own} channels, it is fed ${formatShape(value.shape)}`,
    );
    const module = new TdBatchNorm(channels, { vth: scale, epsilon });
    this.file.fill(of, module, norm, value.order, 0);
    return { module, output: value };
  }

  #linear(of: string, { linear }: OptionsOfLayer<'linear'>, value: MappedValue) {
    const [outputs, inputs] = this.file.shape(of, `${linear}.weight`, 2) as [number, number];
    check(
      value.shape.at(-1) === inputs,
      of,
      () =>
        `"${linear}.weight" takes ${inputs} numbers, it is fed ${formatShape(value.shape)}${value.shape.length === 3 ? '; is { "flatten": true } missing?' : ''}`,
    );
    const module = new Linear(inputs, outputs, { bias: this.file.has(`${linear}.bias`), deviation: 0 });
    this.file.fill(of, module, linear, value.order, 1);
    return { module, output: { shape: [outputs] } };
  }

  #averagePool(
    of: string,
    { averagePool: window, ...options }: OptionsOfLayer<'averagePool'>,
    value: MappedValue,
  ) {
    checkImage(of, value);
    const module = new AvgPool2d(window, options);
    const { outHeight, outWidth, channels } = averagingOf(of, value.shape, module);
    return { module, output: { shape: [outHeight, outWidth, channels] } };
  }

  #maxPool(of: string, { maxPool: window, ...options }: OptionsOfLayer<'maxPool'>, value: MappedValue) {
    checkImage(of, value);
    const module = new MaxPool2d(window, options);
    const { outHeight, outWidth, channels } = maximaOf(of, value.shape, module);
    return { module, output: { shape: [outHeight, outWidth, channels] } };
  }

  #branches(
    of: string,
    how: Join,
    both: readonly (readonly MapLayer[])[],
    value: MappedValue,
    place: string,
  ) {
    const [first, second] = both.map((layers, i) => this.chain(layers, value, `${place}.${i}.`));
    const [a, b] = [first!.output.shape, second!.output.shape];
    check(
      formatShape(a) === formatShape(b),
      of,
      () => `its branches give ${formatShape(a)} and ${formatShape(b)}, which are not joined`,
    );
    const module = new Residual(second!.module, { shortcut: first!.module, join: how });
    return { module, output: first!.output };
  }

  #neuron(layer: MapLayer, value: MappedValue, place: string): Module {
    const { neuron: name, ...own } = layer;
    const { library, neuron = {} } = this.map;
    const constants = { ...neuron, ...own };
    const { file } = this;
    const held = Object.assign((key: string) => file.number(`${name}.${key}`), {
      each: (key: string) => file.isList(`${name}.${key}`),
    });
    const {
      neuron: made,
      recurrent,
      each,
    } = translateNeuron(this.where, place, { library, constants, held });
    const of = `${this.where}, layer ${place} of the map (neuron)`;
    const neurons = value.shape.at(-1)!;
    check(
      (!recurrent && each.length === 0) || (value.shape.length === 1 && value.order === undefined),
      of,
      () =>
        `${recurrent ? 'its spikes come back' : `every neuron has its own ${each.join(', ')}`}: behind a linear layer it is taken, it is fed ${formatShape(value.shape)}`,
    );
    const module = recurrent
      ? this.#recurrent(of, name as string, made, neurons)
      : neuronLayer(made, neurons);
    if (each.length > 0) file.fill(of, module, name as string);
    return module;
  }

  #recurrent(of: string, name: string, neuron: NeuronChoice, neurons: number): Recurrent {
    const { file } = this;
    const back = `${name}.recurrent`;
    const [outputs] = file.shape(of, `${back}.weight`, 2);
    check(
      outputs === neurons,
      of,
      () => `"${back}.weight" takes back the spikes of ${outputs} neurons, the layer has ${neurons}`,
    );
    const module = new Recurrent(neuron as NeuronModel, neurons, { bias: file.has(`${back}.bias`) });
    file.fill(of, module.feedback, back);
    return module;
  }
}

function checkImage(of: string, { shape }: MappedValue): void {
  check(shape.length === 3, of, () => `takes images [H,W,C], it is fed ${formatShape(shape)}`);
}
