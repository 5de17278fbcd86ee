// Functions of one's own in a neuron's kernels: those that bring their source.

import type { NumberFunction } from '../../../neurons';
import type { ScalarFunction } from '../../backend';
import { keyOf, sourceOf } from '../scalar-functions';

/** What a kernel calls, each once. */
export class OwnFunctions {
  readonly #names = new Map<string, string>();
  /** In gpu.js's JavaScript. */
  readonly sources: string[] = [];

  /**
   * The name under which the kernel has it.
   * @throws when it brings no source
   */
  nameOf(f: NumberFunction, which: 'value' | 'derivative'): string {
    const whole: ScalarFunction = { parameters: {}, ...f };
    const key = `${which} ${keyOf(whole)}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `own${this.#names.size}`;
    this.sources.push(...sourceOf('runNeuron', whole, which, name));
    this.#names.set(key, name);
    return name;
  }
}
