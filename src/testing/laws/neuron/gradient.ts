// The gradient of a neuron against central differences. The step has none to compare with; its surrogate is the
// derivative of a smooth step S. So each spike O° = Θ(u°) of the sequence is replaced by the smooth step, moved to
// pass through it,
//
//   O(u) = O° + S(u) - S(u°),
//
// which at the given currents is the spike itself and has there the slope S'(u°): the neuron runs through the same
// potentials, is differentiable, and its differences are the gradient that backward has to give. Where the neuron uses
// detached spikes (in a detached reset), O° stays.

import fc from 'fast-check';
import { tensor } from '../../../core/create';
import { noGrad } from '../../../core/tape';
import type { Tensor } from '../../../core/tensor';
import { add, sub } from '../../../ops/arithmetic';
import { greaterEqual } from '../../../ops/compare';
import { map } from '../../../ops/functions';
import type { Surrogate } from '../../../snn/surrogate';
import type { TensorData } from '../../arbitraries';
import { compareGradients } from '../../grad-check';
import { onReference, tensorOf } from '../evaluate';
import type { Unchecked } from '../hold';
import { type Law, law } from '../law';
import { firstDifference, placeOf, spikesOf, written } from './numbers';
import type { FiringRule, OwnNeuron } from './subject';

/** How far the currents are moved to tell a wrong gradient from a kink: there by so much more for each current. */
const MOVE = 2 ** -10 / Math.SQRT2;

/** u° and O° of one call of `fire`, in the order of the calls. */
interface Fired {
  readonly u: Float64Array;
  readonly o: Float64Array;
}

/** Fires as the step does and writes down what it saw. */
function recording(fired: Fired[]): FiringRule {
  return {
    fire(u) {
      const spikes = greaterEqual(u, 0);
      fired.push({ u: Float64Array.from(u.dataSync()), o: Float64Array.from(spikes.dataSync()) });
      return spikes;
    },
    hold: (spikes) => spikes.detach(),
  };
}

/** Fires as the smooth step through what was written down. */
function smooth(fired: readonly Fired[], surrogate: Surrogate): FiringRule {
  const held = new Map<Tensor, Tensor>();
  let call = 0;
  return {
    fire(u) {
      const { u: u0, o } = fired[call++]!;
      const shift = tensor(
        o.map((spike, i) => spike - surrogate.value(u0[i]!)),
        u.shape,
      );
      const spikes = add(map(surrogate, u), shift);
      held.set(spikes, tensor(o, u.shape));
      return spikes;
    },
    hold: (spikes) => held.get(spikes) ?? spikes.detach(),
  };
}

/** The currents a little beside: no two moved alike. */
const beside = ({ data, shape }: TensorData): TensorData => ({
  data: data.map((current, i) => current + (i + 1) * MOVE),
  shape,
});

export function gradientLaw(neuron: OwnNeuron, currents: fc.Arbitrary<TensorData>): Law | Unchecked {
  const { surrogate } = neuron;
  if (surrogate === undefined || neuron.unrolled === undefined)
    return { law: 'gradient', reason: 'needs unrolled and surrogate' };
  const unrolled = (x: Tensor, firing: FiringRule) => neuron.unrolled!(x, firing);
  const broken = (x: TensorData): readonly string[] | undefined => {
    const fired: Fired[] = [];
    const spikes = onReference(() =>
      noGrad(() => Array.from(unrolled(tensorOf(x), recording(fired)).dataSync())),
    );
    const wrong = firstDifference(spikes, spikesOf(neuron, x));
    if (wrong !== undefined)
      return [written(x), `unrolled, O at ${placeOf(wrong, x.shape)} is ${spikes[wrong]}`];
    // the value of the smooth neuron, with the gradient of the spiking one
    const mixed = (input: Tensor) => {
      const own = neuron.spikes(input);
      const correction = noGrad(() => sub(unrolled(input.detach(), smooth(fired, surrogate)), own.detach()));
      return add(own, correction);
    };
    const { ok, worst, message } = compareGradients(mixed, [x]);
    if (ok || worst === undefined) return undefined;
    const [t, row, n] = worst.index;
    return [
      written(x),
      `dX at t = ${t}, row ${row}, neuron ${n}: ${message.slice(message.indexOf('backward'))}`,
    ];
  };
  return law(
    'gradient',
    'backward gives the central differences of the neuron with each step replaced by the smooth one whose derivative the surrogate is',
    currents,
    (x) => {
      const lines = broken(x);
      // at a kink of the surrogate or of φ differences mean nothing; a wrong gradient is wrong beside it too
      if (lines !== undefined) fc.pre(broken(beside(x)) !== undefined);
      return lines;
    },
  );
}
