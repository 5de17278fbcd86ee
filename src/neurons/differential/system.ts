// The lines of a text of differential equations: what is state, what a sub-expression, in whatever order they stand,
// and all their values from those of the states.

import { check } from '../../errors';
import type { Expr } from '../graph/expression';
import { adviceOn } from '../text/absent';
import type { TextFunction } from '../text/functions';
import { isTaken } from '../text/functions';
import { EquationError } from '../text/mistake';
import { expressionOf } from '../text/read';
import { type Equation, nodesOf } from '../text/syntax';

export type Values = Readonly<Record<string, Expr>>;
type Functions = Readonly<Record<string, TextFunction>>;

/** Names that differential equations have beside their own. */
export const KNOWN = ['x', 'dt', 'not_refractory'];
const RESERVED: Readonly<Record<string, string>> = {
  x: 'the input',
  dt: 'the length of a step',
  not_refractory: 'whether the neuron may fire',
  refractory: 'the count of refractory steps',
  spikes: "what the threshold makes: the spikes come from the option threshold, as in { threshold: 'v > 1' }",
};
/** Units as Brian2 multiplies numbers with them. */
const UNIT =
  /^([munpkMG]?(second|volt|amp|siemens|farad|ohm|metre|meter|mole?)s?|[munp][sVAFS]|k?Hz|[cu]m2?|Mohm)$/;

export interface System {
  readonly states: readonly string[];
  /** States that are marked `(unless refractory)`. */
  readonly held: readonly string[];
  /** Sub-expressions, each after those that it reads. */
  readonly parts: readonly string[];
  /** Names that the equations read. */
  readonly reads: ReadonlySet<string>;
  /** What to say of a name that has no meaning. */
  unknown(name: string): string;
  /** These values, and the sub-expressions that follow from them. */
  complete(values: Values, functions: Functions): Values;
  /** The derivatives of all states, from complete values. */
  derivatives(values: Values, functions: Functions): Expr[];
}

export const isDifferential = (equations: readonly Equation[]): boolean =>
  equations.some(({ kind }) => kind === 'derivative');

/** @throws EquationError for lines that do not belong here, names that are taken, and sub-expressions in a circle */
export function systemOf(
  text: string,
  equations: readonly Equation[],
  parameters: readonly string[],
): System {
  const fail = (span: { start: number; end: number }, mistake: string): never => {
    throw new EquationError(text, span, mistake);
  };
  for (const name of parameters)
    check(
      !Object.hasOwn(RESERVED, name),
      'neuron',
      () =>
        `parameters names ${name}, which is ${name === 'dt' ? 'an option of its own: { dt: 0.5 }' : 'taken: take another name'}`,
    );
  const derivatives = equations.filter(({ kind }) => kind === 'derivative');
  const assignments = equations.filter(({ kind }) => kind === 'assignment');
  const states = derivatives.map(({ name }) => name);
  const lineOf = ({ nameSpan }: Equation): number => text.slice(0, nameSpan.start).split('\n').length;
  const seen = new Map<string, Equation>();
  const inReset = "what a spike does is written in the option reset, as in { reset: 'v = 0' }";
  // derivatives first, so that of two lines for one name the assignment is the one that is told
  for (const equation of [...derivatives, ...assignments]) {
    const { name, nameSpan, kind, isUpdate, value } = equation;
    const before = seen.get(name);
    if (Object.hasOwn(RESERVED, name)) fail(nameSpan, mixture(name, RESERVED[name]!));
    if (isTaken(name)) fail(nameSpan, `${name} has a meaning already: take another name`);
    if (parameters.includes(name)) fail(nameSpan, `${name} is a parameter and cannot be assigned`);
    if (before?.kind === 'derivative' && kind === 'assignment')
      fail(nameSpan, `${name} has a differential equation, in line ${lineOf(before)}: ${inReset}`);
    if (before !== undefined) fail(nameSpan, `${name} is given twice, in line ${lineOf(before)} too`);
    if (isUpdate) fail(nameSpan, `${name} is no state that could be changed: ${inReset}`);
    seen.set(name, equation);
    for (const node of nodesOf(value))
      if (node.kind === 'call' && node.name === 'spike')
        fail(
          node.nameSpan,
          "spike() belongs to equations of one step, and these are differential equations: give the option threshold, as in { threshold: 'v > 1' }",
        );
  }
  for (const { kind, name, nameSpan, flags } of equations) {
    const own = seen.get(name);
    if (kind === 'declaration' && own !== undefined)
      fail(nameSpan, `${name} is given twice, in line ${lineOf(own)} too`);
    // Brian2's way to have an input
    if (kind === 'declaration' && name !== 'x' && !parameters.includes(name))
      fail(nameSpan, `${name} is declared and has no value: give it in parameters, as in { ${name}: 1 }`);
    for (const flag of flags)
      if (flag.words !== (kind === 'derivative' ? 'unless refractory' : 'constant'))
        fail(flag, `(${flag.words}) is not taken${kind === 'derivative' ? '; (unless refractory) is' : ''}`);
  }
  const names = [...KNOWN, ...parameters, ...states, ...assignments.map(({ name }) => name)];
  const reads = new Set(
    [...derivatives, ...assignments].flatMap(({ value }) =>
      [...nodesOf(value)].flatMap((node) => (node.kind === 'name' ? [node.name] : [])),
    ),
  );
  const unknown = (name: string): string => {
    const advice = UNIT.test(name)
      ? '; there are no units: give every number in the unit of dt'
      : name === 'spikes'
        ? `; ${inReset}`
        : adviceOn(name, names);
    return `${name} is no parameter, no state and no sub-expression${advice}`;
  };
  const ordered = inOrderOfUse(text, assignments);
  const read = (equation: Equation, values: Values, functions: Functions): Expr =>
    expressionOf(equation.value, { text, values, functions, unknown });
  return {
    states,
    held: derivatives.filter(({ flags }) => flags.length > 0).map(({ name }) => name),
    parts: ordered.map(({ name }) => name),
    reads,
    unknown,
    complete(values, functions) {
      const all: Record<string, Expr> = { ...values };
      for (const equation of ordered) all[equation.name] = read(equation, all, functions);
      return all;
    },
    derivatives: (values, functions) => derivatives.map((equation) => read(equation, values, functions)),
  };
}

const mixture = (name: string, what: string): string =>
  name === 'spikes' ? `${name} is ${what}` : `${name} is ${what} and cannot be assigned`;

/** Each after those that it reads. */
function inOrderOfUse(text: string, assignments: readonly Equation[]): Equation[] {
  const byName = new Map(assignments.map((equation) => [equation.name, equation]));
  const needs = new Map(
    assignments.map((equation) => [
      equation,
      [...nodesOf(equation.value)].flatMap((node) =>
        node.kind === 'name' ? (byName.get(node.name) ?? []) : [],
      ),
    ]),
  );
  const done = new Set<Equation>();
  const open = new Set<Equation>();
  // no recursion: there may be more lines than the stack is deep
  const stack = [...assignments].reverse();
  while (stack.length > 0) {
    const equation = stack.at(-1)!;
    const missing = needs.get(equation)!.filter((other) => !done.has(other));
    if (missing.length === 0) {
      done.add(equation);
      stack.pop();
      continue;
    }
    const circle = missing.find((other) => other === equation || open.has(other));
    if (circle !== undefined) throw new EquationError(text, circle.nameSpan, ofItself(circle.name));
    open.add(equation);
    stack.push(...missing);
  }
  return [...done];
}

const ofItself = (name: string): string =>
  `${name} is made of itself, as in equations of one step; among differential equations what has a past is one, d${name}/dt = …, and what a spike does to it stands in the option reset`;
