// Differential equations as one step of a neuron, in a fixed order: the states are integrated with the step's input,
// the threshold is compared with what they have become, a spike resets them. What comes of it is a neuron like those
// of assignments, and everything behind it knows no difference.

import { check } from '../../errors';
import { suggestion } from '../../options';
import type { Expr, NumberFunction, SpikeSlope } from '../graph/expression';
import * as E from '../graph/expression';
import { firing, where } from '../graph/firing';
import { Simplifier } from '../graph/simplify';
import type { Assigned, Parameter, State } from '../model';
import { startOf } from '../parts';
import type { TextFunction } from '../text/functions';
import type { Equation } from '../text/syntax';
import { decaysOf } from './decays';
import { type Derivatives, type IntegrationMethod, linear, stepBy } from './methods';
import { reset } from './reset';
import type { DifferentialSource } from './source';
import { spikeTextsOf } from './spikes';
import { type System, systemOf, type Values } from './system';
import { distanceOf, hasOwnWidth, widened } from './width';

/** What `neuron()` was given, read and checked. */
export interface DifferentialGiven {
  readonly text: string;
  readonly equations: readonly Equation[];
  readonly parameters: readonly Parameter[];
  readonly functions: Readonly<Record<string, TextFunction>>;
  readonly surrogate: NumberFunction;
  readonly start: Readonly<Record<string, number>>;
  readonly threshold: string | undefined;
  readonly reset: string | undefined;
  readonly refractory: number | string;
  readonly hold: readonly string[];
  readonly dt: number;
  readonly method: IntegrationMethod | undefined;
  readonly detachReset: boolean;
  readonly width: number | undefined;
}

export interface DifferentialStep {
  readonly x: Expr;
  readonly states: readonly State[];
  readonly assigned: readonly Assigned[];
  /** As wide as it is taken. */
  readonly surrogate: NumberFunction;
  readonly differential: DifferentialSource;
  /** Names that equations, threshold or reset read. */
  readonly reads: ReadonlySet<string>;
}

/** @throws EquationError at the place of a mistake in equations, threshold or reset */
export function differentialStep(
  given: DifferentialGiven,
  slopeOf: (surrogate: NumberFunction) => SpikeSlope,
): DifferentialStep {
  const { functions, start, dt, parameters } = given;
  const names = parameters.map(({ name }) => name);
  const system = systemOf(given.text, given.equations, names);
  const texts = spikeTextsOf(given, system);
  const held = heldOf(given, system);
  const x = E.leaf('x', 'neuron');
  const leaves = system.states.map((name) => E.leaf(`state ${name}`, 'neuron'));
  const counter = E.leaf('state refractory', 'neuron');
  const own = Object.fromEntries(parameters.map(({ name, leaf }) => [name, leaf]));
  const starts = new Map(parameters.map(({ leaf, value }) => [leaf, value]));
  const named = (states: readonly Expr[]) =>
    Object.fromEntries(states.map((state, i) => [system.states[i]!, state]));
  const fixed = { ...own, x, dt: E.number(dt) };
  const blocked = texts.blocked(
    () => system.complete({ ...fixed, ...named(leaves) }, functions),
    functions,
    counter,
  );
  const base: Values = { ...fixed, not_refractory: blocked === undefined ? E.number(1) : E.not(blocked) };
  const complete = (states: readonly Expr[]): Values =>
    system.complete({ ...base, ...named(states) }, functions);

  const slopes: Derivatives = {
    names: system.states,
    states: leaves,
    x,
    dt,
    starts,
    at: (states) => system.derivatives(complete(states), functions),
  };
  const line = linear(slopes);
  const method = given.method ?? (line === undefined ? 'exponentialEuler' : 'exact');
  const integrated = holding(method, slopes, blocked, held);

  const before = complete(leaves);
  const after = complete(integrated);
  const rest = { line, start, leaves, starts, x, counter, states: system.states };
  const margin = texts.margin(before, functions);
  const membrane = margin && membraneOf(margin, system, leaves, names);
  texts.checkThreshold(margin === undefined || membrane !== undefined);
  const found = margin && membrane && distanceOf(margin, system.states.indexOf(membrane.name), rest);
  const { distance, level } = found ?? { distance: undefined, level: undefined };
  const isFree = given.width === undefined && !hasOwnWidth(given.surrogate);
  const width = given.width ?? (isFree ? (distance ?? 1) : 1);
  const surrogate = widened(given.surrogate, width);
  const parts = system.parts.map((name) => ({ name, value: before[name]! }));
  const fired = texts.condition(after, functions);
  const finish = (assigned: readonly Assigned[], next: readonly Expr[]): DifferentialStep => {
    const all = [...assigned.map(({ value }) => value), ...next];
    const simple = new Simplifier(false).rebuild(all);
    const every = next.length > leaves.length ? [...leaves, counter] : leaves;
    const stateNames = [...system.states, 'refractory'];
    return {
      x,
      surrogate,
      states: every.map((leaf, k) => ({
        name: stateNames[k]!,
        start: startOf(start, stateNames[k]!),
        leaf,
        next: simple[assigned.length + k]!,
      })),
      assigned: assigned.map(({ name }, k) => ({ name, value: simple[k]! })),
      differential: sourceOf(given, {
        method,
        width,
        held,
        membrane,
        distance,
        level,
        decays: decaysOf(slopes),
      }),
      reads: new Set([...system.reads, ...texts.reads]),
    };
  };
  if (fired === undefined || membrane === undefined)
    return finish([...parts, ...system.states.map((name) => ({ name, value: after[name]! }))], integrated);

  const free = firing(fired, slopeOf(surrogate));
  const spikes = blocked === undefined ? free : where(E.not(blocked), free);
  const gate = given.detachReset ? E.detach(spikes) : spikes;
  const last = texts.reset === undefined ? after : reset(texts.reset, system, after, functions, gate);
  const next = system.states.map((name) => last[name]!);
  return finish(
    [
      ...parts,
      { name: membrane.charged, value: after[membrane.name]! },
      { name: 'spikes', value: spikes },
      ...system.states.map((name, i) => ({ name, value: next[i]! })),
    ],
    blocked === undefined ? next : [...next, texts.counted(spikes, blocked, counter)],
  );
}

/** The states after a step, in which some stand still while the neuron is refractory. */
function holding(
  method: IntegrationMethod,
  slopes: Derivatives,
  blocked: Expr | undefined,
  held: readonly string[],
): Expr[] {
  const free = stepBy(method, slopes);
  if (blocked === undefined || held.length === 0) return free;
  const stands = slopes.names.map((name) => held.includes(name));
  const still = stepBy(method, {
    ...slopes,
    names: slopes.names.map((name) => `${name}_held`),
    at: (states) => slopes.at(states).map((slope, i) => (stands[i] ? E.number(0) : slope)),
  });
  return free.map((next, i) => E.select(blocked, stands[i] ? slopes.states[i]! : still[i]!, next));
}

function heldOf({ hold }: DifferentialGiven, { held, states }: System): string[] {
  for (const name of hold)
    check(
      states.includes(name),
      'neuron',
      () =>
        `hold names ${name}, which is no state${suggestion(name, states)}; states are ${states.join(', ')}`,
    );
  return [...new Set([...held, ...hold])];
}

/** The state that the threshold looks at first, and what its value before the reset is called. */
function membraneOf(
  margin: Expr,
  { states, parts }: System,
  leaves: readonly Expr[],
  parameters: readonly string[],
): NonNullable<DifferentialSource['membrane']> | undefined {
  const found = E.inOrder([margin]).find((e) => leaves.includes(e));
  if (found === undefined) return undefined;
  const name = states[leaves.indexOf(found)]!;
  const isTaken = [...states, ...parts, ...parameters].includes('h');
  return { name, charged: isTaken ? `${name}_charged` : 'h' };
}

type Found = Pick<DifferentialSource, 'method' | 'width' | 'membrane' | 'distance' | 'level' | 'decays'>;

function sourceOf(
  given: DifferentialGiven,
  { held, ...found }: Found & { readonly held: readonly string[] },
): DifferentialSource {
  const { threshold, reset: text, refractory, dt, detachReset, surrogate } = given;
  return Object.freeze({
    threshold,
    reset: text,
    refractory,
    hold: held,
    dt,
    detachReset,
    surrogate,
    ...found,
  });
}
