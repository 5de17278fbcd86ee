// Sample inputs of the spiking neuron: both dynamics, both resets, every surrogate, with and without rectifier and
// initial potential. Currents are drawn so that no potential comes near the threshold, nor near an edge of the
// rectangle: rounding to f32 must flip no spike.

import type { NeuronSpec, ScalarFunction } from '../../backends/backend';
import { SpikegradError } from '../../errors';
import { arctan, fastSigmoid, rectangular, sigmoidal, triangular } from '../../neurons';
import { mpr } from '../../snn/rectifier';
import { type Bench, type ConformanceCase, type Draw, kernelCase } from '../probe';

/** A rectifier that no backend can know by name. */
const cubic: ScalarFunction = {
  name: 'cubic',
  parameters: {},
  source: { value: 'x + 0.2 * (x - 0.5) ** 3', derivative: '1 + 0.6 * (x - 0.5) ** 2' },
  value: (x) => x + 0.2 * (x - 0.5) ** 3,
  derivative: (x) => 1 + 0.6 * (x - 0.5) ** 2,
};

/** The paper's neuron without rectification. */
export const plainNeuron: NeuronSpec = {
  dynamics: 'leak',
  tau: 0.25,
  vth: 0.5,
  vReset: 0,
  reset: 'hard',
  detachReset: false,
  rectifier: undefined,
  surrogate: rectangular(),
};

function specs(): Map<string, NeuronSpec> {
  const found = new Map<string, NeuronSpec>();
  for (const dynamics of ['leak', 'paper'] as const) {
    for (const reset of ['hard', 'soft'] as const) {
      for (const detachReset of [false, true]) {
        for (const rectifier of [undefined, mpr({ k: 3 })]) {
          const name = `${dynamics}, ${reset}${detachReset ? ' detached' : ''}, ${rectifier?.name ?? 'no rectifier'}`;
          found.set(name, { ...plainNeuron, dynamics, reset, detachReset, rectifier });
        }
      }
    }
  }
  for (const make of [
    ({ scale = 1 }) => rectangular({ window: 0.6, scale }),
    triangular,
    sigmoidal,
    arctan,
    fastSigmoid,
  ]) {
    const [surrogate, scaled] = [make({}), make({ scale: 0.65 })];
    found.set(`surrogate ${surrogate.name}`, { ...plainNeuron, surrogate });
    found.set(`surrogate ${surrogate.name} times 0.65, mpr`, {
      ...plainNeuron,
      surrogate: scaled,
      rectifier: mpr({ k: 5 }),
    });
  }
  found.set('rectangle times 1.5', { ...plainNeuron, surrogate: rectangular({ scale: 1.5 }) });
  found.set('a rectifier of one’s own', { ...plainNeuron, rectifier: cubic });
  found.set('vth 1, tau 0.9, vReset -0.3', { ...plainNeuron, vth: 1, tau: 0.9, vReset: -0.3 });
  found.set('mpr centred on vth 0.8', { ...plainNeuron, vth: 0.8, rectifier: mpr({ k: 3, centre: 0.8 }) });
  return found;
}

const margin = 1e-3;

/** Currents [steps,size] whose potentials stay `margin` away from threshold and rectangle. */
function calmCurrents(draw: Draw, spec: NeuronSpec, steps: number, size: number, initial?: Float64Array) {
  const { dynamics, tau, vth, vReset, rectifier, surrogate, reset } = spec;
  const edge = (surrogate.parameters.window ?? 0) / 2;
  const v = Float64Array.from({ length: size }, (_, n) => initial?.[n] ?? 0);
  const x = new Float64Array(steps * size);
  const calm = (h: number) => {
    const distance = Math.abs((rectifier?.value(h) ?? h) - vth);
    return distance > margin && Math.abs(distance - edge) > margin;
  };
  for (let i = 0; i < x.length; i++) {
    const n = i % size;
    const charge = (current: number) => (dynamics === 'leak' ? tau * v[n]! + current : v[n]! + tau * current);
    let tries = 0;
    do {
      if (++tries > 1000) throw new SpikegradError('conformance', 'found no current away from the threshold');
      x[i] = Math.fround(draw.random.uniform(-1, 2) / (dynamics === 'leak' ? 1 : tau));
    } while (!calm(charge(x[i]!)));
    const h = charge(x[i]!);
    v[n] = (rectifier?.value(h) ?? h) < vth ? h : reset === 'hard' ? vReset : h - vth;
  }
  return x;
}

/** Time steps, neurons, and whether V[0] and a gradient of V[T] are given. */
const settings: readonly { steps: number; size: number; initial: boolean }[] = [
  { steps: 4, size: 13, initial: false },
  { steps: 5, size: 7, initial: true },
];

const extremes: readonly { steps: number; size: number; initial: boolean }[] = [
  { steps: 1, size: 1, initial: false },
  { steps: 1, size: 9, initial: true },
  { steps: 3, size: 0, initial: false },
  { steps: 19, size: 33, initial: true },
];

export function neuronCases(): ConformanceCase[] {
  const sampled = [...specs()].flatMap(([name, spec]) =>
    settings.map((setting) => ({ name, spec, setting })),
  );
  const edges = extremes.map((setting) => ({ name: 'sizes', spec: plainNeuron, setting }));
  return [...sampled, ...edges].flatMap(({ name, spec, setting: { steps, size, initial } }) => {
    const shape = [steps, size];
    const title = `${name}, [${shape}]${initial ? ' from V[0]' : ''}`;
    const prepare = (draw: Draw) => {
      const start = initial ? draw.numbers(size, -0.3, 0.3) : undefined;
      const x = calmCurrents(draw, spec, steps, size, start);
      return {
        forward: (bench: Bench) =>
          bench.backend.neuron(bench.place(x, shape), start && bench.place(start, [size]), spec),
        gradient: draw.numbers(shape),
        carriedGradient: initial ? draw.numbers(size) : undefined,
      };
    };
    return [
      kernelCase('neuron', title, (draw) => {
        const { forward } = prepare(draw);
        return (bench) => {
          const { spikes, carried, saved } = forward(bench);
          for (const handle of saved) bench.own(handle);
          return { spikes, carried };
        };
      }),
      kernelCase('neuronGradient', title, (draw) => {
        const { forward, gradient, carriedGradient } = prepare(draw);
        return (bench) => {
          const { spikes, carried, saved } = forward(bench);
          for (const handle of [spikes, carried, ...saved]) bench.own(handle);
          return {
            ...bench.backend.neuronGradient(
              bench.place(gradient, shape),
              carriedGradient && bench.place(carriedGradient, [size]),
              saved,
              spec,
            ),
          };
        };
      }),
    ];
  });
}
