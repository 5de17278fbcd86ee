// What has a memory, time step by time step: each function makes a layer's nodes for every step and gives the names of
// what comes out.
//
//   leak   H[t] = tau·V[t-1] + X[t]      paper   H[t] = V[t-1] + tau·X[t]
//   O[t] = H[t] >= vth                   V[t] = vReset where it fired, else H[t]  (soft: H[t] - vth·O[t])

import type { Shape } from '../../backends/shape';
import type { InferenceNeuron, InferenceStep } from '../inference/graph';
import { writeStep } from './equations';
import type { OnnxGraph } from './model';

type StepOf<Kind extends InferenceStep['kind']> = Extract<InferenceStep, { kind: Kind }>;

/** A neuron of `Lif`. */
export function lifSteps(
  onnx: OnnxGraph,
  name: string,
  { dynamics, tau, vth, vReset, reset }: InferenceNeuron,
  currents: readonly string[],
): string[] {
  const number = (label: string, value: number) =>
    onnx.floats(`${name}_${label}`, Float32Array.of(value), []);
  const spikes: string[] = [];
  let carried: string | undefined;
  currents.forEach((current, t) => {
    const at = (what: string) => `${name}_${what}_${t}`;
    const make = (operator: string, inputs: string[], what: string, attributes = {}) => {
      onnx.node(operator, inputs, [at(what)], attributes);
      return at(what);
    };
    const drive = dynamics === 'leak' ? current : make('Mul', [current, number('tau', tau)], 'drive');
    let charged = drive;
    if (carried !== undefined) {
      const kept = dynamics === 'leak' ? make('Mul', [carried, number('tau', tau)], 'kept') : carried;
      charged = make('Add', [kept, drive], 'charged');
    }
    const fires = make('GreaterOrEqual', [charged, number('vth', vth)], 'fires');
    spikes.push(make('Cast', [fires], 'spikes', { to: 1 }));
    if (t + 1 === currents.length) return;
    if (reset === 'hard') carried = make('Where', [fires, number('reset', vReset), charged], 'carried');
    else {
      const lost = make('Mul', [spikes.at(-1)!, number('vth', vth)], 'lost');
      carried = make('Sub', [charged, lost], 'carried');
    }
  });
  return spikes;
}

/** A neuron of equations: its step once for each time step. */
export function equationSteps(
  onnx: OnnxGraph,
  step: StepOf<'equations'>,
  currents: readonly string[],
): string[] {
  const { name, model, learned, shape } = step;
  const number = (value: number) => onnx.floats(`number_${value}`, Float32Array.of(value), []);
  const parameters = model.parameters.flatMap(({ name: key, leaf }) => {
    const values = learned.get(key);
    if (values === undefined) return [];
    const along = values.length === 1 ? [] : alongChannels(values.length, shape);
    return [[leaf.name, onnx.floats(`${name}_${key}`, Float32Array.from(values), along)] as const];
  });
  onnx.node('Shape', [currents[0]!], [`${name}_shape`]);
  let states = model.states.map(({ name: state, start }) => {
    onnx.node('Expand', [number(start), `${name}_shape`], [`${name}_start_${state}`]);
    return `${name}_start_${state}`;
  });
  const outputs: string[] = [];
  for (const [t, driven] of currents.entries()) {
    let count = 0;
    const make = (operator: string, inputs: readonly string[], attributes = {}): string => {
      const made = `${name}_${count++}_${t}`;
      onnx.node(operator, [...inputs], [made], attributes);
      return made;
    };
    const current = withFeedback(onnx, step, driven, outputs[t - 1], make);
    const leaves = model.states.map(({ leaf }, k) => [leaf.name, states[k]!] as const);
    const given = new Map([...parameters, ...leaves, [model.x.name, current]]);
    const written = writeStep('toOnnx', name, model, given, { make, number });
    states = [...written.states];
    outputs.push(written.output);
  }
  return outputs;
}

/** A current, and what comes back of the step before. */
function withFeedback(
  onnx: OnnxGraph,
  { feedback }: StepOf<'equations'>,
  driven: string,
  before: string | undefined,
  make: (operator: string, inputs: readonly string[], attributes?: { transB: number }) => string,
): string {
  if (feedback === undefined) return driven;
  const weight = onnx.floats(`${feedback.name}_weight`, feedback.weight.data, feedback.weight.shape);
  const bias = onnx.floats(`${feedback.name}_bias`, feedback.bias.data, feedback.bias.shape);
  const back = before === undefined ? bias : make('Gemm', [before, weight, bias], { transB: 1 });
  return make('Add', [driven, back]);
}

/** Values of earlier steps, for each channel its own; zeros before the first. */
export function delaySteps(
  onnx: OnnxGraph,
  { name, delay, shape }: StepOf<'delay'>,
  currents: readonly string[],
): string[] {
  const along = delay.length === 1 ? [] : alongChannels(delay.length, shape);
  return currents.map((now, t) => {
    const parts = [...new Set(delay)].map((wait) => {
      const part = `${name}_${wait}_${t}`;
      const mask = Float32Array.from(delay, (own) => Number(own === wait && t >= wait));
      const label = `${name}_after_${wait}${t < wait ? '_none' : ''}`;
      onnx.node('Mul', [currents[t - wait] ?? now, onnx.floats(label, mask, along)], [part]);
      return part;
    });
    onnx.node('Sum', parts, [`${name}_delayed_${t}`]);
    return `${name}_delayed_${t}`;
  });
}

/** The shape in which a value for each channel, the first axis behind the batch, meets values of `shape`. */
export function alongChannels(count: number, shape: Shape): Shape {
  return [count, ...shape.slice(1).map(() => 1)];
}
