// Operators that nobody waits for run on the reference backend's own loops, over views of the engine's memory: the same
// text, so the same numbers as f32 on `cpu`. Which operators did is counted, for `--profile` and `info`.

import { notice } from '../../notices';
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
  'neurons and map with functions of JavaScript',
];

/** A call over fewer numbers costs nothing that anybody would notice; so many in all have cost a second or so. */
const LARGE = 2 ** 16;
const MUCH = 2 ** 28;

export class Reference {
  readonly backend: Backend = cpuBackend('f32');
  readonly #calls = new Map<string, number>();
  /** Numbers of large calls by operator, and of the operands that were taken since the last call. */
  readonly #numbers = new Map<string, number>();
  #taken = 0;

  constructor(readonly engine: Engine) {}

  /** How often each operator was computed here. */
  calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  /** Runs a kernel of the reference backend. `name` is what it is counted as. */
  run<R>(name: string, kernel: (cpu: Backend) => R): R {
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    const result = kernel(this.backend);
    if (this.#taken >= LARGE) this.#note(name, this.#taken);
    this.#taken = 0;
    return result;
  }

  /** What goes through these loops in quantity is told, once for each operator. */
  #note(name: string, numbers: number): void {
    const all = (this.#numbers.get(name) ?? 0) + numbers;
    this.#numbers.set(name, all);
    if (all >= MUCH && all - numbers < MUCH)
      notice(
        `${name} has run over ${Math.round(all / 1e6)} million numbers on plain loops in one thread, since the wasm backend has no kernel for it: backend 'gpu' has one; profile(true) and profiled() of the backend tell what it costs`,
        `plain loops: ${name}`,
      );
  }

  /** An operand as the reference backend reads it. The view lives until the next kernel of the engine. */
  operand({ handle, shape }: Operand): Operand {
    const data = this.engine.view({ handle, shape });
    this.#taken += handle.size;
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
