// What the numbers of a handle are made of. Many operators compute nothing when they are called: their result says
// what it would be (a·x + b, a sum, T equal parts), and the kernel that needs it computes it on the way. Each kind is
// one file here, and whatever is not asked about it by name is asked through this interface.

import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { WasmHandle } from '../handle';
import type { Images } from '../images';

export interface Value {
  /** The handles that it is made from. */
  readonly sources: readonly WasmHandle[];
  /** The buffers that it holds itself. */
  readonly buffers: readonly Buffer[];
  /** Whether it can be spelt out in these images. */
  fits(images: Images): boolean;
  /** Images that it fits, when no shape is at hand. @param size numbers in all */
  flatImages(size: number): Images;
  /** Planes as they are, where kernels can read them without its being spelt out. */
  planes?(engine: Engine, images: Images): Planes | undefined;
  /**
   * Schedules what writes the numbers into a buffer.
   * @param images in which it fits
   */
  spellOut(engine: Engine, size: number, images: Images, buffer: Buffer): void;
}

/** One image of one step; the rest is up to the kind. */
export const single = { times: 1, images: 1, height: 1, width: 1 } as const;
