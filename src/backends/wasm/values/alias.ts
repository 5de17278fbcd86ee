// The same numbers as another handle: a handle of its own, which may be freed, or changed in place, on its own.

import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { WasmHandle } from '../handle';
import type { Images } from '../images';
import type { Value } from './value';

export class Alias implements Value {
  readonly sources: readonly [WasmHandle];
  readonly buffers = [];

  constructor(readonly of: WasmHandle) {
    this.sources = [of];
  }

  fits(images: Images): boolean {
    return this.of.value.fits(images);
  }

  flatImages(size: number): Images {
    return this.of.value.flatImages(size);
  }

  planes(engine: Engine, images: Images): Planes {
    return engine.planes(this.of, images);
  }

  spellOut(engine: Engine, _size: number, images: Images, buffer: Buffer): void {
    engine.copyPlanes(engine.planes(this.of, images), images, buffer);
  }
}
