// What a step of dt does to the neurons of a graph: those that diverge, and those that can hardly reach their
// thresholds, told from the weights alone. Inputs of the graph and spikes are taken to be at most 1.

import { SpikegradError } from '../../errors';
import type { NamedNode } from './attributes';
import type { NirConvention } from './convention';
import type { NirArray, NirGraph, NirNode } from './graph';
import { NEURON_TYPES, reachWarning } from './neurons/constants';
import type { RunOrder } from './order';

/** Nodes that give 0 or 1. */
const FIRES = new Set(['IF', 'LIF', 'CubaLIF', 'Threshold']);

const numbersOf = (node: NirNode, key: string): NirArray | undefined => {
  const value = node.attributes.get(key);
  return typeof value === 'string' ? undefined : value;
};

/** The largest Σ|w| + |b| of an output, the inputs being at most `before`. */
function throughWeights(node: NirNode, before: number): number {
  const [weight, bias] = [numbersOf(node, 'weight'), numbersOf(node, 'bias')];
  if (weight === undefined) return before;
  const outputs = weight.shape[0] ?? 1;
  const each = weight.data.length / outputs;
  let most = 0;
  for (let o = 0; o < outputs; o++) {
    let sum = Math.abs(bias?.data[bias.data.length === 1 ? 0 : o] ?? 0);
    for (let i = o * each; i < (o + 1) * each; i++) sum += before * Math.abs(weight.data[i]!);
    most = Math.max(most, sum);
  }
  return most;
}

const largest = (values: Iterable<number>) => {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
};

/** Of a window; one number stands for both sides. */
const area = (sides: ArrayLike<number>) => sides[0]! * (sides[1] ?? sides[0]!);

/** The largest number that a node gives, from the largest that it gets; undefined where that is not known. */
function strongestOf(node: NirNode, before: number | undefined): number | undefined {
  if (FIRES.has(node.type)) return 1;
  if (before === undefined) return undefined;
  switch (node.type) {
    case 'Linear':
    case 'Affine':
    case 'Conv1d':
    case 'Conv2d':
      return throughWeights(node, before);
    case 'Scale':
      return before * largest(numbersOf(node, 'scale')?.data ?? [1]);
    case 'SumPool2d':
      return before * area(numbersOf(node, 'kernel_size')?.data ?? [1]);
    case 'I':
    case 'LI':
    case 'CubaLI':
      return undefined;
    default:
      return before;
  }
}

/** A warning for each node that diverges or can hardly fire. @param graph without nested graphs */
export function stepWarnings(
  graph: NirGraph,
  { order, feeds }: RunOrder,
  dt: number,
  convention?: NirConvention,
): string[] {
  const strongest = new Map<string, number | undefined>();
  const warnings: string[] = [];
  for (const name of order) {
    const named: NamedNode = { name, node: graph.nodes.get(name)! };
    let before: number | undefined = feeds.has(name) ? 0 : 1;
    for (const { from, delayed } of feeds.get(name) ?? []) {
      // what comes from the step before is bounded where a neuron fires it
      const input = delayed ? strongestOf(graph.nodes.get(from)!, undefined) : strongest.get(from);
      before = before === undefined || input === undefined ? undefined : before + input;
    }
    if (NEURON_TYPES.includes(named.node.type)) warnings.push(...warningOf(named, dt, before, convention));
    strongest.set(name, strongestOf(named.node, before));
  }
  return warnings;
}

function warningOf(
  named: NamedNode,
  dt: number,
  strongest: number | undefined,
  convention?: NirConvention,
): string[] {
  try {
    const warning = reachWarning(named, dt, strongest ?? Number.POSITIVE_INFINITY, convention);
    return warning === undefined ? [] : [warning];
  } catch (error) {
    if (error instanceof SpikegradError) return [error.message];
    throw error;
  }
}
