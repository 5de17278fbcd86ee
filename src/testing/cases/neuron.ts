// Sample inputs of the spiking neuron: both dynamics, both resets, every surrogate, with and without rectifier and
// initial potential. Currents are drawn so that no potential comes near the threshold, nor near an edge of the
// rectangle: rounding to f32 must flip no spike.

import type { Backend, Handle, Operand } from '../../backends/backend';
import { SpikegradError } from '../../errors';
import { arctan, customRectifier, fastSigmoid, rectangular, sigmoidal, triangular } from '../../neurons';
import { lifModel } from '../../snn/equations/lif';
import type { FusedNeuron } from '../../snn/options';
import { mpr } from '../../snn/rectifier';
import { type Bench, type ConformanceCase, type Draw, kernelCase } from '../probe';

/** A rectifier that the library does not have. */
const cubic = customRectifier({ name: 'cubic', value: 'x + 0.2*(x - 0.5)^3' });

/** The paper's neuron without rectification. */
export const plainNeuron: FusedNeuron = {
  dynamics: 'leak',
  tau: 0.25,
  vth: 0.5,
  vReset: 0,
  reset: 'hard',
  detachReset: false,
  rectifier: undefined,
  surrogate: rectangular(),
};

/** A LIF neuron forward. @param initial V[0]; undefined is zero */
export function fire(backend: Backend, lif: FusedNeuron, x: Operand, initial?: Operand) {
  const { outputs, last } = backend.scan(lifModel(lif), { x, parameters: [], initial: [initial] });
  return { spikes: outputs[0]!, carried: last[0]! };
}

/** The same backward: of x, and of V[0] where that was given. @param carried gradient of V[T]; undefined is zero */
export function fireBack(
  backend: Backend,
  lif: FusedNeuron,
  x: Operand,
  initial: Operand | undefined,
  gradient: Operand,
  carried?: Operand,
): Record<string, Handle> {
  const operands = { x, parameters: [], initial: [initial] };
  const back = backend.scanGradient(lifModel(lif), operands, { outputs: [gradient], last: [carried] });
  const [dInitial] = back.initial;
  return { x: back.x, ...(dInitial && { initial: dInitial }) };
}

function specs(): Map<string, FusedNeuron> {
  const found = new Map<string, FusedNeuron>();
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
function calmCurrents(draw: Draw, spec: FusedNeuron, steps: number, size: number, initial?: Float64Array) {
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
    const title = `LIF: ${name}, [${shape}]${initial ? ' from V[0]' : ''}`;
    const prepare = (draw: Draw) => {
      const start = initial ? draw.numbers(size, -0.3, 0.3) : undefined;
      const x = calmCurrents(draw, spec, steps, size, start);
      return {
        placed: (bench: Bench) => [bench.place(x, shape), start && bench.place(start, [size])] as const,
        gradient: draw.numbers(shape),
        carriedGradient: initial ? draw.numbers(size) : undefined,
      };
    };
    return [
      kernelCase('scan', title, (draw) => {
        const { placed } = prepare(draw);
        return (bench) => fire(bench.backend, spec, ...placed(bench));
      }),
      kernelCase('scanGradient', title, (draw) => {
        const { placed, gradient, carriedGradient } = prepare(draw);
        return (bench) => {
          const [x, start] = placed(bench);
          const carried = carriedGradient && bench.place(carriedGradient, [size]);
          return fireBack(bench.backend, spec, x, start, bench.place(gradient, shape), carried);
        };
      }),
    ];
  });
}
