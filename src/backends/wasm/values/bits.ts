// Spikes as bits: bytes [rows][channels/8][width], bit j of group g is channel 8g + j.

import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import { bitLayout, denseLayout, type Images } from '../images';
import { single, type Value } from './value';

export class Bits implements Value {
  readonly sources = [];
  readonly buffers: readonly [Buffer];

  constructor(
    readonly buffer: Buffer,
    readonly width: number,
    readonly channels: number,
  ) {
    this.buffers = [buffer];
  }

  fits({ channels }: Images): boolean {
    return channels === this.channels;
  }

  /** Whether they lie as these images want them. */
  liesIn({ width, channels }: Images): boolean {
    return width === this.width && channels === this.channels;
  }

  flatImages(size: number): Images {
    const { width, channels } = this;
    return { ...single, images: size / (width * channels), width, channels };
  }

  /** In the given images, or as flat rows where another shape is meant. */
  spellOut(engine: Engine, size: number, images: Images, buffer: Buffer): void {
    const own = this.liesIn(images) ? images : this.flatImages(size);
    const bits = engine.read(this.buffer, bitLayout(own));
    const out = engine.write(buffer, denseLayout(own));
    engine.perImage(own, 'unpackPlanes', {
      bits: bits.plane,
      bitsPitch: bits.pitch,
      T: own.times,
      H: own.height,
      W: own.width,
      C: own.channels,
      out: out.plane,
      outPitch: out.pitch,
    });
  }
}
