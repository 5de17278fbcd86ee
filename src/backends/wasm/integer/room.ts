// Memory of a plan that runs: what it keeps (weights, descriptions), what it has for so many images, and scratch of
// each thread. Descriptions are words of 32 bits.

import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import { SLACK } from '../heap';

/** Where a value lies: bytes from image to image, from time step to time step, from thread to thread. */
export interface ValuePlace {
  readonly address: number;
  readonly image: number;
  readonly step: number;
  readonly thread: number;
}

export const wordsOf = ({ address, image, step, thread }: ValuePlace): number[] => [
  address,
  image,
  step,
  thread,
];

/** A number as the word that a kernel loads as f32. */
export const floatWord = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0]!;

export class PlanRoom {
  readonly #buffers: Buffer[] = [];

  constructor(readonly engine: Engine) {}

  /** @returns the address of so many bytes, cleared */
  take(bytes: number): number {
    const { engine } = this;
    const buffer = engine.buffer(bytes + SLACK);
    buffer.loose = false;
    const address = engine.scheduler.place(buffer);
    engine.heap.bytes(address, bytes).fill(0);
    this.#buffers.push(buffer);
    return address;
  }

  /** @returns the address of a copy */
  keep(data: ArrayBufferView): number {
    const address = this.take(Math.max(4, data.byteLength));
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.engine.heap.bytes(address, data.byteLength).set(bytes);
    return address;
  }

  words(values: readonly number[]): number {
    return this.keep(Int32Array.from(values));
  }

  release(): void {
    for (const buffer of this.#buffers.splice(0)) this.engine.scheduler.release(buffer);
  }
}
