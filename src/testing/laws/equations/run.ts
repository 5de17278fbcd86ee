// A neuron of equations as the library runs it: in f64 on the reference backend, whatever backend is active.

import { noGrad } from '../../../core/tape';
import type { Tensor } from '../../../core/tensor';
import { check } from '../../../errors';
import { learnablesOf, type NeuronModel } from '../../../neurons';
import { runNeuron } from '../../../snn/equations';
import type { TensorData } from '../../arbitraries';
import { onReference, tensorOf } from '../evaluate';

/** Where states are before the first step, by name, [B,N]. */
export type States = Readonly<Record<string, TensorData>>;

type Numbers = Readonly<Record<string, readonly number[]>>;

/** What a run gave, by name. */
export interface Ran {
  readonly outputs: Numbers;
  /** After the last step. */
  readonly states: Numbers;
  /** Every assigned value. */
  readonly trace: Numbers;
}

/**
 * @param currents [T,B,N]
 * @param initial of states by name, [B,N]; left out: where they start
 */
export function ran(model: NeuronModel, currents: TensorData, initial: States = {}): Ran {
  return onReference(() =>
    noGrad(() => {
      const { outputs, states, trace } = runNeuron(model, tensorOf(currents), {
        initial: Object.fromEntries(Object.entries(initial).map(([name, data]) => [name, tensorOf(data)])),
        trace: true,
      });
      return { outputs: numbersOf(outputs), states: numbersOf(states), trace: numbersOf(trace!) };
    }),
  );
}

const numbersOf = (tensors: Readonly<Record<string, Tensor>>): Numbers =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]));

/**
 * Outputs and last states, differentiable, from current, initial states and learnable parameters.
 * @param promise whose names and order are meant
 */
export function taped(subject: NeuronModel, promise: NeuronModel, given: readonly Tensor[]): Tensor[] {
  const [x, ...others] = given;
  const names = [...promise.states, ...learnablesOf(promise)].map(({ name }) => name);
  const named = Object.fromEntries(names.map((name, k) => [name, others[k]!]));
  const only = (known: readonly { readonly name: string }[]) =>
    Object.fromEntries(
      known.flatMap(({ name }) => (Object.hasOwn(named, name) ? [[name, named[name]!]] : [])),
    );
  const { outputs, states } = runNeuron(subject, x!, {
    initial: only(promise.states),
    parameters: only(learnablesOf(promise)),
  });
  return [
    ...promise.outputs.map((name) => numbersUnder(outputs, name)),
    ...promise.states.map(({ name }) => numbersUnder(states, name)),
  ];
}

/** @throws where there is none, as of a neuron that is held to the laws of another */
export function numbersUnder<T>(values: Readonly<Record<string, T>>, name: string): T {
  check(name in values, 'checkNeuron', () => `the neuron has no ${name}`);
  return values[name]!;
}

/** The currents of one neuron of [T,B,N]. @param place of it in [B,N] */
export function sequenceOf({ data, shape }: TensorData, place: number): number[] {
  const together = shape[1]! * shape[2]!;
  return Array.from({ length: shape[0]! }, (_, t) => data[t * together + place]!);
}

/** Where neuron `place` starts. */
export const startOf = ({ states }: NeuronModel, initial: States, place: number): number[] =>
  states.map(({ name, start }) => (Object.hasOwn(initial, name) ? initial[name]!.data[place]! : start));

/** Whether two ways to compute one number agree to 12 digits of `size`; infinities and NaN agree with themselves. */
export const agree = (a: number | undefined, b: number | undefined, size = 1): boolean =>
  Object.is(a, b) ||
  Math.abs(a! - b!) <= 1e-12 * Math.max(size, Math.abs(b!)) ||
  (Number.isNaN(a) && Number.isNaN(b));
