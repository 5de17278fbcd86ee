// The base of the optimisers that are equations: which rule a group's parameters follow, and what its numbers are at
// each step, is all that one of them says.

import type { Operand } from '../backends/backend';
import { zeros } from '../core/create';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import type { UpdateRule } from '../neurons';
import { anObject, checkKind, listOf, type Option, type OptionTable, whole } from '../options';
import { type GroupOf, Groups, type OptimizerConstants, type TrainedParameters } from './groups';
import type { Optimizer, OptimizerState } from './optimizer';

/** A parameter, and what is remembered of it. */
export interface OptimizerSlot<C extends OptimizerConstants> {
  readonly parameter: Tensor;
  readonly group: GroupOf<C>;
  readonly rule: UpdateRule;
  /** In the rule's order. */
  readonly remembered: readonly Tensor[];
  /** Steps that it has taken. */
  steps: number;
}

/** The numbers of a step, by the names that the rule gives them. */
export type StepNumbers = Readonly<Record<string, number>>;

/**
 * An optimiser of equations; subclasses say which. One of your own is a table of its options, a rule and its numbers
 * (docs/optimizers.md).
 */
export abstract class Descent<O extends object, C extends OptimizerConstants> implements Optimizer {
  readonly parameters: readonly Tensor[];
  readonly groups: readonly GroupOf<C>[];
  readonly #groups: Groups<C>;
  protected readonly slots: readonly OptimizerSlot<C>[];

  /**
   * @param name of the optimiser, for messages
   * @param trained parameters, or groups of them
   * @param constants its options, filled in
   * @param table of its options
   */
  constructor(
    protected readonly name: string,
    trained: TrainedParameters<O>,
    constants: C,
    table: OptionTable<Readonly<Record<string, Option<unknown, unknown>>>>,
  ) {
    this.#groups = new Groups(name, trained, constants, table);
    this.groups = this.#groups.list;
    for (const group of this.groups) this.checkGroup(group);
    this.slots = this.groups.flatMap((group) => {
      const rule = this.rule(group);
      return group.parameters.map((parameter) => ({
        parameter,
        group,
        rule,
        remembered: rule.states.map(() => zeros(parameter.shape, { backend: parameter.backend }).keep()),
        steps: 0,
      }));
    });
    this.parameters = this.slots.map(({ parameter }) => parameter);
  }

  /** The equations of a group's parameters. */
  protected abstract rule(constants: C): UpdateRule;

  /** What the rule's constants are. @param step of the parameter, from 1 */
  protected abstract numbers(constants: C, step: number): StepNumbers;

  /** For constants that do not go together. @throws for a group that cannot be trained */
  protected checkGroup(_group: GroupOf<C>): void {}

  get lr(): number {
    return this.#groups.lr;
  }

  set lr(value: number) {
    this.#groups.lr = value;
  }

  /** That of the first group. Setting it sets all of them. */
  get weightDecay(): number {
    return this.groups[0]!.weightDecay;
  }

  set weightDecay(value: number) {
    for (const group of this.groups) group.weightDecay = value;
  }

  step(): void {
    const ready = this.slots.filter(({ parameter }) => parameter.grad !== null);
    for (const slot of ready) slot.steps++;
    this.change(ready);
  }

  /** The step of the parameters that have a gradient. */
  protected change(ready: readonly OptimizerSlot<C>[]): void {
    for (const { rule, parameter, remembered, group, steps } of ready)
      applyRule(rule, parameter, parameter.grad!, remembered, this.numbers(group, steps));
  }

  zeroGrad(): void {
    for (const { parameter } of this.slots) {
      parameter.grad?.dispose();
      parameter.grad = null;
    }
  }

  /** Names of what is remembered, over all groups. */
  get #names(): string[] {
    return [...new Set(this.slots.flatMap(({ rule }) => rule.states.map(({ name }) => name)))];
  }

  async state(): Promise<OptimizerState> {
    const read = ({ rule, remembered }: OptimizerSlot<C>, name: string) =>
      remembered[rule.states.findIndex((state) => state.name === name)]?.data() ?? null;
    const all = this.#names.map(async (name) => {
      const numbers = await Promise.all(this.slots.map((slot) => read(slot, name)));
      return [name, numbers] as const;
    });
    return {
      steps: this.slots.map(({ steps }) => steps),
      values: Object.fromEntries(await Promise.all(all)),
    };
  }

  loadState(state: OptimizerState): void {
    const where = `${this.name}.loadState`;
    checkKind(where, 'state', anObject, state);
    check(
      !('param_groups' in state),
      where,
      'that is a state_dict of torch.optim, whose tensors lie otherwise: load the weights, and let the optimiser begin anew',
    );
    const { steps, values } = state;
    checkKind(where, 'state.steps', listOf(whole({ least: 0 })), steps);
    checkKind(where, 'state.values', anObject, values);
    const { slots } = this;
    check(
      steps.length === slots.length,
      where,
      () => `the state is of ${steps.length} parameters, there are ${slots.length}`,
    );
    // all are checked before any is changed
    const found = slots.map(({ rule, parameter }, i) =>
      rule.states.map(({ name }) => {
        const numbers = values[name]?.[i];
        check(
          numbers?.length === parameter.size,
          where,
          () =>
            `the state has no ${name} of ${parameter.size} numbers for parameter ${i}: it is another optimiser's`,
        );
        return numbers!;
      }),
    );
    for (const [i, slot] of slots.entries()) {
      slot.steps = steps[i]!;
      for (const [k, tensor] of slot.remembered.entries()) tensor.overwrite(found[i]![k]!);
    }
  }

  dispose(): void {
    for (const { remembered } of this.slots) for (const tensor of remembered) tensor.dispose();
  }
}

/** Runs a rule on a tensor in place. @param numbers of the rule's constants, by name */
export function applyRule(
  rule: UpdateRule,
  parameter: Tensor,
  gradient: Operand,
  remembered: readonly Tensor[],
  numbers: StepNumbers,
): void {
  const constants = rule.constants.map(({ name }) => numbers[name]!);
  parameter.backend.update(rule, { parameter, gradient, states: remembered, constants });
  for (const changed of [parameter, ...remembered]) changed.markChanged();
}

/** βⁿ by products alone, so that every engine finds the same bits. */
export function powerOf(base: number, n: number): number {
  let result = 1;
  for (let factor = base, left = n; left > 0; left = Math.floor(left / 2), factor *= factor)
    if (left % 2 === 1) result *= factor;
  return result;
}
