// From a map and the tensors of a file to the network that they are of. PyTorch's axes are turned as everywhere;
// behind a Flatten the order of the numbers is another here (channels last), so that what comes after it is turned
// once more.

import { formatShape, type Shape } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import type { SafetensorsEntry } from '../../formats/dtypes';
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
import { TdBatchNorm } from '../../snn';
import { neuronLayer } from '../../snn/neuron-layer';
import { type FileTensors, loadState } from '../state';
import { Relu } from './layers';
import { LAYERS, layerKind, type MapLayer, type NameMap } from './map';
import { translateNeuron } from './neurons';
import { flattened, reordered } from './order';
import { rememberOrigin } from './origin';

/** A value between two layers: its shape without time and batch, and how PyTorch's numbers are ordered in ours. */
interface MappedValue {
  readonly shape: Shape;
  /** Index of ours to theirs, behind a Flatten of an image. */
  readonly order?: readonly number[];
}

type Four = [number, number, number, number];

type OptionsOfLayer<K extends keyof typeof LAYERS> = Filled<(typeof LAYERS)[K]['specs']>;

/** Builds layers, and keeps count of the tensors that went into them. */
export class Builder {
  /** Names of the tensors that are a layer's now, and of those that only told a neuron's constants. */
  readonly filled = new Set<string>();
  readonly told = new Set<string>();

  /** @param names in the file, by those that the map has for them */
  constructor(
    readonly where: string,
    readonly map: NameMap,
    readonly tensors: FileTensors,
    readonly names: ReadonlyMap<string, string>,
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
    const [filters, depth, height, width] = this.#shape(of, `${name}.weight`, 4) as Four;
    checkImage(of, value);
    const channels = depth * windows.groups;
    this.#takes(of, name, channels, value);
    const bias = this.tensors.has(`${name}.bias`);
    const module = new Conv2d(channels, filters, { ...windows, kernel: [height, width], bias });
    this.#fill(of, module, name);
    const { outHeight, outWidth } = module.geometry([1, ...value.shape]);
    return { module, output: { shape: [outHeight, outWidth, filters] } };
  }

  #transposedConv(
    of: string,
    { transposedConv: name, ...windows }: OptionsOfLayer<'transposedConv'>,
    value: MappedValue,
  ) {
    const [channels, own, height, width] = this.#shape(of, `${name}.weight`, 4) as Four;
    checkImage(of, value);
    this.#takes(of, name, channels, value);
    const filters = own * windows.groups;
    const bias = this.tensors.has(`${name}.bias`);
    const module = new ConvTranspose2d(channels, filters, { ...windows, kernel: [height, width], bias });
    this.#fill(of, module, name);
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
    const [own] = this.#shape(of, `${norm}.running_mean`, 1);
    check(
      own === channels,
      of,
      () => `"${norm}" normalises ${own} channels, it is fed ${formatShape(value.shape)}`,
    );
    const module = new TdBatchNorm(channels, { vth: scale, epsilon });
    this.#fill(of, module, norm, value.order, 0);
    return { module, output: value };
  }

  #linear(of: string, { linear }: OptionsOfLayer<'linear'>, value: MappedValue) {
    const [outputs, inputs] = this.#shape(of, `${linear}.weight`, 2) as [number, number];
    check(
      value.shape.at(-1) === inputs,
      of,
      () =>
        `"${linear}.weight" takes ${inputs} numbers, it is fed ${formatShape(value.shape)}${value.shape.length === 3 ? '; is { "flatten": true } missing?' : ''}`,
    );
    const module = new Linear(inputs, outputs, { bias: this.tensors.has(`${linear}.bias`), deviation: 0 });
    this.#fill(of, module, linear, value.order, 1);
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

  #neuron(layer: MapLayer, { shape }: MappedValue, place: string): Module {
    const { neuron: name, ...own } = layer;
    const { library, neuron = {} } = this.map;
    const constants = { ...neuron, ...own };
    const held = (key: string) => this.#held(`${name}.${key}`);
    return neuronLayer(translateNeuron(this.where, place, { library, constants, held }), shape.at(-1)!);
  }

  /** A number of one element in the file. */
  #held(name: string): number | undefined {
    const entry = this.tensors.get(name);
    if (entry === undefined) return undefined;
    this.told.add(name);
    check(
      entry.data.length === 1,
      this.where,
      () =>
        `"${name}" is ${formatShape(entry.shape)}: neurons of a layer have their constants in common here`,
    );
    return Number(entry.data[0]);
  }

  #shape(of: string, name: string, axes: number): Shape {
    const entry = this.tensors.get(name);
    if (entry === undefined) {
      const names = [...this.tensors.keys()];
      const shown = names.slice(0, 6).join(', ');
      throw new SpikegradError(
        of,
        `the file has no "${name}"; it has ${shown}${names.length > 6 ? ' and others' : ''}`,
      );
    }
    check(
      entry.shape.length === axes,
      of,
      () => `"${name}" is ${formatShape(entry.shape)}; ${axes} axes are expected`,
    );
    return entry.shape;
  }

  /**
   * Fills a layer.
   * @param order of the numbers on an axis of PyTorch's tensors, where it is not ours
   */
  #fill(of: string, module: Module, name: string, order?: readonly number[], axis = 0): void {
    const own = new Map<string, SafetensorsEntry>();
    for (const [key, { tensor }] of module.state()) {
      const entry = this.tensors.get(`${name}.${key}`);
      if (entry === undefined) continue;
      this.filled.add(`${name}.${key}`);
      const turned = entry.shape.length > axis ? order : undefined; // a bias has no inputs
      rememberOrigin(tensor, { name: this.names.get(`${name}.${key}`) ?? key, order: turned, axis });
      own.set(key, turned === undefined ? entry : reordered(entry, turned, axis));
    }
    try {
      loadState(module, own, { strict: module instanceof TdBatchNorm ? false : undefined });
    } catch (error) {
      throw error instanceof SpikegradError
        ? new SpikegradError(of, `"${name}": ${error.problem}`, { cause: error })
        : error;
    }
  }
}

function checkImage(of: string, { shape }: MappedValue): void {
  check(shape.length === 3, of, () => `takes images [H,W,C], it is fed ${formatShape(shape)}`);
}
