// An exponential moving average of a network's weights, which often tests better than the weights of any one step
// (Polyak & Juditsky, 1992; Tarvainen & Valpola, 2017). Running statistics are averaged with them.

import type { FloatArray } from '../backends/backend';
import { zeros } from '../core/create';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { updateRule } from '../neurons';
import { checkModule, type Module } from '../nn/module';
import { anObject, checkKind, finite, type OptionsOf, option, optionTable } from '../options';
import { applyRule } from './descent';

/** How long an {@link Ema} remembers. */
export interface EmaOptions {
  /** What remains of the average at each step. Default 0.999. */
  decay?: number;
}

export const emaOptions = /* @__PURE__ */ optionTable({
  decay: option(finite({ least: 0, below: 1 }), 0.999),
} satisfies OptionsOf<EmaOptions>);

/** The averages as numbers, for files; in the order of `network.state()`. */
export interface EmaState {
  readonly steps: number;
  readonly values: readonly FloatArray[];
}

const RULE = 'p = p + share*(g - p)';

/**
 * The average of a network's weights and running statistics over its steps. At the t-th update,
 * average = β·average + (1 - β)·weights with β = min(decay, (t - 1)/(t + 8)), so that the beginning is soon forgotten.
 *
 * ```ts
 * const average = new Ema(network, { decay: 0.999 });
 * // after each optimizer.step(): average.update();
 * const { accuracy } = await average.during(() => evaluate(network, test));
 * ```
 */
export class Ema {
  readonly decay: number;
  readonly #live: readonly Tensor[];
  readonly #averages: readonly Tensor[];
  #steps = 0;

  constructor(
    readonly network: Module,
    options: EmaOptions = {},
  ) {
    checkModule('Ema', network);
    this.decay = emaOptions.read('Ema', options).decay;
    this.#live = [...network.state().values()].map(({ tensor }) => tensor);
    this.#averages = this.#live.map(({ shape, backend }) => zeros(shape, { backend }).keep());
    if (Object.getPrototypeOf(new.target) === Function.prototype) Object.freeze(this);
  }

  /** Takes the weights of now in: after each step. */
  update(): void {
    this.#steps++;
    const t = this.#steps;
    // the first weights are taken whole
    const share = 1 - Math.min(this.decay, (t - 1) / (t + 8));
    for (const [i, average] of this.#averages.entries())
      applyRule(updateRule(RULE, ['share']), average, this.#live[i]!, [], { share });
  }

  /** Forgets the steps so far: the next update takes the weights whole. */
  restart(): void {
    this.#steps = 0;
  }

  /**
   * Puts the averages into the network, runs `fn`, and puts the weights back.
   * @returns what `fn` gives
   * @throws before the first `update()`
   */
  async during<R>(fn: () => R | Promise<R>): Promise<R> {
    this.#checkBegun('Ema.during');
    const weights = await Promise.all(this.#live.map((tensor) => tensor.data()));
    await this.apply();
    try {
      return await fn();
    } finally {
      for (const [i, tensor] of this.#live.entries()) tensor.overwrite(weights[i]!);
    }
  }

  /** Puts the averages into the network for good. @throws before the first `update()` */
  async apply(): Promise<void> {
    this.#checkBegun('Ema.apply');
    const { values } = await this.state();
    for (const [i, tensor] of this.#live.entries()) tensor.overwrite(values[i]!);
  }

  #checkBegun(where: string): void {
    check(this.#steps > 0, where, 'there is no average yet: update() after each step of the optimiser');
  }

  async state(): Promise<EmaState> {
    const values = await Promise.all(this.#averages.map((tensor) => tensor.data()));
    return { steps: this.#steps, values };
  }

  /** @throws unless it is the state of an average of such a network */
  loadState(state: EmaState): void {
    checkKind('Ema.loadState', 'state', anObject, state);
    const averages = this.#averages;
    check(
      state.values?.length === averages.length &&
        state.values.every((numbers, i) => numbers.length === averages[i]!.size),
      'Ema.loadState',
      'the state is of another network',
    );
    this.#steps = state.steps;
    for (const [i, tensor] of averages.entries()) tensor.overwrite(state.values[i]!);
  }

  dispose(): void {
    for (const tensor of this.#averages) tensor.dispose();
  }
}
