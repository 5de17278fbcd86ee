// Which layer an operator ran in. A layer's hook is called when the layer is done: what has run since the last one
// was in it, save what made its input, which lies before it.

import type { Tensor } from '../../core/tensor';
import type { Module } from '../../nn/module';

/** An operator that has run, and where: known when the next layer is done. */
export interface OperatorRun {
  readonly operator: string;
  readonly outputs: readonly Tensor[];
  /** The layer it was part of, if it was part of one. */
  layer?: string;
  /** The same in words: ` in layer 1`, ` before layer 2`; nothing without a network. */
  place: string;
}

/** Gives the operators that a network runs their places. */
export class OperatorPlaces {
  readonly #detach: (() => void)[];
  readonly #elsewhere: string;
  #waiting: OperatorRun[] = [];

  constructor(network: Module | undefined) {
    const leaves = [...(network?.modules() ?? [])].filter(([, module]) => [...module.modules()].length === 1);
    this.#detach = leaves.map(([name, module]) => module.onForward((input) => this.#finish(name, input)));
    this.#elsewhere = network === undefined ? '' : ' behind the last layer';
  }

  add(operator: string, outputs: readonly Tensor[]): OperatorRun {
    const run = { operator, outputs, place: this.#elsewhere };
    this.#waiting.push(run);
    return run;
  }

  #finish(name: string, input: Tensor): void {
    const before = this.#waiting.findIndex(({ outputs }) => outputs.includes(input)); // -1: all of them ran inside
    this.#waiting.forEach((run, i) => {
      const inside = i > before;
      const layer = name === '' ? 'the network' : `layer ${name}`; // a network that is one layer has no name
      if (inside) run.layer = name;
      run.place = ` ${inside ? 'in' : 'before'} ${layer}`;
    });
    this.#waiting = [];
  }

  /** Takes the hooks off the network. */
  detach(): void {
    for (const remove of this.#detach) remove();
  }
}
