// What a written neuron does with its input: every value that its equations assign, step by step, the gradient that
// goes back through all of it, and its surrogate.

import { type Backend, explain, type NeuronModel, runNeuron, scope, sum, tensor } from 'spikegrad';
import type { Trace, WrittenRun } from './messages';

export function runWritten(model: NeuronModel, input: readonly number[], backend: Backend): WrittenRun {
  const { values, gradient } = scope(() => {
    const x = tensor(Float64Array.from(input), [input.length, 1], { backend, requiresGrad: true });
    const { outputs, trace } = runNeuron(model, x, { trace: true });
    sum(outputs[model.outputs[0]!]!).backward();
    const numbers = Object.entries(trace!).map(([name, traced]) => [name, traced.dataSync()] as const);
    return { values: numbers, gradient: x.grad!.dataSync() };
  });
  const explained = explain(model);
  const fires = /^spikes$/m.test(explained);
  const traces = values.map(
    ([name, list]): Trace => ({ name, values: list, isSpikes: fires && areSpikes(list) }),
  );
  const output = traces.find(({ name }) => name === model.outputs[0])!;
  const events = output.isSpikes ? stepsOf(output.values, (spike) => spike !== 0) : [];
  const [lost] = traces
    .flatMap(({ name, values: list }) =>
      stepsOf(list, (value) => !Number.isFinite(value))
        .slice(0, 1)
        .map((step) => ({ name, step })),
    )
    .sort((a, b) => a.step - b.step);
  return {
    input,
    traces,
    events,
    gradient,
    explained,
    ...(lost !== undefined && { lost }),
    ...(fires && { slope: slopeOf(model) }),
  };
}

const areSpikes = (values: ArrayLike<number>): boolean =>
  Array.from(values).every((value) => value === 0 || Math.abs(value) === 1);

const stepsOf = (values: ArrayLike<number>, holds: (value: number) => boolean): number[] =>
  Array.from(values).flatMap((value, t) => (holds(value) ? [t] : []));

/** A slope below this share of the largest is hardly to be seen. */
const FAINT = 0.03;

function slopeOf({ surrogate }: NeuronModel): NonNullable<WrittenRun['slope']> {
  const largest = Math.max(...Array.from({ length: 41 }, (_, i) => surrogate.derivative((i - 20) / 20)));
  let reach = 1;
  while (
    reach < 128 &&
    surrogate.derivative(reach) > FAINT * largest &&
    surrogate.derivative(reach) < largest
  )
    reach *= 2;
  const u = Array.from({ length: 401 }, (_, i) => (reach * (i - 200)) / 200);
  const constants = Object.entries(surrogate.parameters ?? {}).filter(
    ([name, value]) => name !== 'scale' || value !== 1,
  );
  const words = [surrogate.name, ...constants.map(([name, value]) => `${name} ${value}`)].join(', ');
  return { u, s: u.map((at) => surrogate.derivative(at)), words };
}
