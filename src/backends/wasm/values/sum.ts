// a + b, of equal shapes: a residual sum, which the neuron behind it adds up on the way.

import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { denseLayout, type Images } from '../images';
import { single, type Value } from './value';

export class Sum implements Value {
  readonly sources: readonly [WasmHandle, WasmHandle];
  readonly buffers = [];

  constructor(
    readonly a: WasmHandle,
    readonly b: WasmHandle,
  ) {
    this.sources = [a, b];
  }

  fits(): boolean {
    return true;
  }

  flatImages(size: number): Images {
    return { ...single, channels: size };
  }

  spellOut(engine: Engine, _size: number, images: Images, buffer: Buffer): void {
    const a = engine.planes(this.a, images);
    const b = engine.planes(this.b, images);
    const layout = denseLayout(images);
    const out = engine.write(buffer, layout);
    engine.perImage(images, 'addPlanes', {
      a: a.plane,
      aPitch: a.pitch,
      b: b.plane,
      bPitch: b.pitch,
      T: images.times,
      n: layout.planeBytes / 4,
      out: out.plane,
      outPitch: out.pitch,
    });
  }
}
