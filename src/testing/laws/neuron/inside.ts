// Laws of one step, read from a trace of the potentials, and of the decay between spikes.

import fc from 'fast-check';
import type { TensorData } from '../../arbitraries';
import { evaluate, onReference, tensorOf } from '../evaluate';
import type { Unchecked } from '../hold';
import { type Law, law } from '../law';
import { simplest } from '../simplest';
import { firstDifference, placeOf, spikesOf, written } from './numbers';
import type { OwnNeuron } from './subject';

/** One subtraction, rounded in whatever order. */
const ROUNDINGS = 4 * Number.EPSILON;

function traceLaws(
  neuron: OwnNeuron,
  trace: NonNullable<OwnNeuron['trace']>,
  currents: fc.Arbitrary<TensorData>,
): (Law | Unchecked)[] {
  const { vth, reset, vReset } = neuron;
  const numbersOf = (x: TensorData) =>
    onReference(() => {
      const { charged, rectified, spikes, carried } = trace(tensorOf(x));
      const [h, phi, o, v] = [charged, rectified, spikes, carried].map((t) => Array.from(t.dataSync()));
      return { h: h!, phi: phi!, o: o!, v: v! };
    });
  const traced = law('traced', 'the trace has the spikes that the neuron gives', currents, (x) => {
    const [spikes, { o }] = [spikesOf(neuron, x), numbersOf(x)];
    const wrong = firstDifference(o, spikes);
    if (wrong === undefined) return undefined;
    return [written(x), `O at ${placeOf(wrong, x.shape)} is ${spikes[wrong]}, traced ${o[wrong]}`];
  });
  const threshold: Law | Unchecked =
    vth === undefined
      ? { law: 'threshold', reason: 'needs vth' }
      : law('threshold', 'a neuron fires exactly where Ĥ >= vth, at vth itself too', currents, (x) => {
          const { phi, o } = numbersOf(x);
          const wrong = firstDifference(
            o,
            phi.map((rectified) => (rectified >= vth ? 1 : 0)),
          );
          if (wrong === undefined) return undefined;
          return [
            written(x),
            `at ${placeOf(wrong, x.shape)} Ĥ = ${phi[wrong]}, vth = ${vth}, O = ${o[wrong]}`,
          ];
        });
  const after = (h: number) => {
    if (reset === 'hard') return vReset;
    return reset === 'soft' && vth !== undefined ? h - vth : undefined;
  };
  const left: Law | Unchecked =
    after(0) === undefined
      ? { law: 'reset', reason: "needs reset: 'hard' with vReset, or 'soft' with vth" }
      : law(
          'reset',
          `V[t] is ${reset === 'hard' ? `vReset = ${vReset}` : `H[t] - vth, vth = ${vth},`} after a spike, else H[t]`,
          currents,
          (x) => {
            const { h, o, v } = numbersOf(x);
            const wanted = h.map((charged, i) => (o[i] === 0 ? charged : after(charged)!));
            const size = Math.max(...h.map(Math.abs), Math.abs(vth ?? 0), Math.abs(vReset ?? 0));
            const wrong = firstDifference(v, wanted, () => ROUNDINGS * size);
            if (wrong === undefined) return undefined;
            return [
              written(x),
              `at ${placeOf(wrong, x.shape)} H = ${h[wrong]}, O = ${o[wrong]}, V = ${v[wrong]}, not ${wanted[wrong]}`,
            ];
          },
        );
  return [traced, threshold, left];
}

function decayLaw(decay: number, sequence: NonNullable<OwnNeuron['sequence']>): Law {
  const start = simplest(
    fc.integer({ min: 0, max: 2 ** 20 }).map((i) => -2 + (3 * i) / 2 ** 20),
    -2,
    1,
  );
  return law(
    'decay',
    `without input and spikes V decays by ${decay} in each step: V[T] = ${decay}^T·V[0]`,
    fc.tuple(start, fc.integer({ min: 1, max: 6 })),
    ([v, steps]) => {
      const silence = { data: new Array<number>(steps).fill(0), shape: [steps, 1, 1] };
      const { outputs } = evaluate(
        (x, initial) => {
          const { spikes, carried } = sequence(x!, initial!);
          return [spikes, carried];
        },
        [silence, { data: [v], shape: [1, 1] }],
      );
      const [spikes, carried] = [outputs[0]!, outputs[1]![0]!];
      fc.pre(spikes.every((o) => o === 0));
      const wanted = v * decay ** steps;
      if (Math.abs(carried - wanted) <= steps * ROUNDINGS * Math.abs(v)) return undefined;
      return [
        `V[0] = ${v}, no current for ${steps} step${steps === 1 ? '' : 's'}`,
        `V[${steps}] = ${carried}, not ${wanted}`,
      ];
    },
  );
}

export function insideLaws(neuron: OwnNeuron, currents: fc.Arbitrary<TensorData>): (Law | Unchecked)[] {
  const { trace, sequence, decay } = neuron;
  return [
    ...(trace === undefined
      ? ['traced', 'threshold', 'reset'].map((name) => ({ law: name, reason: 'needs trace' }))
      : traceLaws(neuron, (x) => neuron.trace!(x), currents)),
    sequence === undefined || decay === undefined
      ? { law: 'decay', reason: 'needs sequence and decay' }
      : decayLaw(decay, (x, initial) => neuron.sequence!(x, initial)),
  ];
}
