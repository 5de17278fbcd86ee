// The gradient of a neuron of equations against central differences: of its current, its states before the first step
// and its learnable parameters. The step has none to compare with; its surrogate is the derivative of a smooth step S.
// So each spike O° = Θ(u°) of the run is replaced by the smooth step, moved to pass through it,
//
//   O(u) = O° + S(u) - S(u°),
//
// and what lets no gradient through (`detach`, comparisons, `floor`, the side of a bend) by what it is there. The
// neuron goes through the same values, is differentiable, and its differences are the gradient that backward has to
// give. All of it line by line in plain numbers.

import fc from 'fast-check';
import { learnablesOf, type NeuronModel } from '../../../neurons';
import type { TensorData } from '../../arbitraries';
import { inputCurrents } from '../../currents';
import { evaluate, weightsOf } from '../evaluate';
import { type Law, law } from '../law';
import { written } from '../neuron/numbers';
import { type Begun, begun, writtenStates } from './draws';
import { sequenceOf, taped } from './run';
import type { LawSetting } from './setting';
import { type Firing, unrolled } from './unrolled';
import { leafNames, leavesOf } from './ways';

/** Step of the differences, in units of what is moved. */
const STEP = 2 ** -20;
/** How far the currents are moved to tell a wrong gradient from a kink: there by so much more for each current. */
const MOVE = 2 ** -10 / Math.SQRT2;

/** Arguments and values of spikes and of what is held, in the order of the calls. */
type Record_ = [at: number, value: number][];

function recording(seen: Record_): Firing {
  const note = (at: number, value: number): number => {
    seen.push([at, value]);
    return value;
  };
  return { spike: note, hold: (value) => note(value, value) };
}

/** The smooth neuron through what was written down. */
function smooth(seen: Readonly<Record_>, { surrogate }: NeuronModel): Firing {
  let call = 0;
  return {
    spike(u) {
      const [at, value] = seen[call++]!;
      return value + surrogate.value(u) - surrogate.value(at);
    },
    hold: () => seen[call++]![1],
  };
}

/** Numbers of every leaf: currents, states, learnable parameters. */
type Leaves = readonly TensorData[];

/** Σ c·output of all outputs and last states of one neuron, as {@link evaluate} weighs them. */
function lossOf(promise: NeuronModel, leaves: Leaves, place: number, firing: Firing): number {
  const { states, outputs } = promise;
  const [x, ...others] = leaves as [TensorData, ...TensorData[]];
  const apart = x.shape[2]!;
  const at = ({ data }: TensorData): number => data[data.length === 1 ? 0 : place]!;
  const { values, last } = unrolled(
    promise,
    sequenceOf(x, place),
    others.slice(0, states.length).map(at),
    others.slice(states.length).map(at),
    firing,
  );
  let sum = 0;
  for (const [k, name] of outputs.entries()) {
    const weights = weightsOf(k, x.data.length);
    for (const [t, value] of values.get(name)!.entries()) sum += weights[t * apart + place]! * value;
  }
  for (const [k, value] of last.entries()) sum += weightsOf(outputs.length + k, apart)[place]! * value;
  return sum;
}

/** Central differences of all leaves' numbers, and how large the sums are that they are differences of. */
function differences(promise: NeuronModel, leaves: Leaves, steps: readonly number[]) {
  const places = Array.from({ length: leaves[0]!.shape[2]! }, (_, place) => place);
  const seen = places.map((place) => {
    const record: Record_ = [];
    lossOf(promise, leaves, place, recording(record));
    return record;
  });
  const loss = (moved: Leaves): number =>
    places.reduce((sum, place) => sum + lossOf(promise, moved, place, smooth(seen[place]!, promise)), 0);
  const numeric = leaves.map(({ data, shape }, k) =>
    data.map((value, i) => {
      const moved = (by: number) => leaves.with(k, { data: data.with(i, value + by), shape });
      return (loss(moved(steps[k]!)) - loss(moved(-steps[k]!))) / (2 * steps[k]!);
    }),
  );
  return { numeric, size: Math.abs(loss(leaves)) };
}

export function gradientLaw(setting: LawSetting): Law {
  const { subject, promise, drive } = setting;
  const { amount = 1, reach } = drive;
  const few = inputCurrents({ min: -2 * amount, max: 4 * amount, maxSteps: 4, maxBatch: 1, maxNeurons: 2 });
  const names = leafNames(setting);
  const sizes = [amount, ...reach, ...learnablesOf(promise).map(({ value }) => Math.abs(value) || 1)];
  const steps = sizes.map((size) => size * STEP);

  const broken = ({ x, initial }: Begun): string[] | undefined => {
    const leaves = leavesOf(setting, x, initial);
    const { gradients } = evaluate((...given) => taped(subject, promise, given), leaves);
    const { numeric, size } = differences(promise, leaves, steps);
    for (const [k, list] of numeric.entries()) {
      const largest = Math.max(...list.map(Math.abs));
      const rounding = (16 * Number.EPSILON * size) / steps[k]!;
      for (const [i, wanted] of list.entries()) {
        const got = gradients[k]![i]!;
        if (!Number.isFinite(wanted)) continue; // nothing to compare with
        if (Math.abs(got - wanted) <= 1e-3 * Math.abs(wanted) + 1e-5 * largest + rounding) continue;
        return [
          ...[written(x), ...writtenStates(initial)],
          `d ${names[k]}, number ${i}: backward gives ${got}, central differences ${wanted}`,
        ];
      }
    }
    return undefined;
  };
  const beside = ({ x, initial }: Begun): Begun => {
    const moved = ({ data, shape }: TensorData, by: number) => ({
      data: data.map((value, i) => value + (i + 1) * MOVE * by),
      shape,
    });
    return {
      x: moved(x, amount),
      initial: Object.fromEntries(
        promise.states.map(({ name }, k) => [name, moved(initial[name]!, -reach[k]! / 3)]),
      ),
    };
  };
  return law(
    'gradient',
    `backward gives the central differences of the neuron with each step replaced by the smooth one whose derivative the surrogate is, and with what is detached held: for ${names.join(', ')}`,
    begun(promise, drive, few),
    (drawn) => {
      const lines = broken(drawn);
      // at a kink differences mean nothing; a wrong gradient is wrong beside it too
      if (lines !== undefined) fc.pre(broken(beside(drawn)) !== undefined);
      return lines;
    },
  );
}
