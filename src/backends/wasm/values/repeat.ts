// x, `times` times along a new leading axis: an image that is shown at every step.

import { image } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { WasmHandle } from '../handle';
import { denseLayout, type Images } from '../images';
import { single, type Value } from './value';

export class Repeat implements Value {
  readonly sources: readonly [WasmHandle];
  readonly buffers = [];

  constructor(
    readonly x: WasmHandle,
    readonly times: number,
  ) {
    this.sources = [x];
  }

  fits({ times }: Images): boolean {
    return times === this.times;
  }

  flatImages(size: number): Images {
    return { ...single, times: this.times, channels: size / this.times };
  }

  /** The one plane, at a distance of 0 from the next. */
  planes(engine: Engine, images: Images): Planes | undefined {
    if (images.times !== this.times) return undefined;
    const layout = denseLayout({ ...images, times: 1 });
    return { plane: image(engine.numbers(this.x, images), layout), pitch: 0 };
  }

  spellOut(engine: Engine, _size: number, images: Images, buffer: Buffer): void {
    engine.copyPlanes(this.planes(engine, images)!, images, buffer);
  }
}
