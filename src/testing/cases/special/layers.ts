// NaN, infinities and zeros through norms and neurons; the other kernels are in index.ts.

import type { Handle } from '../../../backends/backend';
import { arctan } from '../../../neurons';
import type { FusedNeuron } from '../../../snn/options';
import { mpr } from '../../../snn/rectifier';
import { type Bench, type ConformanceCase, kernelCase, type Outcome } from '../../probe';
import { fire, fireBack, plainNeuron } from '../neuron';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

/** Numbers drawn, with one replaced. */
export const spoilt = (data: Float64Array, place: number, special: number) => {
  data[place] = special;
  return data;
};

/**
 * Infinities in a sum may meet: whether they leave an infinity or NaN hangs on the order of terms, and is not compared.
 */
async function fates(bench: Bench, handles: Readonly<Record<string, Handle>>): Promise<Outcome> {
  const read = async ([part, handle]: [string, Handle]) => {
    const found = await bench.backend.read(bench.own(handle));
    return [part, Array.from(found, (x) => (Number.isFinite(x) ? x : nan))] as const;
  };
  return Object.fromEntries(await Promise.all(Object.entries(handles).map(read)));
}

export function specialNormCases(): ConformanceCase[] {
  const shape = [2, 3, 4, 8];
  const spec = { scale: 0.5, epsilon: 1e-5, momentum: 0.1 };
  const channels = Float64Array.from({ length: 8 }, (_, i) => 1 + i / 8);
  /** Channel 3 has the special number. */
  const spoil = (data: Float64Array, special: number) => spoilt(data, 43, special);
  const training = (bench: Bench, x: Float64Array) =>
    bench.backend.normTrain(
      bench.place(x, shape),
      bench.place(channels),
      bench.place(channels),
      bench.placeInPlace(channels).handle,
      bench.placeInPlace(channels).handle,
      spec,
    );
  return [nan, infinity, -infinity].flatMap((special) => [
    kernelCase('normTrain', `${special} in a channel`, (draw) => {
      const x = spoil(draw.numbers(shape), special);
      return (bench) => {
        const { y, statistics } = training(bench, x);
        return fates(bench, { y, ...statistics });
      };
    }),
    kernelCase('normEvaluate', `${special} in a channel`, (draw) => {
      const x = spoil(draw.numbers(shape), special);
      return (bench) => ({
        y: bench.backend.normEvaluate(
          bench.place(x, shape),
          bench.place(channels),
          bench.place(channels),
          bench.place(channels),
          bench.place(channels),
          spec,
        ),
      });
    }),
    kernelCase('normGradient', `${special} in a channel's gradient`, (draw) => {
      const [x, dy] = [draw.numbers(shape), spoil(draw.numbers(shape), special)];
      return (bench) => {
        const { y, statistics } = training(bench, x);
        for (const handle of [y, statistics.mean, statistics.inverseDeviation]) bench.own(handle);
        const [g, operand, weight] = [bench.place(dy, shape), bench.place(x, shape), bench.place(channels)];
        return fates(bench, { ...bench.backend.normGradient(g, operand, weight, statistics, spec) });
      };
    }),
  ]);
}

export function specialNeuronCases(): ConformanceCase[] {
  const currents = [nan, infinity, -infinity, 0, 0.25, 2, -2];
  const shape = [3, currents.length];
  // the special current, then two of sound size
  const x = [...currents, ...currents.map(() => 0.125), ...currents.map(() => 0.75)];
  const g = x.map((_, i) => 1 - i / 16);
  const specs = [
    { ...plainNeuron, surrogate: arctan() },
    { ...plainNeuron, reset: 'soft' },
    { ...plainNeuron, reset: 'soft', rectifier: mpr({ k: 3 }), surrogate: arctan() },
    { ...plainNeuron, dynamics: 'paper', rectifier: mpr({ k: 3 }) },
    { ...plainNeuron, dynamics: 'paper', reset: 'soft', rectifier: mpr({ k: 3 }) },
  ].map((spec) => {
    const { dynamics, reset, rectifier, surrogate } = spec as FusedNeuron;
    const name = `${dynamics}, ${reset}, ${rectifier?.name ?? 'no rectifier'}, ${surrogate.name}`;
    return [name, spec as FusedNeuron] as const;
  });
  const sound = x.map((_, i) => ((i * 5) % 7) / 4 - 0.3125);
  return specs.flatMap(([name, spec]) => {
    const back = (what: string, input: readonly number[], gradient: readonly number[]) =>
      kernelCase('scanGradient', `LIF, special ${what}: ${name}`, () => (bench) => {
        const [operand, g] = [bench.place(input, shape), bench.place(gradient, shape)];
        // given, since where a gradient is not, nothing is multiplied with it
        const carried = bench.place(new Float64Array(currents.length));
        return fireBack(bench.backend, spec, operand, undefined, g, carried);
      });
    return [
      kernelCase('scan', `LIF, special currents: ${name}`, () => (bench) => {
        return fire(bench.backend, spec, bench.place(x, shape));
      }),
      back('currents', x, g),
      back('gradients', sound, x),
    ];
  });
}
