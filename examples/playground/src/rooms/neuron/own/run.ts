// What a written neuron does with its input: every value that its equations assign, step by step, and the gradient that
// goes back through all of it.

import { type Backend, type NeuronModel, runNeuron, scope, sum, tensor } from 'spikegrad';

/** One value over time. */
export interface Trace {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Zeros and ones (or minus ones): drawn as bars. */
  readonly isSpikes: boolean;
}

export interface WrittenRun {
  readonly input: ArrayLike<number>;
  readonly traces: readonly Trace[];
  /** Steps in which it fires. */
  readonly events: readonly number[];
  /** What each step of the input changes in the sum of what comes out, by the surrogate. */
  readonly gradient: ArrayLike<number>;
  /** The first value that is no number any more. */
  readonly lost?: { readonly name: string; readonly step: number };
}

export function runWritten(model: NeuronModel, input: readonly number[], backend: Backend): WrittenRun {
  const { values, gradient } = scope(() => {
    const x = tensor(Float64Array.from(input), [input.length, 1], { backend, requiresGrad: true });
    const { outputs, trace } = runNeuron(model, x, { trace: true });
    sum(outputs[model.outputs[0]!]!).backward();
    const numbers = Object.entries(trace!).map(([name, traced]) => [name, traced.dataSync()] as const);
    return { values: numbers, gradient: x.grad!.dataSync() };
  });
  const traces = values.map(([name, list]) => ({
    name,
    values: list,
    isSpikes:
      model.outputs[0] === name && Array.from(list).every((value) => value === 0 || Math.abs(value) === 1),
  }));
  const fired = traces.find(({ isSpikes }) => isSpikes);
  const events = Array.from(fired?.values ?? []).flatMap((spike, t) => (spike !== 0 ? [t] : []));
  const lost = traces
    .map(({ name, values: list }) => ({
      name,
      step: Array.from(list).findIndex((value) => !Number.isFinite(value)),
    }))
    .filter(({ step }) => step >= 0)
    .sort((a, b) => a.step - b.step)[0];
  return { input, traces, events, gradient, ...(lost !== undefined && { lost }) };
}
