// What becomes of a neuron, in words and equations: what it starts from, its step as it is computed, what its reset
// does to the gradient, the way back, and what each backend makes of it.

import { checkKind, takesNoMore } from '../options';
import { differentialInWords } from './differential/explain';
import { derive, deriveNamed, ownFunctions } from './graph/derive';
import { type Expr, formulaIn, inOrder, isCondition, leaf, type NumberFunction } from './graph/expression';
import { print } from './graph/print';
import { Simplifier } from './graph/simplify';
import { lower } from './lower';
import { aNeuronModel, fires, learnablesOf, type NeuronModel } from './model';

/**
 * A neuron as it is run, for reading: states, parameters, the equations after simplification in their order, what the
 * reset's gradient does, the derived way back through time, what is kept for it, and what each backend makes of it.
 */
export function explain(model: NeuronModel): string;
export function explain(model: NeuronModel, ...more: unknown[]): string {
  takesNoMore('explain', more);
  checkKind('explain', 'model', aNeuronModel, model);
  const exact = deriveNamed(model);
  const { states, parameters, assigned } = model;
  const parts = learnablesOf(model).map(({ name }) => name);
  const after = (name: string): string => `d_${name}`;
  const backward = print(
    [
      { name: 'd_x', value: exact.dx },
      ...states.map(({ name }, k) => ({ name: `${after(name)}_before`, value: exact.dState[k]! })),
      ...parts.map((name, k) => ({ name: `d_${name}`, value: exact.dParameter[k]! })),
    ],
    ({ name }) =>
      name
        .replace(/^gradient output /, 'g_')
        .replace(/^gradient state /, 'd_')
        .replace(/^\w+ /, ''),
  );
  return [
    section(
      'states',
      states.map(({ name, start }) => `${name} starts at ${start}`),
    ),
    section('parameters', parameters.map(parameterInWords)),
    ...(model.differential === undefined
      ? []
      : [section('differential equations', differentialInWords(model.differential, hasNamed(model)))]),
    section('step, in this order; x is the input', lines(print(assigned)).map(minus)),
    section('comes out', [model.outputs.join(', ')]),
    ...(fires(model) ? [section('spikes', spikesInWords(model))] : []),
    section(
      'back in time, with g of what came out and d of the states after the step',
      lines(backward).map(minus),
    ),
    section('backends', backendsInWords(model)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const lines = (text: string): string[] => text.split('\n');
/** A sum with a negative number as people write it. */
const minus = (line: string): string => line.replaceAll(/ \+ -(?=[\d.])/g, ' - ');
const section = (title: string, body: readonly string[]): string =>
  body.length === 0 ? '' : `${title}\n${body.map((line) => `  ${line}`).join('\n')}`;

function parameterInWords({ name, value, learnable }: NeuronModel['parameters'][number]): string {
  if (learnable === undefined) return `${name} = ${value}`;
  const what = learnable.per === 'channel' ? 'one a channel' : 'one for the layer';
  return `${name} is learnt, ${what}, and starts at ${value}${learnable.decay ? '; weight decay pulls it to 0' : ''}`;
}

const simple = (e: Expr): Expr => new Simplifier(false).rebuild([e])[0]!;

/** The surrogate, and what the gradient of a spike does to the states behind it. */
function spikesInWords({ surrogate, states: all, differential }: NeuronModel): string[] {
  const formula = formulaIn(surrogate);
  const u = leaf('u', 'neuron');
  const slope =
    formula === undefined
      ? 'a function of JavaScript'
      : print([{ name: 's(u)', value: simple(formula.derivative(u)) }]);
  // what counts refractory steps has no gradient anyway
  const states = all.filter(({ name }) => differential === undefined || name !== 'refractory');
  const through = states.filter(({ next }) => reachesSpike(next)).map(({ name }) => name);
  const cut = states
    .filter(({ name, next }) => !through.includes(name) && hasSpike(next))
    .map(({ name }) => name);
  return [
    `surrogate ${named(surrogate)}: ${slope}`,
    ...(through.length > 0
      ? [`the gradient of ${through.join(' and ')} goes back through the spike (reset)`]
      : []),
    ...(cut.length > 0 ? [`that of ${cut.join(' and ')} is cut off from the spike by detach`] : []),
  ];
}

function named({ name, parameters = {} }: NumberFunction): string {
  const constants = Object.entries(parameters).map(([key, value]) => `${key} ${value}`);
  return [name, ...(constants.length > 0 ? [`(${constants.join(', ')})`] : [])].join(' ');
}

/** Whether some values of the step go by a name alone. */
const hasNamed = ({ assigned }: NeuronModel): boolean =>
  inOrder(assigned.map(({ value }) => value)).some(({ op }) => op === 'known');

const hasSpike = (e: Expr): boolean => inOrder([e]).some(({ op }) => op === 'spike');

/** Whether a spike is below e with no detach on the way. */
function reachesSpike(e: Expr): boolean {
  const seen = new Set<Expr>();
  const reaches = (at: Expr): boolean => {
    if (at.op === 'spike') return true;
    if (at.op === 'detach' || isCondition(at) || seen.has(at)) return false;
    seen.add(at);
    return at.args.some(reaches);
  };
  return reaches(e);
}

/** Operations that are computed for each neuron and step. */
const operations = (roots: readonly Expr[]): number =>
  inOrder(roots).filter(({ op }) => op !== 'leaf' && op !== 'number').length;

function backendsInWords(model: NeuronModel): string[] {
  const derived = derive(model, true);
  const { outputs, next, dx, dState, dParameter } = derived;
  const forward = operations([...outputs, ...next]);
  const back = operations([dx, ...dState, ...dParameter]);
  const loops = `cpu: ${forward} loops a step forward, ${back} back`;
  const [own] = ownFunctions(derived);
  const lowered = lower(model);
  if (lowered === undefined) {
    const why = own === undefined ? 'log has no instruction' : `${own} is a function of JavaScript`;
    return [loops, `wasm: the same loops, in one thread, since ${why}`, gpuInWords(own)];
  }
  const kept = lowered.saved.length;
  const count = operations([...lowered.outputs, ...lowered.next]);
  const simd = `wasm: four neurons at once, ${count} operation${count === 1 ? '' : 's'} a step forward`;
  return [
    loops,
    `${simd}; back it computes forward once more and keeps ${kept} ${kept === 1 ? 'value' : 'values'} a step`,
    gpuInWords(own),
  ];
}

const gpuInWords = (own: string | undefined): string =>
  own === undefined
    ? 'gpu: one kernel forward and one back, all steps in each'
    : `gpu: refused, since ${own} is a function of JavaScript`;
