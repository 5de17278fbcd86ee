// What a kernel call is given, before addresses are known. The scheduler reads from it which buffers a call reads and
// writes and how far it reaches into them. Thousands are made in a training step: plain classes, no copies.

import type { Buffer, ImageLayout, Reach } from './buffer';

/** A part of a buffer: base + item·step + chunk·chunkStep. */
export class BufferArgument {
  constructor(
    readonly buffer: Buffer,
    readonly access: 'read' | 'write',
    readonly reach: Reach,
    /** Bytes from one item to the next. */
    readonly step: number,
    readonly offset: number,
    readonly layout: ImageLayout | undefined,
    /** Bytes from one chunk to the next. */
    readonly chunkStep = 0,
    /** A result that need not be computed when nobody kept it: the kernel then gets the address 0. */
    readonly optional = false,
  ) {}
}

/** Bytes between the time planes of an image. */
export class PitchArgument {
  constructor(
    readonly buffer: Buffer,
    readonly layout: ImageLayout,
  ) {}
}

/** Bytes of each thread's own, with anything in them. The same object in several calls is the same memory. */
export class ScratchArgument {
  /** The last phase that keeps room for it. */
  phase = -1;

  constructor(readonly bytes: number) {}
}

/** from + item·perItem, as a number. */
export class CounterArgument {
  constructor(
    readonly perItem: number,
    readonly from: number,
  ) {}
}

/** What a kernel takes for an address or a number of bytes; 0 is none. */
export type Address = number | BufferArgument | PitchArgument | ScratchArgument;
/** What a kernel takes for a whole number. */
export type Count = number | CounterArgument;
export type Argument = Address | Count;

/** The first plane of the item's image; its other time planes are `pitch` apart. */
export function image(buffer: Buffer, layout: ImageLayout): BufferArgument {
  return new BufferArgument(buffer, 'read', 'item', layout.planeBytes, 0, layout);
}

export function imageOut(buffer: Buffer, layout: ImageLayout): BufferArgument {
  return new BufferArgument(buffer, 'write', 'item', layout.planeBytes, 0, layout);
}

/** The same result, computed only if somebody keeps it. */
export function imageIfKept(buffer: Buffer, layout: ImageLayout): BufferArgument {
  return new BufferArgument(buffer, 'write', 'item', layout.planeBytes, 0, layout, 0, true);
}

export function pitch(buffer: Buffer, layout: ImageLayout): PitchArgument {
  return new PitchArgument(buffer, layout);
}

/** The item's block of a buffer that is cut into blocks of `step` bytes. */
export function block(buffer: Buffer, step: number, offset = 0): BufferArgument {
  return new BufferArgument(buffer, 'read', 'item', step, offset, undefined);
}

export function blockOut(buffer: Buffer, step: number, offset = 0): BufferArgument {
  return new BufferArgument(buffer, 'write', 'item', step, offset, undefined);
}

/** All of a buffer. */
export function entire(buffer: Buffer, offset = 0): BufferArgument {
  return new BufferArgument(buffer, 'read', 'entire', 0, offset, undefined);
}

export function entireOut(buffer: Buffer, offset = 0): BufferArgument {
  return new BufferArgument(buffer, 'write', 'entire', 0, offset, undefined);
}

/** The chunk's own part of a buffer of partial sums, `bytes` long. */
export function part(buffer: Buffer, bytes: number): BufferArgument {
  return new BufferArgument(buffer, 'write', 'entire', 0, 0, undefined, bytes);
}

export function scratch(bytes: number): ScratchArgument {
  return new ScratchArgument(Math.max(bytes, 64));
}

export function counter(perItem: number, from = 0): CounterArgument {
  return new CounterArgument(perItem, from);
}
