// What a stateful layer carries from one call to the next: V, cut off from the tape, outside every scope. The state before the
// last call stays too, since whoever looks into that call has to start where it did.

import { formatShape, sameShape } from '../backends/shape';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';

export class Carried {
  #now: Tensor | undefined;
  #before: Tensor | undefined;

  /** What the last call started from; undefined is zero. */
  get before(): Tensor | undefined {
    return this.#before;
  }

  /**
   * Where a call with this input starts.
   * @throws when the state is that of other sequences
   */
  startFor(where: string, x: Tensor): Tensor | undefined {
    const state = this.#now;
    if (state === undefined) return undefined;
    const shape = x.shape.slice(1);
    check(
      sameShape(state.shape, shape),
      where,
      () =>
        `carries the state ${formatShape(state.shape)} of the calls before, x without time is ${formatShape(shape)}: call reset() before other sequences or another batch`,
    );
    check(
      state.backend === x.backend,
      where,
      () =>
        `carries a state on backend ${state.backend.name}, x is on another, ${x.backend.name}: call reset() first`,
    );
    return state;
  }

  /** Takes over the state after a call. */
  goOn(state: Tensor): void {
    this.#before?.dispose();
    this.#before = this.#now;
    this.#now = state.detach().keep();
    state.dispose();
  }

  clear(): void {
    this.#before?.dispose();
    this.#now?.dispose();
    this.#before = undefined;
    this.#now = undefined;
  }
}
