// A_c·dx + B_c·y + D_c: what tdBN's backward gives. The coefficients are A[C], B[C], D[C].

import { entire } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { denseLayout, type Images, pixelsOf } from '../images';
import { single, type Value } from './value';

export class NormGradient implements Value {
  readonly sources: readonly [WasmHandle, WasmHandle];
  readonly buffers: readonly [Buffer];

  constructor(
    readonly dx: WasmHandle,
    readonly y: WasmHandle,
    readonly coefficients: Buffer,
    readonly channels: number,
  ) {
    this.sources = [dx, y];
    this.buffers = [coefficients];
  }

  fits({ channels }: Images): boolean {
    return channels === this.channels;
  }

  flatImages(size: number): Images {
    return { ...single, width: size / this.channels, channels: this.channels };
  }

  spellOut(engine: Engine, _size: number, images: Images, buffer: Buffer): void {
    const dx = engine.planes(this.dx, images);
    const y = engine.planes(this.y, images);
    const out = engine.write(buffer, denseLayout(images));
    engine.perImage(images, 'affine2', {
      dx: dx.plane,
      dxPitch: dx.pitch,
      y: y.plane,
      yPitch: y.pitch,
      T: images.times,
      pixels: pixelsOf(images),
      C: images.channels,
      abd: entire(this.coefficients),
      out: out.plane,
      outPitch: out.pitch,
    });
  }
}
