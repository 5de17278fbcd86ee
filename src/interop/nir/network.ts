// A network from a NIR graph. Without feedback every node runs over the whole sequence; with feedback the nodes run
// step by step, and an edge that closes a cycle carries what its node gave at the step before.

import { zeros } from '../../core/create';
import { scope } from '../../core/scope';
import { checkTensor, type Tensor } from '../../core/tensor';
import { check, SpikegradError } from '../../errors';
import { Module } from '../../nn/module';
import { add } from '../../ops/arithmetic';
import { reshape, select, stack } from '../../ops/layout';
import { finite, type OptionsOf, optional, optionTable } from '../../options';
import { printable } from '../../printable';
import { describeNode, FROM, type NamedNode, wholes } from './attributes';
import { withoutBatch } from './batch';
import { NirDelay } from './delay';
import { flattenGraph, onlyNode } from './flatten-graph';
import { checkGraph, type NirGraph } from './graph';
import type { NirLayer } from './layer';
import { NirFlatten, NirIdentity, NirLinear, NirScale, NirThreshold } from './maps';
import { NirNeuron } from './neurons';
import { NEURON_TYPES } from './neurons/constants';
import { type RunOrder, runOrder } from './order';
import { stepWarnings } from './reach';
import { NirConv, NirPool } from './windows';

/** What {@link fromNir} is told besides the graph. */
export interface FromNirOptions {
  /**
   * Seconds of a time step. Default: the graph's metadata `dt`, else 1e-4. Most files do not say which they were made
   * for: graphs of Sinabs, and integrate-and-fire neurons of snnTorch, count time in steps and want 1.
   */
  dt?: number;
}

export const fromNirOptions = optionTable({
  dt: optional(finite({ above: 0 }), "the graph's metadata `dt`, else 1e-4"),
} satisfies OptionsOf<FromNirOptions>);

/** Seconds of a time step where nothing else says so. */
export const DEFAULT_DT = 1e-4;

/** The types of nodes that run here. */
export const NODE_TYPES: ReadonlySet<string> = new Set([
  ...NEURON_TYPES,
  ...['Input', 'Output', 'Linear', 'Affine', 'Scale', 'Threshold', 'Flatten', 'Delay'],
  ...['Conv1d', 'Conv2d', 'SumPool2d', 'AvgPool2d'],
]);

/** The layer that a node runs as here. @throws naming the node, where it does not */
export function makeLayer(named: NamedNode, dt: number): NirLayer {
  const { type } = named.node;
  if (NEURON_TYPES.includes(type)) return new NirNeuron(named, dt);
  switch (type) {
    case 'Input':
    case 'Output':
      return new NirIdentity();
    case 'Linear':
    case 'Affine':
      return new NirLinear(named);
    case 'Scale':
      return new NirScale(named);
    case 'Threshold':
      return new NirThreshold(named);
    case 'Flatten':
      return new NirFlatten(named);
    case 'Delay':
      return new NirDelay(named, dt);
    case 'Conv1d':
    case 'Conv2d':
      return new NirConv(named);
    case 'SumPool2d':
    case 'AvgPool2d':
      return new NirPool(named);
  }
  throw new SpikegradError(FROM, `${describeNode(named)} is of a type that does not run here`);
}

/** Seconds of a time step of a graph: as given, else as its metadata say, else 1e-4. */
export function stepLength(graph: NirGraph, dt?: number): number {
  checkGraph('nirStep', graph);
  const noted = graph.metadata.get('dt');
  const found = dt ?? (typeof noted === 'object' && noted.data.length === 1 ? noted.data[0]! : DEFAULT_DT);
  check(Number.isFinite(found) && found > 0, FROM, () => `dt must be above 0 seconds, got ${found}`);
  return found;
}

/** A NIR graph as a network that runs here. */
export class NirNetwork extends Module {
  /** Seconds of a time step. */
  readonly dt: number;
  /** Neurons that can hardly reach their thresholds at this dt, each with what to pass; {@link fromNir} prints them. */
  readonly warnings: readonly string[];
  /** Shape of one input without time and batch, channels last: [H,W,C] or [C]. */
  readonly inputShape: readonly number[];
  /** The nodes by their names in the graph, those of nested graphs under `GRAPH.NODE`. */
  readonly layers: ReadonlyMap<string, NirLayer>;
  readonly #input: string;
  readonly #output: string;
  readonly #run: RunOrder;

  constructor(graph: NirGraph, options: FromNirOptions = {}) {
    super();
    checkGraph(FROM, graph);
    this.dt = stepLength(graph, fromNirOptions.read(FROM, options).dt);
    this.#input = onlyNode(graph, 'Input');
    this.#output = onlyNode(graph, 'Output');
    const flat = withoutBatch(flattenGraph(graph));
    this.#run = runOrder(flat.nodes.keys(), flat.edges, [this.#input]);
    const input = { name: this.#input, node: flat.nodes.get(this.#input)! };
    const shape = Array.from(input.node.attributes.has('shape') ? wholesOfShape(input) : []);
    this.inputShape = [...shape.slice(1), ...shape.slice(0, 1)];
    const layers = new Map<string, NirLayer>();
    // names of modules have no dots, names of nodes in a file no slashes
    for (const name of this.#run.order) {
      const layer = makeLayer({ name, node: flat.nodes.get(name)! }, this.dt);
      layers.set(name, this.child(name.replaceAll('.', '/'), layer));
    }
    this.layers = layers;
    this.warnings = stepWarnings(flat, this.#run, this.dt);
  }

  /**
   * @param x [T,N,...], channels last; or [N,...] with T = 1
   * @returns what the output node gets, [T,N,...]
   */
  forward(x: Tensor): Tensor {
    checkTensor('NirNetwork', x);
    const rank = this.inputShape.length;
    const sequence = x.shape.length === rank + 1 ? reshape(x, [1, ...x.shape]) : x;
    check(
      sequence.shape.length === rank + 2 &&
        this.inputShape.every((length, i) => length === sequence.shape[i + 2]),
      'NirNetwork',
      () => `expects sequences [T,N,${this.inputShape}], got [${x.shape}]`,
    );
    this.reset();
    const y = scope(() => (this.#run.recurrent ? this.#stepByStep(sequence) : this.#whole(sequence)));
    this.reset();
    return y;
  }

  #whole(x: Tensor): Tensor {
    return this.#pass(x, new Map()).get(this.#output)!;
  }

  #stepByStep(x: Tensor): Tensor {
    let values = new Map<string, Tensor>();
    const outputs: Tensor[] = [];
    for (let t = 0; t < x.shape[0]!; t++) {
      const now = select(x, 0, t);
      values = this.#pass(reshape(now, [1, ...now.shape]), values);
      outputs.push(select(values.get(this.#output)!, 0, 0));
    }
    return stack(outputs);
  }

  /** What a node gets that nothing feeds, or nothing yet: zeros. */
  #silence(name: string, { restShape }: NirLayer, x: Tensor): Tensor {
    check(restShape !== undefined, FROM, () => `nothing feeds node "${name}", and its shape is not known`);
    return zeros([...x.shape.slice(0, 2), ...restShape], { backend: x.backend });
  }

  /** Every node once. @param before what they gave at the step before */
  #pass(x: Tensor, before: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    const values = new Map<string, Tensor>();
    for (const name of this.#run.order) {
      let sum = name === this.#input ? x : undefined;
      for (const { from, delayed } of this.#run.feeds.get(name) ?? []) {
        const value = (delayed ? before : values).get(from);
        if (value !== undefined) sum = sum === undefined ? value : add(sum, value);
      }
      const layer = this.layers.get(name)!;
      values.set(name, layer.call(sum ?? this.#silence(name, layer, x)));
    }
    return values;
  }
}

function wholesOfShape(named: NamedNode): number[] {
  const value = named.node.attributes.get('shape');
  return wholes(named, 'shape', typeof value === 'object' ? value.data.length : 1, 1);
}

/**
 * A network that runs a NIR graph here: one Euler step of `dt` seconds for each time step of its input.
 *
 * Images go in as [T,N,H,W,C]. NIR's neurons fire on v > v_threshold; this library's own on >=. The two differ only
 * where a membrane is exactly at the threshold. A neuron that can hardly reach its threshold at this dt is warned of
 * on the console, with what to pass. In graphs that count the batch, an Input of [1,2,34,34] or a Flatten before a
 * Linear that begins at axis 1, that axis is left out.
 * @throws when a node is of a type, or has attributes, that do not run here, or a neuron diverges: a tau below dt/2
 */
export function fromNir(graph: NirGraph, options: FromNirOptions = {}): NirNetwork {
  const network = new NirNetwork(graph, options);
  const [first, ...others] = network.warnings;
  if (first !== undefined)
    console.warn(
      `fromNir: ${printable(first!)}${others.length === 0 ? '' : ` (so can ${others.length} more nodes)`}`,
    );
  return network;
}
