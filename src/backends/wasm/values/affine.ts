// a_c·x + b_c: what tdBN makes of x. The coefficients are a[C], b[C].

import { entire } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { denseLayout, type Images, pixelsOf } from '../images';
import { single, type Value } from './value';

export class Affine implements Value {
  readonly sources: readonly [WasmHandle];
  readonly buffers: readonly Buffer[];

  /** @param mean of the batch by channel, where the coefficients follow from it */
  constructor(
    readonly x: WasmHandle,
    readonly coefficients: Buffer,
    readonly channels: number,
    readonly mean?: Buffer,
  ) {
    this.sources = [x];
    this.buffers = mean === undefined ? [coefficients] : [coefficients, mean];
  }

  fits({ channels }: Images): boolean {
    return channels === this.channels;
  }

  flatImages(size: number): Images {
    return { ...single, width: size / this.channels, channels: this.channels };
  }

  spellOut(engine: Engine, _size: number, images: Images, buffer: Buffer): void {
    const x = engine.planes(this.x, images);
    const out = engine.write(buffer, denseLayout(images));
    engine.perImage(images, 'affine', {
      y: x.plane,
      yPitch: x.pitch,
      T: images.times,
      pixels: pixelsOf(images),
      C: images.channels,
      coef: entire(this.coefficients),
      out: out.plane,
      outPitch: out.pitch,
    });
  }
}
