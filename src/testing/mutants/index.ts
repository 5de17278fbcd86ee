// Neurons that are wrong on purpose: small changes to a neuron's equations, to see whether one's tests catch them.

import { SpikegradError } from '../../errors';
import {
  aNeuronModel,
  learnable,
  type NeuronModel,
  type NeuronOptions,
  type NumberFunction,
  neuron,
  valuesOfStep,
} from '../../neurons';
import { inOrder } from '../../neurons/graph/expression';
import { print } from '../../neurons/graph/print';
import { parseEquations } from '../../neurons/text/lines';
import { parseExpression } from '../../neurons/text/parse';
import type { Equation } from '../../neurons/text/syntax';
import { checkKind, takesNoMore } from '../../options';
import { editsOf, type Names } from './edits';
import { isSame } from './same';
import { lineOf, written } from './write';

/** What was changed. */
export type MutantKind =
  | 'sign'
  | 'operator'
  | 'constant'
  | 'comparison'
  | 'dropped'
  | 'reset'
  | 'detach'
  | 'function'
  | 'name'
  | 'order'
  | 'line'
  | 'start'
  | 'surrogate';

/** A neuron with one small change. */
export interface NeuronMutant {
  readonly kind: MutantKind;
  /** What was changed, such as `line 3, sign: v = h*(1 - spikes) → v = h*(1 + spikes)`. */
  readonly description: string;
  readonly neuron: NeuronModel;
}

/** A change before it is known whether it gives a neuron. */
interface Change {
  readonly kind: MutantKind;
  readonly description: string;
  readonly lines: readonly string[];
  readonly options?: Partial<NeuronOptions>;
}

/**
 * Small changes to a neuron's equations, one in each: a sign, an operator, a constant, a comparison turned or moved to
 * its edge, a term, factor or reset dropped, a gradient cut off or let through, a function taken off or exchanged, a
 * value taken from before the step, the order of lines, a line, a start, the surrogate. What would be the same neuron
 * is left out, and what would be none.
 *
 * ```ts
 * for (const { neuron, description } of mutantsOf(mine))
 *   expect(() => myTests(neuron), description).toThrow();
 * ```
 *
 * @param model what `neuron()` makes
 * @returns the changed neurons, in the order of the lines
 */
export function mutantsOf(model: NeuronModel, ...more: readonly unknown[]): NeuronMutant[] {
  checkKind('mutantsOf', 'neuron', aNeuronModel, model);
  takesNoMore('mutantsOf', more);
  const { equations, functions } = sourceOf(model);
  const seen = new Set<string>();
  return [...changesOf(model, equations)].flatMap(({ kind, description, lines, options }) => {
    const text = lines.join('\n');
    const key = options === undefined ? text : description;
    if (seen.has(key)) return [];
    seen.add(key);
    const changed = attempt(text, { ...optionsOf(model, text), functions, ...options });
    if (changed === undefined) return [];
    if (kind !== 'surrogate' && isSame(model, changed)) return [];
    return [{ kind, description, neuron: changed }];
  });
}

/** The neuron, or undefined where the text gives none. */
function attempt(text: string, options: NeuronOptions): NeuronModel | undefined {
  try {
    return neuron(text, options);
  } catch (error) {
    if (error instanceof SpikegradError) return undefined;
    throw error;
  }
}

type Functions = NonNullable<NeuronOptions['functions']>;

/** The lines that are changed: as they were written, or as the neuron computes them where it was written otherwise. */
function sourceOf(model: NeuronModel): { readonly equations: Equation[]; readonly functions: Functions } {
  const functions = model.functions as Functions;
  if (model.text !== undefined) {
    const again = attempt(model.text, { ...optionsOf(model, model.text), functions });
    if (again !== undefined && isSame(model, again))
      return { equations: parseEquations(model.text), functions };
  }
  const custom = inOrder(model.assigned.map(({ value }) => value)).flatMap((e) => e.custom ?? []);
  return {
    equations: parseEquations(print(valuesOfStep(model))),
    functions: Object.fromEntries(custom.map((f) => [f.name, f])),
  };
}

/** What the neuron was made with beside its text, as far as the text names it. */
function optionsOf(model: NeuronModel, text: string): NeuronOptions {
  const { parameters, states, outputs, differential } = model;
  const beside = differential === undefined ? {} : besideOf(differential);
  const all = [text, ...Object.values(beside)].join('\n');
  const isNamed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(all);
  return {
    ...beside,
    surrogate: differential?.surrogate ?? model.surrogate,
    outputs,
    start: Object.fromEntries(states.flatMap(({ name, start }) => (start === 0 ? [] : [[name, start]]))),
    parameters: Object.fromEntries(
      parameters.flatMap(({ name, value, learnable: own }) =>
        isNamed(name) ? [[name, own === undefined ? value : learnable(value, own)]] : [],
      ),
    ),
  };
}

type Differential = NonNullable<NeuronModel['differential']>;

/** What stands beside differential equations. */
function besideOf(source: Differential): Partial<NeuronOptions> {
  const { threshold, reset, refractory, hold, dt, method, detachReset, width } = source;
  return {
    threshold,
    reset,
    refractory,
    hold,
    dt,
    method,
    detachReset,
    ...(threshold !== undefined && { width }),
  };
}

/** Changes of the threshold, the reset, the refractory time and what goes back through the reset. */
function* changesBeside(
  { threshold, reset, refractory, detachReset }: Differential,
  lines: readonly string[],
): Generator<Change> {
  const names: Names = { spikes: new Set(), isState: false, states: [], assigned: new Set() };
  if (threshold !== undefined)
    for (const { kind, node } of editsOf(parseExpression(threshold), names)) {
      const changed = written(node);
      const description = `threshold, ${kind}: ${threshold} → ${changed}`;
      yield { kind, description, lines, options: { threshold: changed } };
    }
  if (reset === undefined) return;
  const statements = parseEquations(reset);
  const texts = statements.map(lineOf);
  for (const [i, statement] of statements.entries()) {
    const description = `reset: ${texts[i]} is gone`;
    yield {
      kind: 'reset',
      description,
      lines,
      options: { reset: texts.toSpliced(i, 1).join('; ') || undefined },
    };
    for (const { kind, node } of editsOf(statement.value, names)) {
      const line = lineOf({ ...statement, value: node });
      const changed = texts.with(i, line).join('; ');
      yield {
        kind,
        description: `reset, ${kind}: ${texts[i]} → ${line}`,
        lines,
        options: { reset: changed },
      };
    }
  }
  if (typeof refractory === 'number' && refractory > 0)
    yield {
      kind: 'constant',
      description: `refractory: ${refractory} → ${refractory - 1} steps`,
      lines,
      options: { refractory: refractory - 1 },
    };
  yield {
    kind: 'detach',
    description: `reset: ${detachReset ? 'with' : 'without'} gradient`,
    lines,
    options: { detachReset: !detachReset },
  };
}

function* changesOf(model: NeuronModel, equations: readonly Equation[]): Generator<Change> {
  const lines = equations.map(lineOf);
  const states = model.states.map(({ name }) => name);
  const spikes = new Set(
    equations.flatMap(({ name, value }) => (value.kind === 'call' && value.name === 'spike' ? [name] : [])),
  );
  const assigned = new Set<string>();
  for (const [i, equation] of equations.entries()) {
    const { name } = equation;
    const names: Names = { spikes, isState: states.includes(name), states, assigned };
    for (const { kind, node } of editsOf(equation.value, names)) {
      const line = lineOf({ ...equation, value: node });
      const description = `line ${i + 1}, ${kind}: ${lines[i]} → ${line}`;
      yield { kind, description, lines: lines.with(i, line) };
    }
    if (!spikes.has(name) && !states.includes(name)) assigned.add(name);
  }
  // derivatives are all of one moment: their order means nothing, and a state without one is none
  if (model.differential === undefined) yield* changesOfLines(lines);
  else yield* changesBeside(model.differential, lines);
  yield* changesOfNumbers(model, lines);
}

function* changesOfLines(lines: readonly string[]): Generator<Change> {
  for (let i = 0; i + 1 < lines.length; i++) {
    const [first, second] = [lines[i]!, lines[i + 1]!];
    yield {
      kind: 'order',
      description: `lines ${i + 1} and ${i + 2}, order: ${second} comes before ${first}`,
      lines: lines.with(i, second).with(i + 1, first),
    };
  }
  for (const [i, line] of lines.entries())
    yield { kind: 'line', description: `line ${i + 1} is gone: ${line}`, lines: lines.toSpliced(i, 1) };
}

/** Another number than n, near it. */
const beside = (n: number): number => (n === 0 ? 1 : 1.25 * n);

function* changesOfNumbers(model: NeuronModel, lines: readonly string[]): Generator<Change> {
  const { parameters } = optionsOf(model, lines.join('\n'));
  for (const { name, value, learnable: own } of model.parameters) {
    if (!Object.hasOwn(parameters!, name)) continue;
    const other = beside(value);
    yield {
      kind: 'constant',
      description: `constant: ${name} = ${value} → ${other}`,
      lines,
      options: { parameters: { ...parameters, [name]: own === undefined ? other : learnable(other, own) } },
    };
  }
  const start = Object.fromEntries(model.states.map((state) => [state.name, state.start]));
  for (const { name, start: value } of model.states)
    yield {
      kind: 'start',
      description: `start: ${name} begins at ${value} → ${beside(value)}`,
      lines,
      options: { start: { ...start, [name]: beside(value) } },
    };
  if (inOrder(model.assigned.map(({ value }) => value)).some(({ op }) => op === 'spike'))
    yield {
      kind: 'surrogate',
      description: 'surrogate: twice its slope',
      lines,
      options: { surrogate: twice(model.differential?.surrogate ?? model.surrogate) },
    };
}

function twice({ name, value, derivative }: NumberFunction): NumberFunction {
  return { name: `twice ${name}`, value: (u) => 2 * value(u), derivative: (u) => 2 * derivative(u) };
}
