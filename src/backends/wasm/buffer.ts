// A piece of the engine's memory, counted by those who read it. It may have no address yet: a buffer that is written
// and read within one phase and then dropped never gets one of its own, only each thread's scratch.

import type { CallChain } from './schedule/chain';

/** How a sequence of images lies in a buffer: plane t of image n lies at (t·images + n)·planeBytes. */
export interface ImageLayout {
  readonly times: number;
  readonly images: number;
  readonly planeBytes: number;
}

/** How a stage meets a buffer: only the part of the item in hand, or all of it. */
export type Reach = 'item' | 'entire';

/** A use of a buffer by a chain of the phase that is being put together. */
export interface Use {
  readonly chain: CallChain;
  readonly reach: Reach;
  /** Bytes from one item to the next. */
  readonly step: number;
  /** Where the items are images. */
  readonly layout: ImageLayout | undefined;
  readonly optional: boolean;
}

/** What the phase that is being put together does with a buffer. */
export interface Pending {
  writer: Use | undefined;
  readers: Use[];
}

export class Buffer {
  /** 0 until it is placed. */
  address = 0;
  references = 1;
  pending: Pending | undefined;
  /** A call before the phase, or one that waits for its end, will write it. */
  promised = 0;
  /** The phase that runs now reads or writes it. */
  busy = false;
  /** Bytes of the heap that are kept free for it until it is placed. */
  owed = 0;
  /** Made by an operator that has not yet given it to a handle, nor given it back. */
  loose = false;

  /** @param bytes whatever they are, exactly: engine.buffer() makes sure of the room */
  constructor(readonly bytes: number) {}
}
