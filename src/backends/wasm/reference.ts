// Operators that nobody waits for run on the reference backend's own loops, over views of the engine's memory: the same
// text, so the same numbers as f32 on `cpu`. Which operators did is counted, for `--profile` and `info`.

import type { Backend, Handle, Operand } from '../backend';
import { cpuBackend } from '../cpu';
import { type CpuBuffer, dataOf } from '../cpu/buffer';
import type { Engine } from './engine';
import type { WasmHandle } from './handle';

/** What has no kernel, in words. */
export const FALLBACKS: readonly string[] = [
  'log and power',
  'other binary operators than those of equal shapes, a number or a last axis; where',
  'max, and sums over other axes than the leading ones',
  'permute, slice, concat, gather',
  'log-softmax and cross-entropy',
  'map, and neurons with a rectifier or a surrogate of your own',
];

export class Reference {
  readonly backend: Backend = cpuBackend('f32');
  readonly #calls = new Map<string, number>();

  constructor(readonly engine: Engine) {}

  /** How often each operator was computed here. */
  calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  /** Runs a kernel of the reference backend. `name` is what it is counted as. */
  run<R>(name: string, kernel: (cpu: Backend) => R): R {
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    return kernel(this.backend);
  }

  /** An operand as the reference backend reads it. The view lives until the next kernel of the engine. */
  operand({ handle, shape }: Operand): Operand {
    const data = this.engine.view({ handle, shape });
    const buffer: CpuBuffer = { data, size: handle.size, bytes: data.byteLength, binary: handle.binary };
    return { handle: buffer, shape };
  }

  /** Operands together: all of them are brought up to date before the first view is taken. */
  operands(list: readonly Operand[]): Operand[] {
    for (const operand of list) this.engine.view(operand);
    return list.map((operand) => this.operand(operand));
  }

  /** Its result, copied into the engine's memory. */
  adopt(handle: Handle): WasmHandle {
    return this.engine.upload(dataOf(handle), handle.binary);
  }
}
