// What f32 may make of a drawn neuron, for the laws on the fast backend: whether it may decide otherwise than f64
// somewhere, and how far two ways to compute the same may lie apart. In f64 they are the same. Not a test itself.

import fc from 'fast-check';
import { expect } from 'vitest';
import type { LifOptions } from '../../src/snn';
import { type FusedNeuron, neuronOf } from '../../src/snn/options';
import type { TensorData } from '../../src/testing/arbitraries';
import { run, runBack, type Sequence } from '../backends/wasm/kernels/neuron-reference';
import { type Evaluated, expectSame, normal } from '../snn/numbers';
import { onWasm } from '../support/backend';

/** Either way may be off, and operators round more often than one kernel does. */
const WAYS = 4;
/** What a number too small for f32 may leave behind. */
const UNDERFLOW = 2 ** -120;

/** One neuron's column of [T,N]. */
function column(data: ArrayLike<number>, n: number, neurons: number): number[] {
  return Array.from({ length: data.length / neurons }, (_, t) => data[t * neurons + n]!);
}

function sequences(spec: FusedNeuron, x: TensorData, v?: TensorData): Sequence[] {
  const neurons = x.shape[1]!;
  return Array.from({ length: neurons }, (_, n) => run(spec, column(x.data, n, neurons), v?.data[n] ?? 0));
}

/** Leaves draws out in which a potential comes so near to a jump of O or of the slope that f32 may decide otherwise. */
export function preCertain(options: LifOptions, x: TensorData, v?: TensorData): void {
  if (!onWasm) return;
  const spec = neuronOf('preCertain', options) as FusedNeuron;
  const { rectifier, surrogate, vth } = spec;
  const steepest = Math.max(1, rectifier?.derivative(rectifier.parameters.centre ?? vth) ?? 1);
  const edge = surrogate.name === 'rectangular' ? surrogate.parameters.window! / 2 : 0;
  for (const { charged, chargedErrors } of sequences(spec, x, v)) {
    charged.forEach((h, t) => {
      const distance = Math.abs((rectifier?.value(h) ?? h) - vth);
      // φ itself is rounded too
      const doubt = WAYS * (chargedErrors[t]! * steepest + 2 ** -22);
      fc.pre(distance > doubt && Math.abs(distance - edge) > doubt);
    });
  }
}

/** Spikes, V[T] and their gradients, as `evaluated` gives them. */
export function expectSameNeuron(
  actual: Evaluated,
  expected: Evaluated,
  options: LifOptions,
  x: TensorData,
  v?: TensorData,
): void {
  if (!onWasm) {
    expectSame(actual, expected);
    return;
  }
  const spec = neuronOf('expectSameNeuron', options) as FusedNeuron;
  const neurons = x.shape[1]!;
  const [spikeGradients, carriedGradients] = [normal(x.data.length, 1), normal(neurons, 2)];
  const expectWithin = (part: 'values' | 'gradients', output: number, i: number, error: number) => {
    const [a, b] = [actual[part][output]![i]!, expected[part][output]![i]!];
    const allowed = WAYS * error + UNDERFLOW;
    if (!(Math.abs(a - b) <= allowed))
      expect.fail(`${part} ${output}, ${i}: ${a} and ${b} differ by more than ${allowed}`);
  };
  expect(actual.values[0]).toEqual(expected.values[0]);
  sequences(spec, x, v).forEach((sequence, n) => {
    const back = runBack(spec, sequence, column(spikeGradients, n, neurons), carriedGradients[n]!);
    expectWithin('values', 1, n, sequence.carriedError);
    back.dxErrors.forEach((error, t) => {
      expectWithin('gradients', 0, t * neurons + n, error);
    });
    if (v) expectWithin('gradients', 1, n, back.initialError);
  });
}
