// A tensor of this engine: a value, who still needs it, and what has been made from it. `engine.dense` turns any
// value into plain numbers for kernels that want those.

import type { Handle } from '../backend';
import type { Buffer } from './buffer';
import type { Images } from './images';
import { Alias } from './values/alias';
import type { Value } from './values/value';

/** Gradient planes with zeros around them, kept between the two gradients of a convolution. */
export interface Padded {
  readonly buffer: Buffer;
  readonly key: string;
}

/**
 * Of a neuron's gradient dx: Σ dx and Σ dx·(y - mean) by channel, which the normalisation of y in front of it needs.
 */
export interface GradientSums {
  /** f64 [2][channels] of each chunk of images. */
  readonly parts: Buffer;
  readonly chunks: number;
  /** Of the images that the neuron saw. */
  readonly images: Images;
  readonly y: WasmHandle;
  readonly mean: Buffer;
}

export class WasmHandle implements Handle {
  references = 1;
  padded: Padded | undefined;
  sums: GradientSums | undefined;
  /** Of a sum of spikes what was added up; each counts while it is still binary, not changed in place. */
  terms: readonly WasmHandle[] = [];
  /** Handles whose value is made from this one's: they must be computed before it is changed in place. */
  readonly dependents = new Set<WasmHandle>();

  constructor(
    readonly size: number,
    public value: Value,
    public binary = false,
  ) {
    for (const buffer of value.buffers) buffer.loose = false;
    for (const source of value.sources) {
      source.references++;
      source.dependents.add(this);
    }
  }

  /** One that only says how it would be computed occupies little of its own. */
  get bytes(): number {
    const own = this.value.buffers.reduce((sum, buffer) => sum + buffer.bytes, 0);
    return own + (this.padded?.buffer.bytes ?? 0) + (this.sums?.parts.bytes ?? 0);
  }

  get sources(): readonly WasmHandle[] {
    return this.value.sources;
  }

  /** Where the numbers are: the handle at the end of a row of aliases. */
  get target(): WasmHandle {
    let handle: WasmHandle = this;
    while (handle.value instanceof Alias) handle = handle.value.of;
    return handle;
  }
}
