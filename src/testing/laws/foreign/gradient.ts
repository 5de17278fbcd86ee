// The gradient of a foreign neuron against central differences of the smooth neuron that runs through the same values;
// neuron/gradient.ts says why.

import fc from 'fast-check';
import type { TensorData } from '../../arbitraries';
import { inputCurrents } from '../../currents';
import { weightsOf } from '../evaluate';
import type { Unchecked } from '../hold';
import { type LaterLaw, laterLaw } from '../law';
import { firstDifference, placeOf, written } from '../neuron/numbers';
import type { ForeignDrive } from './drive';
import type { Foreign } from './subject';

/** Step of the differences, in units of the current. */
const STEP = 2 ** -20;
/** How far the currents are moved to tell a wrong gradient from a kink: there by so much more for each current. */
const MOVE = 2 ** -10 / Math.SQRT2;

/** Two ways to sum the same may differ by so much of the largest number. */
const ROUNDING = 1e-9;

export function gradientInPiecesLaw(neuron: Foreign, { amount = 1 }: ForeignDrive): LaterLaw | Unchecked {
  const law = 'gradient in pieces';
  const { gradient, gradientInPieces } = neuron.parts;
  if (gradient === undefined || gradientInPieces === undefined)
    return { law, reason: 'needs gradient and gradientInPieces' };
  const currents = inputCurrents({
    min: -2 * amount,
    max: 4 * amount,
    maxSteps: 5,
    maxBatch: 2,
    maxNeurons: 2,
  });
  const longer = currents.filter(({ shape }) => shape[0]! >= 2);
  return laterLaw(
    law,
    'of a sequence in two pieces, the second from the states that the first left, backward gives the same gradient',
    fc.tuple(longer, fc.nat()),
    async ([{ data, shape }, drawn]) => {
      const x = { data: data.map(neuron.round), shape };
      const cut = 1 + (drawn % (shape[0]! - 1));
      const weights = Array.from(weightsOf(0, data.length));
      const [whole, pieces] = [await gradient(x, weights), await gradientInPieces(x, weights, cut)];
      const largest = Math.max(1, ...Array.from(whole, Math.abs));
      const wrong = firstDifference(Array.from(pieces), Array.from(whole), () => ROUNDING * largest);
      if (wrong === undefined) return undefined;
      const place = placeOf(wrong, shape);
      return [written(x), `cut before t = ${cut}, dX at ${place} is ${pieces[wrong]}, not ${whole[wrong]}`];
    },
  );
}

export function gradientLaw(neuron: Foreign, { amount = 1 }: ForeignDrive): LaterLaw | Unchecked {
  const { gradient, smooth } = neuron.parts;
  if (gradient === undefined || smooth === undefined)
    return { law: 'gradient', reason: 'needs gradient and smooth' };
  const few = inputCurrents({ min: -2 * amount, max: 4 * amount, maxSteps: 4, maxBatch: 1, maxNeurons: 2 });
  const step = STEP * amount;

  const broken = async (x: TensorData): Promise<string[] | undefined> => {
    const weights = weightsOf(0, x.data.length);
    const moves = x.data.flatMap((value, i) =>
      [step, -step].map((by) => ({ data: x.data.with(i, value + by), shape: x.shape })),
    );
    const [got, [there, ...moved], { spikes }] = await Promise.all([
      gradient(x, Array.from(weights)),
      smooth(x, [x, ...moves]),
      neuron.run(x),
    ]);
    const other = firstDifference(Array.from(there!), spikes, () => 1e-6);
    // a rounding of f32 may decide otherwise than f64, in which gradients are compared
    fc.pre(other === undefined || neuron.parts.precision === 'f64');
    if (other !== undefined)
      return [
        written(x),
        `smooth at the currents themselves, O at ${placeOf(other, x.shape)} is ${there![other]}`,
      ];
    const loss = (o: ArrayLike<number>) => weights.reduce((sum, weight, i) => sum + weight * o[i]!, 0);
    const wanted = x.data.map((_, i) => (loss(moved[2 * i]!) - loss(moved[2 * i + 1]!)) / (2 * step));
    const largest = Math.max(...wanted.map(Math.abs));
    const rounding = (16 * Number.EPSILON * Math.max(1, Math.abs(loss(there!)))) / step;
    const wrong = firstDifference(
      Array.from(got),
      wanted,
      (value) => 1e-3 * Math.abs(value) + 1e-5 * largest + rounding,
    );
    if (wrong === undefined) return undefined;
    return [
      written(x),
      `dX at ${placeOf(wrong, x.shape)}: backward gives ${got[wrong]}, central differences ${wanted[wrong]}`,
    ];
  };
  const beside = ({ data, shape }: TensorData): TensorData => ({
    data: data.map((current, i) => neuron.round(current + (i + 1) * MOVE * amount)),
    shape,
  });
  return laterLaw(
    'gradient',
    'backward gives the central differences of the neuron with each step replaced by the smooth one whose derivative the surrogate is',
    few.map(({ data, shape }) => ({ data: data.map(neuron.round), shape })),
    async (x) => {
      const lines = await broken(x);
      // at a kink differences mean nothing; a wrong gradient is wrong beside it too
      if (lines !== undefined) fc.pre((await broken(beside(x))) !== undefined);
      return lines;
    },
  );
}
