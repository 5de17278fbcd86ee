// What the equations of a neuron promise, read from the equations: which values a spike can have, what it resets, how
// long it blocks the next one, and what decays between spikes.

import { type Expr, learnablesOf, type NeuronModel, outputsOf, type State } from '../../../neurons';
import { gradients } from '../../../neurons/graph/differentiate';
import { inOrder, number } from '../../../neurons/graph/expression';
import { Simplifier } from '../../../neurons/graph/simplify';
import { evaluate, valueAt } from '../../../neurons/graph/value';
import { learntOf, startsOf, unrolled } from './unrolled';
import { type PutIn, putIn } from './words';

/** What comes out first: the spikes, or what a read-out gives. */
export const firstOutput = (model: NeuronModel): string => model.outputs[0]!;

/** Whether e is made of a spike. */
export const hearsSpike = (e: Expr): boolean => inOrder([e]).some(({ op }) => op === 'spike');

/** Whether anything that comes out is made of spikes. */
export const fires = (model: NeuronModel): boolean => outputsOf(model).some(({ value }) => hearsSpike(value));

/** More than this many is "of any size". */
const MOST_LEVELS = 16;

/** Every value that e can have, ascending, where these are a few; undefined where they are not. */
export function levelsOf(e: Expr): number[] | undefined {
  const of = (at: Expr): readonly number[] | undefined => {
    if (at.op === 'number') return [at.value];
    if (['spike', 'lt', 'le', 'gt', 'ge', 'and', 'or', 'not'].includes(at.op)) return [0, 1];
    if (at.op === 'select') {
      const [b, c] = [of(at.args[1]!), of(at.args[2]!)];
      return b && c && distinct([...b, ...c]);
    }
    if (!['add', 'sub', 'mul', 'neg', 'detach', 'max', 'min'].includes(at.op)) return undefined;
    const a = of(at.args[0]!);
    const b = at.args.length === 1 ? [0] : of(at.args[1]!);
    if (a === undefined || b === undefined) return undefined;
    return distinct(
      a.flatMap((p) => b.map((q) => valueAt(at, new Map(at.args.map((arg, i) => [arg, i === 0 ? p : q]))))),
    );
  };
  return of(putIn([e], {})[0]!)?.slice();
}

function distinct(values: readonly number[]): number[] | undefined {
  // the sum takes the sign off a zero
  const levels = [...new Set(values.map((value) => value + 0))].sort((a, b) => a - b);
  return levels.length > MOST_LEVELS ? undefined : levels;
}

/** States that follow from themselves and the spikes alone: they count time. */
export function clocksOf(model: NeuronModel): State[] {
  const isOwn = ({ leaf, next }: State): boolean =>
    [0, 1].every((spike) =>
      inOrder(putIn([next], { spike })).every(
        ({ op, name }) => op !== 'leaf' || name === leaf.name || name.startsWith('parameter '),
      ),
    );
  return model.states.filter(isOwn);
}

/** Values of the learnable parameters where they start. */
const learnt = (model: NeuronModel): [string, number][] =>
  learnablesOf(model).map(({ leaf }, k) => [leaf.name, learntOf(model)[k]!]);

/** The longest refractory time that is looked for. */
const LONGEST = 1000;

/**
 * Steps after a spike in which no input makes another, by the equations; 0 where there are none. States that a spike
 * sets to numbers are followed as long as these alone keep the next one from firing.
 */
export function refractorySteps(model: NeuronModel): number {
  if (!fires(model)) return 0;
  const output = outputsOf(model)[0]!.value;
  const step = (known: ReadonlyMap<string, number>, spike: number): Map<string, number> => {
    const next = putIn(
      model.states.map((state) => state.next),
      { spike, leaves: new Map([...learnt(model), ...known]) },
    );
    return new Map(
      model.states.flatMap(({ leaf }, k) =>
        next[k]!.op === 'number' ? [[leaf.name, next[k]!.value] as const] : [],
      ),
    );
  };
  const isBlocked = (known: ReadonlyMap<string, number>): boolean => {
    const [given] = putIn([output], { leaves: new Map([...learnt(model), ...known]) });
    const silent = new Simplifier(false).rebuild([given!], (e, [u]) =>
      e.op === 'spike' && u!.op === 'number' ? number(evaluate(e, [u!.value])) : undefined,
    )[0]!;
    return silent.op === 'number' && silent.value === 0;
  };
  let known = step(new Map(), 1);
  let steps = 0;
  while (steps < LONGEST && isBlocked(known)) {
    steps++;
    known = step(known, 0);
  }
  return steps;
}

/** States that decay linearly where nothing fires and nothing comes in: next = A·now + b. */
export interface Decay {
  readonly states: readonly State[];
  readonly matrix: readonly (readonly number[])[];
  readonly offset: readonly number[];
  /** What stands for spikes, input and resting clocks in the lines. */
  readonly given: PutIn;
}

/** The largest set of states that decay linearly by themselves, where what counts time is at rest. */
export function decayOf(model: NeuronModel): Decay {
  const free = linearStates(model, model.states, { spike: 0, leaves: new Map([['x', 0]]) });
  const resting = clocksOf(model).filter((state) => !free.includes(state) && rests(model, state));
  const leaves = new Map([
    ['x', 0] as const,
    ...resting.map(({ leaf, start }) => [leaf.name, start] as const),
  ]);
  const given: PutIn = { spike: 0, leaves };
  const others = model.states.filter((state) => !resting.includes(state));
  const states = linearStates(model, others, given);
  const at = (e: Expr, values: ReadonlyMap<string, number>): number =>
    putIn([e], { spike: 0, leaves: new Map([...learnt(model), ...leaves, ...values]) })[0]!.value;
  const zero = new Map(states.map(({ leaf }) => [leaf.name, 0]));
  const offset = states.map(({ next }) => at(next, zero));
  const matrix = states.map(({ next }, k) =>
    states.map(({ leaf }) => at(next, new Map([...zero, [leaf.name, 1]])) - offset[k]!),
  );
  return { states, matrix, offset, given };
}

/** Whether a state stays where it starts while nothing fires. */
function rests(model: NeuronModel, { leaf, next, start }: State): boolean {
  const leaves = new Map([...learnt(model), [leaf.name, start] as const]);
  const [after] = putIn([next], { spike: 0, leaves });
  return after!.op === 'number' && after!.value === start;
}

/** Those of the states whose next value is linear in them and in nothing else. */
function linearStates(model: NeuronModel, among: readonly State[], given: PutIn): State[] {
  const parameters = new Map(learnt(model));
  const lines = new Map(among.map((state) => [state, putIn([state.next], given)[0]!]));
  let states = [...among];
  for (;;) {
    const own = new Set(states.map(({ leaf }) => leaf.name));
    const kept = states.filter((state) => {
      const line = lines.get(state)!;
      const leaves = stateLeaves(line);
      if (isBent(line) || leaves.some(({ name }) => !own.has(name))) return false;
      const slopes = gradients([{ root: line, seed: number(1) }], leaves);
      return putIn(slopes, { leaves: parameters }).every(({ op }) => op === 'number');
    });
    if (kept.length === states.length) return kept;
    states = kept;
  }
}

const stateLeaves = (e: Expr): Expr[] =>
  inOrder([e]).filter(({ op, name }) => op === 'leaf' && name.startsWith('state '));

/** Whether e has pieces that are straight on either side of a bend. */
const isBent = (e: Expr): boolean =>
  inOrder([e]).some(
    ({ op, args }) =>
      ['select', 'min', 'max', 'abs', 'floor', 'lt', 'le', 'gt', 'ge', 'custom'].includes(op) &&
      args.some((a) => stateLeaves(a).length > 0),
  );

/** Whether nothing moves where nothing comes in: every state stays where it starts, and nothing fires. */
export function isAtRest(model: NeuronModel): boolean {
  const { values, last } = unrolled(model, [0]);
  const starts = startsOf(model);
  const still = last.every((value, k) => value === starts[k]);
  return still && (!fires(model) || values.get(firstOutput(model))![0] === 0);
}

/** States whose next value hears of a spike, clocks among them. */
export const resetStates = (model: NeuronModel): State[] =>
  model.states.filter(({ next }) => hearsSpike(next));
