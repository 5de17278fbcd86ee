// The texts beside differential equations: when a neuron fires, what a spike does, how long none follows. Each
// complains in the name of its option, at line and column of its own text.

import { check } from '../../errors';
import type { Expr } from '../graph/expression';
import { and, detach, gt, isCondition, max, or, select, sub } from '../graph/expression';
import { marginOf } from '../graph/firing';
import type { TextFunction } from '../text/functions';
import { EquationError } from '../text/mistake';
import { parseExpression } from '../text/parse';
import { expressionOf } from '../text/read';
import { type Node, nodesOf } from '../text/syntax';
import { inOption } from './in-option';
import { type Reset, resetOf } from './reset';
import type { System, Values } from './system';

type Functions = Readonly<Record<string, TextFunction>>;

interface SpikeGiven {
  readonly threshold: string | undefined;
  readonly reset: string | undefined;
  readonly refractory: number | string;
  readonly hold: readonly string[];
  readonly detachReset: boolean;
  readonly width: number | undefined;
}

export interface SpikeTexts {
  /** Names that they read. */
  readonly reads: ReadonlySet<string>;
  readonly reset: Reset | undefined;
  /** When it fires; undefined: never. */
  condition(values: Values, functions: Functions): Expr | undefined;
  /** @throws at the threshold, if it has nothing to do with any state */
  checkThreshold(hasState: boolean): void;
  /** By how much it does. */
  margin(values: Values, functions: Functions): Expr | undefined;
  /** Whether there can be no spike, from what the state `refractory` holds; undefined: there always can. */
  blocked(values: () => Values, functions: Functions, counter: Expr): Expr | undefined;
  /** What that state holds after the step. */
  counted(spikes: Expr, blocked: Expr, counter: Expr): Expr;
}

/** @throws EquationError in the name of the option; for options that need a threshold where there is none */
export function spikeTextsOf(
  { threshold, reset, refractory, hold, detachReset, width }: SpikeGiven,
  system: System,
): SpikeTexts {
  const AFTER = 'says what is after a spike';
  for (const [name, isGiven, what] of [
    ['reset', reset !== undefined, AFTER],
    ['refractory', refractory !== 0, AFTER],
    ['hold', hold.length > 0, AFTER],
    ['detachReset', detachReset, AFTER],
    ['width', width !== undefined, 'belongs to the surrogate of a spike'],
  ] as const)
    check(
      threshold !== undefined || !isGiven,
      'neuron',
      () => `${name} ${what}, and without threshold there is none: give { threshold: 'v > 1' }`,
    );
  check(
    hold.length === 0 || refractory !== 0,
    'neuron',
    () =>
      `hold says what stands still while the neuron is refractory, which it never is: give { refractory: 2 }`,
  );
  const fires = threshold === undefined ? undefined : conditionOf('threshold', threshold, system);
  const stays = typeof refractory === 'string' ? conditionOf('refractory', refractory, system) : undefined;
  const resets = reset === undefined ? undefined : inOption('reset', () => resetOf(reset, system));
  const condition: SpikeTexts['condition'] = (values, functions) => fires?.read(values, functions);
  return {
    reads: new Set([...(fires?.reads ?? []), ...(stays?.reads ?? []), ...(resets?.reads ?? [])]),
    reset: resets,
    condition,
    checkThreshold(hasState) {
      if (hasState || threshold === undefined) return;
      inOption('threshold', () => {
        const whole = { start: 0, end: threshold.length };
        throw new EquationError(threshold, whole, `names no state; states are ${system.states.join(', ')}`);
      });
    },
    margin(values, functions) {
      const found = condition(values, functions);
      return found && marginOf(found).u;
    },
    blocked(values, functions, counter) {
      if (refractory === 0) return undefined;
      const since = gt(counter, 0);
      return stays === undefined ? since : and(since, stays.read(values(), functions));
    },
    counted: (spikes, blocked, counter) =>
      detach(
        typeof refractory === 'number'
          ? select(gt(spikes, 0.5), refractory, max(sub(counter, 1), 0))
          : select(or(gt(spikes, 0.5), blocked), 1, 0),
      ),
  };
}

interface SpikeCondition {
  readonly reads: readonly string[];
  read(values: Values, functions: Functions): Expr;
}

function conditionOf(option: string, text: string, { unknown, states }: System): SpikeCondition {
  const node = inOption(option, () => parseExpression(text));
  return {
    reads: [...nodesOf(node)].flatMap((inner: Node) => (inner.kind === 'name' ? [inner.name] : [])),
    read: (values, functions) =>
      inOption(option, () => {
        const found = expressionOf(node, { text, values, functions, unknown });
        if (!isCondition(found))
          throw new EquationError(text, node, `expected a comparison, such as ${states[0]} > 1`);
        return found;
      }),
  };
}
