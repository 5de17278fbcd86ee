// Row-major f32 numbers in a buffer.

import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import { denseLayout, type Images } from '../images';
import { single, type Value } from './value';

export class Dense implements Value {
  readonly sources = [];
  readonly buffers: readonly [Buffer];

  constructor(readonly buffer: Buffer) {
    this.buffers = [buffer];
  }

  fits(): boolean {
    return true;
  }

  flatImages(size: number): Images {
    return { ...single, channels: size };
  }

  /** A copy. */
  spellOut(engine: Engine, _size: number, images: Images, buffer: Buffer): void {
    engine.copyPlanes(engine.read(this.buffer, denseLayout(images)), images, buffer);
  }
}
