// Several optimisers as one, each with parameters of its own.

import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { anObject, checkKind, finite } from '../options';
import type { Optimizer, OptimizerGroup, OptimizerState } from './optimizer';

/**
 * Several optimisers as one, for parameters that want different ones:
 * `new Optimizers(new Muon(weights), new AdamW(others))`. Its learning rate is the first one's; setting it moves those
 * of the others in proportion.
 */
export class Optimizers implements Optimizer {
  readonly parts: readonly Optimizer[];
  readonly parameters: readonly Tensor[];
  readonly groups: readonly OptimizerGroup[];
  readonly #shares: readonly number[];

  constructor(...parts: Optimizer[]) {
    check(parts.length > 0, 'Optimizers', 'takes optimisers: new Optimizers(new Muon(…), new AdamW(…))');
    for (const part of parts)
      check(
        anObject.holds(part) && 'step' in part && 'groups' in part,
        'Optimizers',
        'takes optimisers, each as an argument: new Optimizers(a, b)',
      );
    this.parts = parts;
    this.parameters = parts.flatMap(({ parameters }) => parameters);
    this.groups = parts.flatMap(({ groups }) => groups);
    check(
      new Set(this.parameters).size === this.parameters.length,
      'Optimizers',
      'a parameter is in two optimisers, and would take both steps',
    );
    const [{ lr }] = parts as [Optimizer];
    check(
      lr > 0 || parts.every((part) => part.lr === 0),
      'Optimizers',
      'the first has lr 0: which share of a rate the others have cannot be told',
    );
    this.#shares = parts.map((part) => (part.lr === lr ? 1 : part.lr / lr));
    if (Object.getPrototypeOf(new.target) === Function.prototype) Object.freeze(this);
  }

  get lr(): number {
    return this.parts[0]!.lr;
  }

  set lr(value: number) {
    checkKind('Optimizers', 'lr', finite({ least: 0 }), value);
    for (const [i, part] of this.parts.entries()) part.lr = value * this.#shares[i]!;
  }

  step(): void {
    for (const part of this.parts) part.step();
  }

  zeroGrad(): void {
    for (const part of this.parts) part.zeroGrad();
  }

  async state(): Promise<OptimizerState> {
    const states = await Promise.all(this.parts.map((part) => part.state()));
    const names = new Set(states.flatMap(({ values }) => Object.keys(values)));
    const valuesOf = (name: string) =>
      states.flatMap(({ steps, values }) => values[name] ?? steps.map(() => null));
    return {
      steps: states.flatMap(({ steps }) => steps),
      values: Object.fromEntries([...names].map((name) => [name, valuesOf(name)])),
    };
  }

  loadState(state: OptimizerState): void {
    checkKind('Optimizers.loadState', 'state', anObject, state);
    const { steps, values } = state;
    const count = this.parameters.length;
    check(
      steps?.length === count,
      'Optimizers.loadState',
      () => `the state is of ${steps?.length} parameters, there are ${count}`,
    );
    let from = 0;
    for (const part of this.parts) {
      const to = from + part.parameters.length;
      const own = Object.entries(values).map(([name, list]) => [name, list.slice(from, to)] as const);
      part.loadState({ steps: steps.slice(from, to), values: Object.fromEntries(own) });
      from = to;
    }
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}
