// Sample inputs of neurons given by equations: one to three states, parameters by layer and by channel, read-outs,
// several outputs, with and without initial states. Currents are drawn so that no threshold, nor an edge of the
// rectangle, is near: rounding to f32 must flip no spike.

import type { Operand, ScanGradients, ScanOperands } from '../../../backends/backend';
import { type Shape, sizeOf } from '../../../backends/shape';
import { SpikegradError } from '../../../errors';
import {
  arctan,
  learnable,
  learnablesOf,
  type NeuronModel,
  neuron,
  sigmoidal,
  triangular,
} from '../../../neurons';
import { numberScan } from '../../../neurons/numbers/scan';
import { mpr } from '../../../snn/rectifier';
import { type Bench, type ConformanceCase, type Draw, kernelCase } from '../../probe';

const each = { per: 'channel' } as const;

/** By name; made when they are asked for. */
const models = (): Readonly<Record<string, NeuronModel>> => ({
  'LIF, MPR, rectangle': neuron('h = 0.25*v + x; u = phi(h) - 0.5; spikes = spike(u); v = h*(1 - spikes)', {
    functions: { phi: mpr({ k: 3 }) },
    outputs: ['spikes', 'h'],
  }),
  PLIF: neuron('h = sigmoid(w)*v + x; u = h - 1; spikes = spike(u); v = h - detach(spikes)', {
    parameters: { w: learnable(0.4) },
    surrogate: sigmoidal(),
  }),
  'ALIF, by channel': neuron(
    `h = tau*v + x
    u = h - 1 - beta*a
    spikes = spike(u)
    v = h*(1 - spikes)
    a = rho*a + spikes`,
    {
      parameters: { tau: learnable(0.8, each), rho: learnable(0.9), beta: learnable(0.2, each) },
      surrogate: arctan(),
      outputs: ['spikes', 'a'],
      start: { a: 0.5 },
    },
  ),
  'a read-out': neuron('v = v + (x - v)/tau', { parameters: { tau: learnable(2) } }),
  'without state': neuron('u = w*x - 0.25; spikes = spike(u)', {
    parameters: { w: learnable(1, each) },
    surrogate: triangular(),
  }),
  'three states': neuron(
    `i = alpha*i + x
    r = max(0, r - 0.5)
    h = beta*v + (r > 0 ? 0 : min(i, 2))
    u = h - gain*tanh(h)/2 - 0.5
    spikes = spike(u)
    v = clamp(h - spikes, -1, floor(abs(h)) + 1)
    r = spikes ? 1.25 : r`,
    {
      parameters: { alpha: learnable(0.5), beta: learnable(0.75, each), gain: learnable(0.5, each) },
      surrogate: arctan(),
      outputs: ['spikes', 'i', 'r', 'v'],
    },
  ),
  'exact steps, refractory': neuron(
    `v' = (i - v)/tau : 1 (unless refractory)
    i' = (x - i)/tau_s`,
    {
      threshold: 'v > 0.4',
      reset: 'v -= 0.5; i += v/8',
      refractory: 1,
      parameters: { tau: learnable(3), tau_s: learnable(1.5, each) },
      surrogate: arctan(),
      outputs: ['spikes', 'h', 'i'],
    },
  ),
  'exponential Euler': neuron("v' = (exp(v) - 1 - 2*v - w + x)/tau; w' = (v/2 - w)/4", {
    threshold: 'v >= 0.5',
    reset: 'v = -0.25; w += 0.25',
    detachReset: true,
    parameters: { tau: learnable(2, each) },
    surrogate: sigmoidal(),
  }),
});

/** Of every neuron; and of one, in which x may be all there is, steps are many, or neurons more than a workgroup. */
const shapes: readonly Shape[] = [
  [4, 3, 5],
  [5, 7],
];
const extremes: readonly Shape[] = [[1], [3, 0], [35, 2, 3], [2, 129, 2]];

const margin = 1e-3;

/** Currents under which no threshold comes near 0, nor ±1/2. */
function calm(draw: Draw, model: NeuronModel, shape: Shape, given: Drawn): Float64Array {
  const [steps, size] = [shape[0]!, sizeOf(shape.slice(1))];
  const x = draw.numbers(steps * size, -1, 2);
  const fired = model.assigned.find(({ value }) => value.op === 'spike');
  if (fired === undefined) return x;
  const margins = { name: 'u', value: fired.value.args[0]! };
  const watched = numberScan({ ...model, assigned: [margins], outputs: ['u'] }, 'f64');
  const sequence = { steps, size, channels: shape.length > 1 ? shape.at(-1)! : 1 };
  for (let tries = 0; tries < 1000; tries++) {
    const { outputs } = watched.forward(x, sequence, given.parameters, given.initial);
    const near = new Set<number>();
    for (const [i, u] of outputs[0]!.entries())
      if ([0, 0.5].some((edge) => Math.abs(Math.abs(u) - edge) < margin)) near.add(i % size);
    if (near.size === 0) return x;
    for (let i = 0; i < x.length; i++) if (near.has(i % size)) x[i] = Math.fround(draw.random.uniform(-1, 2));
  }
  throw new SpikegradError('conformance', 'found no currents away from the threshold');
}

interface Drawn {
  readonly parameters: readonly Float64Array[];
  readonly initial: readonly (Float64Array | undefined)[];
}

function prepare(draw: Draw, model: NeuronModel, shape: Shape, isGiven: boolean) {
  const inner = shape.slice(1);
  const channels = shape.length > 1 ? shape.at(-1)! : 1;
  const parameters = learnablesOf(model).map(({ value, learnable }) =>
    draw.numbers(learnable!.per === 'channel' ? channels : 1).map((p) => Math.fround(value + p / 8)),
  );
  const ofStates = () => model.states.map(() => (isGiven ? draw.numbers(inner) : undefined));
  const initial = ofStates();
  const x = calm(draw, model, shape, { parameters, initial });
  // the last of several outputs has no gradient
  const outputs = model.outputs.map((_, k) =>
    k > 0 && k === model.outputs.length - 1 ? undefined : draw.numbers(shape),
  );
  const last = ofStates();
  const placed = (bench: Bench) => {
    const all = (list: readonly (Float64Array | undefined)[], of: Shape): (Operand | undefined)[] =>
      list.map((numbers) => numbers && bench.place(numbers, of));
    const operands: ScanOperands = {
      x: bench.place(x, shape),
      parameters: parameters.map((p, k) =>
        bench.place(p, learnablesOf(model)[k]!.learnable!.per === 'channel' ? [channels] : []),
      ),
      initial: all(initial, inner),
    };
    return {
      operands,
      gradients: (): ScanGradients => ({ outputs: all(outputs, shape), last: all(last, inner) }),
    };
  };
  return placed;
}

export function scanCases(): ConformanceCase[] {
  const every = models();
  const some = Object.entries(every).map(([name, model], i) => [name, model, shapes[i % 2]!] as const);
  const edges = extremes.map((shape) => ['three states', every['three states']!, shape] as const);
  return [...some, ...edges].flatMap(([name, model, shape], i) => {
    const isGiven = i % 2 === 1;
    const title = `${name}, [${shape}]${isGiven ? ' from given states' : ''}`;
    return [
      kernelCase('scan', title, (draw) => {
        const placed = prepare(draw, model, shape, isGiven);
        return (bench) => {
          const { outputs, last } = bench.backend.scan(model, placed(bench).operands);
          return { ...named('output', outputs), ...named('last', last) };
        };
      }),
      kernelCase('scanGradient', title, (draw) => {
        const placed = prepare(draw, model, shape, isGiven);
        return (bench) => {
          const { operands, gradients } = placed(bench);
          const { x, initial, parameters } = bench.backend.scanGradient(model, operands, gradients());
          return { x, ...named('initial', initial), ...named('parameter', parameters) };
        };
      }),
    ];
  });
}

/** Those of a list that there are, by numbered names. */
export const named = <T>(name: string, list: readonly (T | undefined)[]): Record<string, T> =>
  Object.fromEntries(
    list.flatMap((value, k) => (value === undefined ? [] : [[`${name} ${k}`, value] as const])),
  );
