// A trained network as a NIR graph. tdBN is folded into the layer before it, MPR is dropped because it never changes a
// spike, a residual sum is two edges into one neuron. One time step is one Euler step of dt:
//
//   leak dynamics   V = tau·V + X    LIF  tau_nir = dt/(1 - tau), r = 1/(1 - tau), v_leak 0
//   paper dynamics  V = V + tau·X    IF   r = tau/dt

import { aShape, type Shape, sizeOf } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import { checkModule, type Module } from '../../nn/module';
import { finite, type OptionsOf, option, optional, optionTable } from '../../options';
import { INPUT, type InferenceGraph, type InferenceNeuron, type InferenceStep } from '../inference/graph';
import { inferenceGraph } from '../inference/lowering';
import type { ArrayWithShape } from '../layout';
import { metadataOf } from '../metadata';
import { floats, integers, type NirArray, type NirGraph, type NirNode, nirNode } from './graph';
import { DEFAULT_DT } from './network';
import { equationsNode } from './neurons/write';

type Feedback = NonNullable<Extract<InferenceStep, { kind: 'equations' }>['feedback']>;

const WHERE = 'toNir';
const OUTPUT = 'output';
/** Numbers of a vector for which a matrix that is mostly zeros is still small. */
const MOST_DIAGONAL = 1024;

/** What {@link toNir} is told besides the network. */
export interface ToNirOptions {
  /** One image [H,W,C], or one vector [N]. Default: that of the file that the network was loaded from. */
  inputShape?: Shape;
  /** Seconds of a time step, kept in the graph's metadata. Default 1e-4. */
  dt?: number;
}

export const toNirOptions = optionTable({
  inputShape: optional(aShape, 'that of the file that the network was loaded from'),
  dt: option(finite({ above: 0 }), DEFAULT_DT),
} satisfies OptionsOf<ToNirOptions>);

/**
 * A NIR graph of a network's inference. What the graph gives are the values of the last layer at every time step; where
 * the network ends in a mean over time, the metadata `readout` says so and the reader takes it.
 *
 * Of a compiled network the weights are floats again; `bits of NODE`, `scale of NODE` and `bias scale of NODE` in the
 * metadata say which integers they are, weight/scale, by output.
 *
 * NIR's neurons fire on v > v_threshold, this library's on >=: a membrane that is exactly at the threshold fires here
 * and not there. Weights and sums of floats hardly ever meet it; hand-made weights do.
 * @throws for a soft reset and for layers that NIR has no node for
 */
export async function toNir(network: Module, options: ToNirOptions = {}): Promise<NirGraph> {
  checkModule(WHERE, network);
  const { inputShape = metadataOf(network).inputShape, dt } = toNirOptions.read(WHERE, options);
  check(inputShape !== undefined, WHERE, `needs inputShape, ${aShape.wanted}: [H,W,C], or [N] for vectors`);
  const graph = await inferenceGraph(WHERE, network, inputShape);
  const nodes = new Map<string, NirNode>([[INPUT, nirNode('Input', { shape: integers(graph.inputShape) })]]);
  const edges: [string, string][] = [];
  const shapes = new Map<string, Shape>([[INPUT, graph.inputShape]]);
  const sources = sourcesOf(graph);
  for (const step of graph.steps) {
    shapes.set(step.name, step.shape);
    if (step.kind === 'sum') continue;
    nodes.set(step.name, nodeOf(step, shapes.get(step.from[0]!)!, dt));
    const into =
      step.kind === 'equations' && step.feedback
        ? addFeedback(step.name, step.feedback, nodes, edges)
        : step.name;
    for (const from of step.from.flatMap(sources)) edges.push([from, into]);
  }
  const shape = integers(shapes.get(graph.output)!);
  nodes.set(OUTPUT, nirNode('Output', { shape }));
  for (const from of sources(graph.output)) edges.push([from, OUTPUT]);
  const metadata = new Map<string, NirArray | string>([['dt', floats(Float64Array.of(dt), [])]]);
  for (const step of graph.steps) {
    const own = step.kind === 'conv' || step.kind === 'linear' ? step.integers : undefined;
    if (own === undefined) continue;
    metadata.set(`bits of ${step.name}`, integers([own.bits], []));
    metadata.set(`scale of ${step.name}`, floats(own.scale, [own.scale.length]));
    metadata.set(`bias scale of ${step.name}`, floats(own.biasScale, [own.biasScale.length]));
  }
  if (graph.timeMean) metadata.set('readout', 'mean over time');
  return { nodes, edges, metadata };
}

/**
 * A sum is no node in NIR: whoever takes it takes its parts. @throws where one is added to itself: edges are there or
 * not
 */
function sourcesOf({ steps }: InferenceGraph): (name: string) => string[] {
  const sums = new Map(steps.filter(({ kind }) => kind === 'sum').map((step) => [step.name, step.from]));
  const sources = (name: string): string[] => {
    const found = sums.get(name)?.flatMap(sources) ?? [name];
    check(
      new Set(found).size === found.length,
      WHERE,
      () => `layer ${name}: a value is added to itself, which NIR, whose sums are edges, cannot say`,
    );
    return found;
  };
  return sources;
}

function nodeOf(step: Exclude<InferenceStep, { kind: 'sum' }>, input: Shape, dt: number): NirNode {
  switch (step.kind) {
    case 'conv':
      return nirNode('Conv2d', {
        input_shape: integers(input.slice(1)),
        weight: asFloats(step.weight),
        bias: asFloats(step.bias),
        stride: integers(step.stride),
        padding: integers(step.padding),
        dilation: integers(step.dilation),
        groups: integers([step.groups], []),
      });
    case 'maxPool':
    case 'convTranspose':
    case 'and':
    case 'iand':
    case 'attention':
    case 'relu':
      throw new SpikegradError(WHERE, `layer ${step.name}: NIR has no node for ${NONE[step.kind]}`);
    case 'linear':
      return nirNode('Affine', { weight: asFloats(step.weight), bias: asFloats(step.bias) });
    case 'norm':
      return normNode(step);
    case 'pool':
      check(
        Math.max(...step.beyond) === 0,
        WHERE,
        () =>
          `layer ${step.name}: windows of ${step.window.join('x')} stick out of an image of ${input.slice(1).join('x')}, and NIR's pools fit; give it ceil: false`,
      );
      check(
        step.countIncludePad || Math.max(...step.padding) === 0,
        WHERE,
        () =>
          `layer ${step.name}: NIR's pools average their padding too, which countIncludePad: false does not`,
      );
      return nirNode('AvgPool2d', {
        kernel_size: integers(step.window),
        stride: integers(step.stride),
        padding: integers(step.padding),
      });
    case 'flatten':
      return nirNode('Flatten', {
        start_dim: integers([0], []),
        end_dim: integers([-1], []),
        input_type: integers(input),
      });
    case 'neuron':
      return neuronNode(step.name, step.neuron, step.shape, dt);
    case 'equations':
      return equationsNode(WHERE, step, dt);
    case 'delay':
      return nirNode('Delay', { delay: perNeuron(step.delay, step.shape, (steps) => steps * dt) });
  }
}

/** Steps that NIR cannot say, in words. */
const NONE = {
  maxPool: 'max pooling: an AvgPool2d has one',
  convTranspose: 'transposed convolutions',
  and: 'products of two layers',
  iand: 'products of two layers',
  attention: 'attention',
  relu: 'a ReLU',
} as const;

/**
 * A map from a neuron to itself. Its bias comes with the input: an edge back carries nothing at the first step.
 * @returns what the neuron's input goes into
 */
function addFeedback(
  neuron: string,
  { name, weight, bias }: Feedback,
  nodes: Map<string, NirNode>,
  edges: [string, string][],
): string {
  nodes.set(name, nirNode('Linear', { weight: asFloats(weight) }));
  edges.push([neuron, name], [name, neuron]);
  if (bias.data.every((value) => value === 0)) return neuron;
  const count = bias.data.length;
  nodes.set(
    `${name}_bias`,
    diagonalNode(name, new Float64Array(count).fill(1), Float64Array.from(bias.data)),
  );
  edges.push([`${name}_bias`, neuron]);
  return `${name}_bias`;
}

/**
 * A line for each channel: of an image a convolution of one pixel that keeps channels apart, of a vector a diagonal
 * matrix.
 */
function normNode({ name, gain, offset, shape }: Extract<InferenceStep, { kind: 'norm' }>): NirNode {
  const channels = gain.length;
  if (shape.length === 3)
    return nirNode('Conv2d', {
      input_shape: integers(shape.slice(1)),
      weight: floats(gain, [channels, 1, 1, 1]),
      bias: floats(offset, [channels]),
      stride: integers([1, 1]),
      padding: integers([0, 0]),
      dilation: integers([1, 1]),
      groups: integers([channels], []),
    });
  return diagonalNode(name, gain, offset);
}

/** gain·x + offset for each number of a vector. */
function diagonalNode(name: string, gain: Float64Array, offset: Float64Array): NirNode {
  const channels = gain.length;
  check(
    channels <= MOST_DIAGONAL,
    WHERE,
    () =>
      `layer ${name}: NIR has no node that scales and moves each of ${channels} numbers; put the TdBatchNorm behind a Conv2d or a Linear, whose weights take it up`,
  );
  const diagonal = new Float64Array(channels * channels);
  gain.forEach((value, i) => {
    diagonal[i * channels + i] = value;
  });
  return nirNode('Affine', {
    weight: floats(diagonal, [channels, channels]),
    bias: floats(offset, [channels]),
  });
}

function neuronNode(name: string, neuron: InferenceNeuron, shape: Shape, dt: number): NirNode {
  const { dynamics, tau, vth, vReset, reset } = neuron;
  if (reset === 'soft') {
    throw new SpikegradError(
      WHERE,
      `layer ${name}: NIR's neurons are set to v_reset when they fire; it has no soft reset`,
    );
  }
  check(
    dynamics === 'paper' || tau <= 1,
    WHERE,
    () => `layer ${name}: tau ${tau} above 1 lets a membrane grow by itself, which NIR has no neuron for`,
  );
  const every = (value: number) => floats(new Float64Array(sizeOf(shape)).fill(value), shape);
  const firing = { v_threshold: every(vth), v_reset: every(vReset) };
  if (dynamics === 'paper') return nirNode('IF', { r: every(tau / dt), ...firing });
  if (tau === 1) return nirNode('IF', { r: every(1 / dt), ...firing });
  return nirNode('LIF', {
    tau: every(dt / (1 - tau)),
    r: every(1 / (1 - tau)),
    v_leak: every(0),
    ...firing,
  });
}

/** Numbers for each neuron, from one for all or one a channel. */
function perNeuron(values: readonly number[], shape: Shape, of: (value: number) => number): NirArray {
  const each = sizeOf(shape) / values.length;
  return floats(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => of(values[Math.floor(i / each)]!)),
    shape,
  );
}

function asFloats({ data, shape }: ArrayWithShape): NirArray {
  return floats(data instanceof Float64Array ? data : Float32Array.from(data), shape);
}
