// Special numbers through neurons given by equations: every function that equations may call, resets of lost
// potentials, and gradients that are lost themselves.

import { arctan, type NeuronModel, neuron } from '../../../neurons';
import { mpr } from '../../../snn/rectifier';
import { type Bench, type ConformanceCase, kernelCase } from '../../probe';
import { named } from '.';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

const numbers = [
  nan,
  infinity,
  -infinity,
  0,
  1,
  -1,
  0.3125,
  -0.25,
  1.75,
  -1.875,
  2.5,
  -3.5,
  30,
  -30,
  200,
  -200,
];

/** Functions of x, few at a time: a device may be long about many in one kernel. Sines of large angles are nobody's. */
const functions: readonly (readonly string[])[] = [
  ['tanh(x)', 'sigmoid(x)', 'bell(x)', 'sech2(x)', 'x > 1 ? x : 0', 'abs(x)', '1/x'],
  ['atan(x)', 'erf(x)', 'exp(x/4)', 'exprel(x/4)', 'floor(x)', 'sign(x)', 'x^3', 'int(not (x < 1))'],
  ['log(x)', 'sqrt(x)', 'min(x, 1)', 'max(1, x)', 'relu(x)', 'clamp(x, -1, 2)'],
  ['sin(abs(x) < 9 ? x : 1/x)', 'cos(abs(x) < 9 ? x : 1/x)', 'int(x >= 0 and x <= 1 or x == 2.5)'],
];

/** All of them in one neuron, whose state says which: those that are not chosen have no say. */
const chooser = (texts: readonly string[]): NeuronModel =>
  neuron(`y = ${texts.map((text, k) => `f == ${k} ? ${text} : `).join('')}0; f = f`, { outputs: ['y'] });

/** The special current first, then two of sound size. */
const steps = 3;
const currents = [...numbers, ...numbers.map(() => 0.125), ...numbers.map(() => 0.75)];

const neurons = (): readonly NeuronModel[] => [
  neuron('h = 0.25*v + x; spikes = spike(h - 0.5); v = h*(1 - spikes)', { surrogate: arctan() }),
  neuron('h = 0.25*v + x; spikes = spike(phi(h) - 0.5); v = h - 0.5*spikes', {
    functions: { phi: mpr({ k: 3 }) },
    surrogate: arctan(),
  }),
  neuron('h = v + (x - v)/4; spikes = spike(h - 0.5 - a); v = spikes ? 0 : h; a = 0.5*a + spikes'),
];

export function specialScanCases(): ConformanceCase[] {
  return [...functions.flatMap(called), ...run()];
}

function called(texts: readonly string[]): ConformanceCase[] {
  const model = chooser(texts);
  const size = texts.length * numbers.length;
  const x = Array.from({ length: size }, (_, i) => numbers[i % numbers.length]!);
  const which = x.map((_, i) => Math.floor(i / numbers.length));
  const operands = (bench: Bench) => ({
    x: bench.place(x, [1, size]),
    parameters: [],
    initial: [bench.place(which)],
  });
  const name = `special numbers: ${texts.join(', ')}`;
  return [
    kernelCase('scan', name, () => (bench) => {
      const { outputs, last } = bench.backend.scan(model, operands(bench));
      return { y: outputs[0]!, f: last[0]! };
    }),
    kernelCase('scanGradient', name, () => (bench) => {
      const ones = bench.place(new Float64Array(size).fill(1), [1, size]);
      const gradients = { outputs: [ones], last: [undefined] };
      const back = bench.backend.scanGradient(model, operands(bench), gradients);
      return { x: back.x, f: back.initial[0]! };
    }),
  ];
}

function run(): ConformanceCase[] {
  const shape = [steps, numbers.length];
  const sound = currents.map((_, i) => ((i * 5) % 7) / 4 - 0.3125);
  const gradient = currents.map((_, i) => 1 - i / 64);
  return neurons().flatMap((model) => {
    const rest = { parameters: [], initial: model.states.map(() => undefined) };
    const back = (name: string, x: readonly number[], g: readonly number[]) =>
      kernelCase('scanGradient', `${name}: ${model.text}`, () => (bench) => {
        const operands = { x: bench.place(x, shape), ...rest };
        // given, since where a gradient is not, nothing is multiplied with it: 0·∞ is nothing there, not NaN
        const half = () => bench.place(new Float64Array(numbers.length).fill(0.5));
        const gradients = { outputs: [bench.place(g, shape)], last: model.states.map(half) };
        const result = bench.backend.scanGradient(model, operands, gradients);
        return { x: result.x, ...named('initial', result.initial) };
      });
    return [
      kernelCase('scan', `special currents: ${model.text}`, () => (bench) => {
        const { outputs, last } = bench.backend.scan(model, { x: bench.place(currents, shape), ...rest });
        return { spikes: outputs[0]!, ...named('last', last) };
      }),
      back('special currents', currents, gradient),
      back('special gradients', sound, currents),
    ];
  });
}
