// What a kernel call is given, before addresses are known. The scheduler reads from it which buffers a call reads and
// writes and how far it reaches into them.

import type { Buffer, ImageLayout, Reach } from './buffer';

export interface BufferArgument {
  readonly buffer: Buffer;
  readonly access: 'read' | 'write';
  readonly reach: Reach;
  /** Bytes from one item to the next. */
  readonly step: number;
  /** Bytes from one chunk to the next. */
  readonly chunkStep: number;
  readonly offset: number;
  readonly layout: ImageLayout | undefined;
  /** A result that need not be computed when nobody kept it: the kernel then gets the address 0. */
  readonly optional: boolean;
}

/** A number, a part of a buffer, the distance between an image's time planes, scratch bytes, or the item's number. */
export type Argument =
  | number
  | BufferArgument
  | { readonly pitchOf: Buffer; readonly layout: ImageLayout }
  | { readonly scratch: number }
  | { readonly perItem: number; readonly from: number };

const plain = { step: 0, chunkStep: 0, offset: 0, layout: undefined, optional: false } as const;

/** The first plane of the item's image; its other time planes are `pitch` apart. */
export function image(buffer: Buffer, layout: ImageLayout): BufferArgument {
  return { ...plain, buffer, access: 'read', reach: 'item', step: layout.planeBytes, layout };
}

export function imageOut(buffer: Buffer, layout: ImageLayout): BufferArgument {
  return { ...image(buffer, layout), access: 'write' };
}

/** Bytes between the time planes of an image. */
export function pitch(buffer: Buffer, layout: ImageLayout): Argument {
  return { pitchOf: buffer, layout };
}

/** The item's block of a buffer that is cut into blocks of `step` bytes. */
export function block(buffer: Buffer, step: number, offset = 0): BufferArgument {
  return { ...plain, buffer, access: 'read', reach: 'item', step, offset };
}

export function blockOut(buffer: Buffer, step: number, offset = 0): BufferArgument {
  return { ...block(buffer, step, offset), access: 'write' };
}

/** All of a buffer. */
export function whole(buffer: Buffer, offset = 0): BufferArgument {
  return { ...plain, buffer, access: 'read', reach: 'whole', offset };
}

export function wholeOut(buffer: Buffer, offset = 0): BufferArgument {
  return { ...whole(buffer, offset), access: 'write' };
}

/** The chunk's own part of a buffer of partial sums, `bytes` long. */
export function part(buffer: Buffer, bytes: number): BufferArgument {
  return { ...wholeOut(buffer), chunkStep: bytes };
}

/** The same result, computed only if somebody keeps it. */
export function ifKept(argument: BufferArgument): BufferArgument {
  return { ...argument, optional: true };
}

/** Bytes of each thread's own, with anything in them. The same object in several calls is the same memory. */
export function scratch(bytes: number): Argument {
  return { scratch: Math.max(bytes, 64) };
}

/** from + item·perItem, as a number. */
export function counter(perItem: number, from = 0): Argument {
  return { perItem, from };
}
