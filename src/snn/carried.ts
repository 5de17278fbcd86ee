// What a stateful layer carries from one call to the next: its states by name, cut off from the tape, outside every
// scope. The states before the last call stay too, since whoever looks into that call has to start where it did.

import { formatShape, sameShape } from '../backends/shape';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';

type States = Readonly<Record<string, Tensor>>;

export class Carried {
  #now: States | undefined;
  #before: States | undefined;

  /** What the last call started from; undefined is where states start. */
  get before(): States | undefined {
    return this.#before;
  }

  /**
   * Where a call with this input starts.
   * @throws when the states are those of other sequences
   */
  startFor(where: string, x: Tensor): States | undefined {
    const shape = x.shape.slice(1);
    for (const state of Object.values(this.#now ?? {})) {
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
    }
    return this.#now;
  }

  /** Takes over the states after a call. */
  goOn(states: States): void {
    dispose(this.#before);
    this.#before = this.#now;
    this.#now = Object.fromEntries(
      Object.entries(states).map(([name, state]) => [name, state.detach().keep()]),
    );
    dispose(states);
  }

  clear(): void {
    dispose(this.#before);
    dispose(this.#now);
    this.#before = undefined;
    this.#now = undefined;
  }
}

function dispose(states: States | undefined): void {
  for (const state of Object.values(states ?? {})) state.dispose();
}
