// A network from a NIR graph, of one input and one output or of several. Without feedback every node runs over the
// whole sequence; with feedback the nodes run step by step, and an edge that closes a cycle carries what its node gave
// at the step before.

import { zeros } from '../../core/create';
import { scope } from '../../core/scope';
import { checkTensor, type Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { Module } from '../../nn/module';
import { notice } from '../../notices';
import { reshape, select, stack } from '../../ops/layout';
import { anObject, checkKind, finite, type OptionsOf, option, optional, optionTable } from '../../options';
import { printable } from '../../printable';
import { FROM, type NamedNode, wholes } from './attributes';
import { withoutBatch } from './batch';
import { aConvention, conventionOf, type NirConvention } from './convention';
import { withFeedback } from './feedback';
import { flattenGraph, someNodes, twiceInWords } from './flatten-graph';
import { checkGraph, type NirGraph } from './graph';
import type { NirLayer } from './layer';
import { makeLayer } from './node-layers';
import { type RunOrder, runOrder } from './order';
import { stepWarnings } from './reach';
import { atRest } from './rest';
import { joined } from './sums';

/** What {@link fromNir} is told besides the graph. */
export interface FromNirOptions {
  /**
   * Seconds of a time step. Default: the graph's metadata `dt`, else that of the convention: 1e-4 for NIR's own. Most
   * files do not say which they were made for: graphs of Sinabs, and integrate-and-fire neurons of snnTorch, count time
   * in steps and want 1.
   */
  dt?: number;
  /**
   * The tool that wrote the graph, for what a file cannot tell: its step, what a step makes of tau and r, when a neuron
   * fires and how it is reset, as that tool's neurons do by default. Default 'nir': the format's own equations.
   */
  convention?: NirConvention;
}

export const fromNirOptions = optionTable({
  dt: optional(finite({ above: 0 }), "the graph's metadata `dt`, else that of the convention"),
  convention: option(aConvention, 'nir'),
} satisfies OptionsOf<FromNirOptions>);

/** Seconds of a time step where nothing else says so. */
export const DEFAULT_DT = conventionOf('nir').dt;

/**
 * Seconds of a time step of a graph: as given, else as its metadata say, else as the tool steps that wrote it.
 * @param convention of that tool; default NIR's own, 1e-4
 */
export function stepLength(graph: NirGraph, dt?: number, convention: NirConvention = 'nir'): number {
  checkGraph('nirStep', graph);
  const noted = dt === undefined ? notedStep(graph) : undefined;
  const found = dt ?? noted ?? conventionOf(convention).dt;
  check(Number.isFinite(found) && found > 0, FROM, () => `dt must be above 0 seconds, got ${found}`);
  return found;
}

/** What the metadata say, where that can be a step: notes are their writer's, and none of them stops a file. */
function notedStep({ metadata }: NirGraph): number | undefined {
  const noted = metadata.get('dt');
  const dt = typeof noted === 'object' && noted.data.length === 1 ? noted.data[0]! : undefined;
  if (dt === undefined || (Number.isFinite(dt) && dt > 0)) return dt;
  notice(`fromNir: the file's metadata say dt = ${dt}, which is no step; taken as if they said none`);
  return undefined;
}

/** A NIR graph as a network that runs here. */
export class NirNetwork extends Module {
  /** Seconds of a time step. */
  readonly dt: number;
  /** Neurons that can hardly reach their thresholds at this dt, each with what to pass; {@link fromNir} prints them. */
  readonly warnings: readonly string[];
  /** Shape of one input without time and batch, channels last: [H,W,C] or [C]; of several inputs, the first's. */
  readonly inputShape: readonly number[];
  /** The same for each Input, by its name. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** The names of the Outputs. */
  readonly outputs: readonly string[];
  /** The nodes by their names in the graph, those of nested graphs under `GRAPH.NODE`. */
  readonly layers: ReadonlyMap<string, NirLayer>;
  readonly #run: RunOrder;

  constructor(graph: NirGraph, options: FromNirOptions = {}) {
    super();
    checkGraph(FROM, graph);
    const { dt, convention } = fromNirOptions.read(FROM, options);
    this.dt = stepLength(graph, dt, convention);
    const inputs = someNodes(graph, 'Input');
    this.outputs = someNodes(graph, 'Output');
    for (const twice of twiceInWords(graph)) notice(`fromNir: ${twice}`);
    const { graph: flat, ahead } = withFeedback(withoutBatch(flattenGraph(graph)), this.dt, convention);
    this.#run = runOrder(flat.nodes.keys(), flat.edges, inputs);
    this.inputs = new Map(inputs.map((name) => [name, shapeOf({ name, node: flat.nodes.get(name)! })]));
    this.inputShape = this.inputs.get(inputs[0]!)!;
    const layers = new Map<string, NirLayer>();
    // names of modules have no dots, names of nodes in a file no slashes
    for (const name of this.#run.order) {
      const firing = ahead.has(name) ? 'ahead' : undefined;
      const layer = makeLayer({ name, node: flat.nodes.get(name)!, firing }, this.dt, convention);
      layers.set(name, this.child(name.replaceAll('.', '/'), layer));
    }
    this.layers = layers;
    this.warnings = stepWarnings(flat, this.#run, this.dt, convention);
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /**
   * @param x [T,N,...], channels last; or [N,...] with T = 1
   * @returns what the output node gets, [T,N,...]
   * @throws where the graph has several inputs or outputs: {@link NirNetwork.run} takes them by name
   */
  forward(x: Tensor): Tensor {
    checkTensor('NirNetwork', x);
    const [inputs, outputs] = [[...this.inputs.keys()], this.outputs];
    check(
      inputs.length === 1 && outputs.length === 1,
      'NirNetwork',
      () =>
        `the graph has the inputs ${inputs.join(', ')} and the outputs ${outputs.join(', ')}: run({ ${inputs.map((name) => `${JSON.stringify(name)}: …`).join(', ')} }) takes and gives them by name`,
    );
    return this.run({ [inputs[0]!]: x })[outputs[0]!]!;
  }

  /**
   * @param inputs for each Input by its name: [T,N,...], channels last; or [N,...] with T = 1
   * @returns what each Output gets by its name, [T,N,...]
   */
  run(inputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    checkKind('NirNetwork', 'inputs', anObject, inputs);
    const given = new Map(
      [...this.inputs].map(([name, shape]) => [name, sequenceOf(name, shape, inputs[name])]),
    );
    const [first, ...others] = given.values();
    check(
      others.every(({ shape }) => shape[0] === first!.shape[0] && shape[1] === first!.shape[1]),
      'NirNetwork',
      () =>
        `inputs have T and N in common, got ${[...given.values()].map(({ shape }) => `[${shape}]`).join(', ')}`,
    );
    this.reset();
    const all = scope(() => (this.#run.recurrent ? this.#stepByStep(given) : this.#whole(given)));
    this.reset();
    return Object.fromEntries(this.outputs.map((name, i) => [name, all[i]!]));
  }

  #whole(inputs: ReadonlyMap<string, Tensor>): Tensor[] {
    const values = this.#pass(inputs, new Map());
    return this.outputs.map((name) => values.get(name)!);
  }

  #stepByStep(inputs: ReadonlyMap<string, Tensor>): Tensor[] {
    const at = (t: number) =>
      new Map(
        [...inputs].map(([name, x]) => {
          const step = select(x, 0, t);
          return [name, reshape(step, [1, ...step.shape])] as const;
        }),
      );
    let values = atRest(this.#run, this.layers, at(0));
    const outputs: Tensor[][] = this.outputs.map(() => []);
    const [first] = inputs.values();
    for (let t = 0; t < first!.shape[0]!; t++) {
      values = this.#pass(at(t), values);
      for (const [i, name] of this.outputs.entries()) outputs[i]!.push(select(values.get(name)!, 0, 0));
    }
    return outputs.map((steps) => stack(steps));
  }

  /** What a node gets that nothing feeds, or nothing yet: zeros. */
  #silence(name: string, { restShape }: NirLayer, x: Tensor): Tensor {
    check(restShape !== undefined, FROM, () => `nothing feeds node "${name}", and its shape is not known`);
    return zeros([...x.shape.slice(0, 2), ...restShape], { backend: x.backend });
  }

  /** Every node once. @param before what they gave at the step before */
  #pass(inputs: ReadonlyMap<string, Tensor>, before: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    const values = new Map<string, Tensor>();
    const [x] = inputs.values() as Iterable<Tensor>;
    for (const name of this.#run.order) {
      let sum = inputs.get(name);
      for (const { from, delayed } of this.#run.feeds.get(name) ?? []) {
        const value = (delayed ? before : values).get(from);
        if (value !== undefined) sum = sum === undefined ? value : joined(name, sum, value);
      }
      const layer = this.layers.get(name)!;
      values.set(name, layer.call(sum ?? this.#silence(name, layer, x!)));
    }
    return values;
  }
}

/** Of an Input, channels last. */
function shapeOf(named: NamedNode): readonly number[] {
  const value = named.node.attributes.get('shape');
  const shape =
    value === undefined ? [] : wholes(named, 'shape', typeof value === 'object' ? value.data.length : 1, 1);
  return [...shape.slice(1), ...shape.slice(0, 1)];
}

/** What an Input is given, with its time. */
function sequenceOf(name: string, wanted: readonly number[], x: Tensor | undefined): Tensor {
  checkTensor('NirNetwork', x, name);
  const rank = wanted.length;
  const sequence = x.shape.length === rank + 1 ? reshape(x, [1, ...x.shape]) : x;
  check(
    sequence.shape.length === rank + 2 && wanted.every((length, i) => length === sequence.shape[i + 2]),
    'NirNetwork',
    () => `expects sequences [T,N,${wanted}], got [${x.shape}]`,
  );
  return sequence;
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
