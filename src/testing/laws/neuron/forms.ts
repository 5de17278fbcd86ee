// One neuron, several ways to run it: whole, in pieces, step by step. Spikes, V[T] and all gradients must agree.

import fc from 'fast-check';
import type { Tensor } from '../../../core/tensor';
import { concat, slice } from '../../../ops/layout';
import { unroll } from '../../../snn/cell';
import type { TensorData } from '../../arbitraries';
import { type Evaluated, evaluate } from '../evaluate';
import type { Unchecked } from '../hold';
import { type Law, law } from '../law';
import { simplest } from '../simplest';
import { firstDifference, twelveDigits, written } from './numbers';
import type { OwnNeuron } from './subject';

/** The first number in which two ways differ. */
function difference(actual: Evaluated, expected: Evaluated): string | undefined {
  for (const [part, names] of [
    ['outputs', ['O', 'V[T]']],
    ['gradients', ['the gradient of X', 'the gradient of V[0]']],
  ] as const) {
    for (const [k, wanted] of expected[part].entries()) {
      const i = firstDifference(actual[part][k]!, wanted, twelveDigits);
      if (i !== undefined) return `number ${i} of ${names[k]} is ${actual[part][k]![i]}, not ${wanted[i]}`;
    }
  }
  return undefined;
}

/** Currents [T,B,N] and V[0] of [B,N] below the paper's threshold. */
function withInitial(currents: fc.Arbitrary<TensorData>): fc.Arbitrary<[TensorData, TensorData]> {
  const potential = simplest(
    fc.integer({ min: 0, max: 2 ** 20 }).map((i) => -1 + (1.5 * i) / 2 ** 20),
    -1,
    0.5,
  );
  return currents.chain((x) => {
    const [, batch, neurons] = x.shape as [number, number, number];
    const length = batch * neurons;
    return fc
      .array(potential, { minLength: length, maxLength: length })
      .map((data): [TensorData, TensorData] => [x, { data, shape: [batch, neurons] }]);
  });
}

export function formLaws(neuron: OwnNeuron, currents: fc.Arbitrary<TensorData>): (Law | Unchecked)[] {
  const { sequence, cell } = neuron;
  const whole = (x: Tensor, v: Tensor | undefined) => {
    const { spikes, carried } = neuron.sequence!(x, v);
    return [spikes, carried];
  };
  const lines = (x: TensorData, v: TensorData) => [written(x), `V[0]: ${v.data.join(', ')}`];

  const pieces: Law | Unchecked =
    sequence === undefined
      ? { law: 'pieces', reason: 'needs sequence' }
      : law(
          'pieces',
          'a sequence may be run in two pieces, the second from the V that the first left: spikes, V[T] and gradients stay',
          fc.tuple(withInitial(currents), fc.nat()),
          ([[x, v], drawn]) => {
            const steps = x.shape[0]!;
            fc.pre(steps >= 2);
            const cut = 1 + (drawn % (steps - 1));
            const split = evaluate(
              (input, initial) => {
                const [first, between] = whole(slice(input!, [0], [cut]), initial);
                const [second, carried] = whole(slice(input!, [cut], [steps]), between);
                return [concat([first!, second!]), carried!];
              },
              [x, v],
            );
            const wrong = difference(
              split,
              evaluate((input, initial) => whole(input!, initial), [x, v]),
            );
            return wrong === undefined ? undefined : [...lines(x, v), `cut before t = ${cut}, ${wrong}`];
          },
        );

  const unrolled: Law | Unchecked =
    cell === undefined
      ? { law: 'unrolled', reason: 'needs cell' }
      : law(
          'unrolled',
          'step by step on the tape the neuron gives what it gives at once: spikes, V[T] and gradients',
          withInitial(currents),
          ([x, v]) => {
            const inputs = sequence === undefined ? [x] : [x, v];
            const atOnce = evaluate(
              (input, initial) => (sequence === undefined ? [neuron.spikes(input!)] : whole(input!, initial)),
              inputs,
            );
            const byStep = evaluate((input, initial) => {
              const { outputs, state } = unroll(cell, input!, initial === undefined ? {} : { initial });
              return sequence === undefined ? [outputs] : [outputs, state];
            }, inputs);
            const wrong = difference(byStep, atOnce);
            if (wrong === undefined) return undefined;
            return [...(sequence === undefined ? [written(x)] : lines(x, v)), `step by step, ${wrong}`];
          },
        );

  return [pieces, unrolled];
}
