// Modules that neurons are compiled to, made once for each structure: their bytes hold no constant, so that many neurons share
// one; the table of constants lies in memory for each neuron and form.

import type { Compiled, Flavour } from '../../../neurons/wasm';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { MadeKernel } from '../threads/kernels';

/** A compiled sweep that can be called. */
export interface Sweep extends Compiled {
  readonly functions: ReadonlyMap<string, MadeKernel>;
  readonly numbers: Buffer;
}

export class Modules {
  readonly #known = new Map<string, ReadonlyMap<string, MadeKernel>>();
  readonly #sweeps = new WeakMap<object, Map<string, Sweep>>();

  constructor(
    readonly engine: Engine,
    readonly flavour: Flavour,
  ) {}

  /**
   * A neuron's sweep in a form.
   * @param key of the form
   */
  sweep(neuron: object, key: string, compile: () => Compiled): Sweep {
    let sweeps = this.#sweeps.get(neuron);
    if (sweeps === undefined) {
      sweeps = new Map();
      this.#sweeps.set(neuron, sweeps);
    }
    const known = sweeps.get(key);
    if (known !== undefined) return known;
    const compiled = compile();
    const sweep = {
      ...compiled,
      functions: this.#functions(compiled.bytes),
      numbers: this.#table(compiled.table),
    };
    sweeps.set(key, sweep);
    return sweep;
  }

  #functions(bytes: Uint8Array): ReadonlyMap<string, MadeKernel> {
    const text = String.fromCharCode(...bytes);
    const known = this.#known.get(text) ?? this.engine.scheduler.crew.make(bytes);
    this.#known.set(text, known);
    return known;
  }

  #table(numbers: Float32Array): Buffer {
    const { engine } = this;
    const buffer = engine.buffer(numbers.byteLength);
    engine.heap.f32(engine.scheduler.place(buffer), numbers.length).set(numbers);
    buffer.loose = false; // which later calls read as well
    return buffer;
  }
}
