// Modules that neurons and rules of optimisers are compiled to, made once for each structure: their bytes hold no
// constant, so that many neurons share one, and tables of constants, so that many share one of those. A table goes with
// the last neuron that reads it; a module stays, since every thread has it.

import type { Compiled, ModuleFlavour } from '../../../neurons/wasm';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import { type MadeKernel, MODULE_HEAD } from '../threads/kernels';
import type { Moves } from './call';

/** A compiled sweep that can be called. */
export interface Sweep {
  /** By the name of the part's piece. */
  readonly functions: ReadonlyMap<string, MadeKernel>;
  readonly numbers: Buffer;
  /** Its parameters behind those that all functions have, and how each moves. */
  readonly own: readonly { readonly name: string; readonly moves: Moves }[];
  readonly scratchBytes: Compiled['scratchBytes'];
}

export class Modules {
  readonly #known = new Map<string, ReadonlyMap<string, MadeKernel>>();
  readonly #tables = new Map<string, { readonly buffer: Buffer; owners: number }>();
  readonly #forgotten = new FinalizationRegistry<string>((table) => this.#forget(table));
  readonly #sweeps = new WeakMap<object, Map<string, Sweep>>();

  constructor(
    readonly engine: Engine,
    readonly flavour: ModuleFlavour,
  ) {}

  /**
   * A neuron's sweep in a form.
   * @param key of the form
   * @param make when it is new: the module, and how its parameters move
   */
  sweep(
    neuron: object,
    key: string,
    make: () => { readonly compiled: Compiled; readonly moves: (name: string) => Moves },
  ): Sweep {
    let sweeps = this.#sweeps.get(neuron);
    if (sweeps === undefined) {
      sweeps = new Map();
      this.#sweeps.set(neuron, sweeps);
    }
    const known = sweeps.get(key);
    if (known !== undefined) return known;
    const { compiled, moves } = make();
    const functions = [...this.functions(compiled.bytes)];
    const sweep: Sweep = {
      functions: new Map(functions.map(([name, made]) => [name.replace(/^[a-z]+/, ''), made])),
      numbers: this.table(compiled.table, neuron),
      own: compiled.own.map((name) => ({ name, moves: moves(name) })),
      scratchBytes: compiled.scratchBytes,
    };
    sweeps.set(key, sweep);
    return sweep;
  }

  /** A module's functions, made once for the same bytes. */
  functions(bytes: Uint8Array): ReadonlyMap<string, MadeKernel> {
    const text = new TextDecoder('latin1').decode(bytes);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const { crew } = this.engine.scheduler;
    const made = crew.make(this.#keep(MODULE_HEAD + bytes.length).address, bytes);
    this.#known.set(text, made);
    return made;
  }

  /** Constants in memory, once for equal ones, as long as there is an owner. */
  table(numbers: Float32Array, owner: object): Buffer {
    const text = new Uint32Array(numbers.buffer).join();
    const table = this.#tables.get(text) ?? { buffer: this.#keep(numbers.byteLength), owners: 0 };
    if (table.owners === 0) this.engine.heap.f32(table.buffer.address, numbers.length).set(numbers);
    table.owners++;
    this.#tables.set(text, table);
    this.#forgotten.register(owner, text);
    return table.buffer;
  }

  #forget(text: string): void {
    const table = this.#tables.get(text)!;
    if (--table.owners > 0) return;
    this.#tables.delete(text);
    this.engine.scheduler.release(table.buffer);
  }

  /** Memory that stays, for later calls. */
  #keep(bytes: number): Buffer {
    const buffer = this.engine.buffer(bytes);
    this.engine.scheduler.place(buffer);
    buffer.loose = false;
    return buffer;
  }
}
