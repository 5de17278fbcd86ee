// Each row of C numbers of x, for `pixels` pixels: the gradient of a mean over an image.

import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { denseLayout, type Images, pixelsOf } from '../images';
import { single, type Value } from './value';

export class PerPixel implements Value {
  readonly sources: readonly [WasmHandle];
  readonly buffers = [];

  constructor(
    readonly x: WasmHandle,
    readonly pixels: number,
    readonly channels: number,
  ) {
    this.sources = [x];
  }

  fits(images: Images): boolean {
    return this.pixels === pixelsOf(images) && this.channels === images.channels;
  }

  flatImages(size: number): Images {
    const { pixels, channels } = this;
    return { ...single, times: size / (pixels * channels), width: pixels, channels };
  }

  spellOut(engine: Engine, _size: number, images: Images, buffer: Buffer): void {
    const rows = { ...images, height: 1, width: 1 };
    const x = engine.read(engine.numbers(this.x, rows), denseLayout(rows));
    const out = engine.write(buffer, denseLayout(images));
    engine.perImage(images, 'perPixel', {
      x: x.plane,
      xPitch: x.pitch,
      T: images.times,
      pixels: this.pixels,
      C: this.channels,
      scale: 1,
      out: out.plane,
      outPitch: out.pitch,
    });
  }
}
