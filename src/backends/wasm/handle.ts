// What a tensor of this engine is made of. Many operators compute nothing when they are called: their result says what
// it would be (a·x + b, a sum, T equal parts), and the kernel that needs it computes it on the way. `engine.dense` turns
// any of them into plain numbers for kernels that want those.

import type { Handle } from '../backend';
import type { Buffer } from './buffer';

export type Value =
  /** Row-major f32. */
  | { readonly kind: 'dense'; readonly buffer: Buffer }
  /** Spikes as bits: bytes [rows][channels/8][width], bit j of group g is channel 8g + j. */
  | { readonly kind: 'bits'; readonly buffer: Buffer; readonly width: number; readonly channels: number }
  /** a_c·x + b_c; the coefficients are a[C], b[C]. */
  | {
      readonly kind: 'affine';
      readonly x: WasmHandle;
      readonly coefficients: Buffer;
      readonly channels: number;
    }
  /** A_c·dx + B_c·y + D_c: what tdBN's backward gives; the coefficients are A[C], B[C], D[C]. */
  | {
      readonly kind: 'normGradient';
      readonly dx: WasmHandle;
      readonly y: WasmHandle;
      readonly coefficients: Buffer;
      readonly channels: number;
    }
  | { readonly kind: 'sum'; readonly a: WasmHandle; readonly b: WasmHandle }
  /** x, `times` times along a new leading axis. */
  | { readonly kind: 'repeat'; readonly x: WasmHandle; readonly times: number }
  /** Each row of C numbers of x, for `pixels` pixels. */
  | { readonly kind: 'spread'; readonly x: WasmHandle; readonly pixels: number; readonly channels: number }
  /** The same numbers as another handle. */
  | { readonly kind: 'alias'; readonly of: WasmHandle };

/** Gradient planes with zeros around them, kept between the two gradients of a convolution. */
export interface Padded {
  readonly buffer: Buffer;
  readonly key: string;
}

export class WasmHandle implements Handle {
  references = 1;
  padded: Padded | undefined;
  /** Handles whose value is made from this one's: they must be computed before it is changed in place. */
  readonly dependents = new Set<WasmHandle>();

  constructor(
    readonly size: number,
    public value: Value,
    public binary = false,
  ) {
    for (const buffer of buffersOf(value)) buffer.loose = false;
    for (const source of sourcesOf(value)) {
      source.references++;
      source.dependents.add(this);
    }
  }

  /** One that only says how it would be computed occupies little of its own. */
  get bytes(): number {
    const own = buffersOf(this.value).reduce((sum, buffer) => sum + buffer.bytes, 0);
    return own + (this.padded?.buffer.bytes ?? 0);
  }

  get sources(): readonly WasmHandle[] {
    return sourcesOf(this.value);
  }

  /** Where the numbers are: the handle at the end of a row of aliases. */
  get target(): WasmHandle {
    let handle: WasmHandle = this;
    while (handle.value.kind === 'alias') handle = handle.value.of;
    return handle;
  }
}

/** The handles that a value is made from. */
export function sourcesOf(value: Value): readonly WasmHandle[] {
  switch (value.kind) {
    case 'affine':
    case 'repeat':
    case 'spread':
      return [value.x];
    case 'normGradient':
      return [value.dx, value.y];
    case 'sum':
      return [value.a, value.b];
    case 'alias':
      return [value.of];
    default:
      return [];
  }
}

/** The buffers that a value holds itself. */
export function buffersOf(value: Value): readonly Buffer[] {
  switch (value.kind) {
    case 'dense':
    case 'bits':
      return [value.buffer];
    case 'affine':
    case 'normGradient':
      return [value.coefficients];
    default:
      return [];
  }
}
