// Max pooling; of spikes on their bits, which come out as bits.

import type { MaxPoolKernels, Operand } from '../backend';
import type { WindowGrid } from '../windows';
import type { Engine } from './engine';
import { gridArguments, outImagesOf } from './grid';
import type { WasmHandle } from './handle';
import { bitLayout, denseLayout, imagesUnderWindow } from './images';
import { Bits } from './values/bits';

function maxPool(engine: Engine, x: Operand, g: WindowGrid): WasmHandle {
  const images = imagesUnderWindow(x.shape, g);
  const outImages = outImagesOf(images, g, g.channels);
  const size = g.batch * g.outHeight * g.outWidth * g.channels;
  const sides = { ...gridArguments(g), T: images.times, C: g.channels };
  const bits = engine.bits(x.handle, images);
  if (bits === undefined) {
    const { handle, buffer } = engine.out(size, x.handle.binary);
    const from = engine.planes(x.handle, images);
    const to = engine.write(buffer, denseLayout(outImages));
    engine.perImage(images, 'maxPool', {
      ...sides,
      x: from.plane,
      xPitch: from.pitch,
      out: to.plane,
      outPitch: to.pitch,
    });
    return handle;
  }
  const buffer = engine.buffer(size / 8);
  const from = engine.read(bits, bitLayout(images));
  const to = engine.write(buffer, bitLayout(outImages));
  engine.perImage(images, 'orPool', {
    ...sides,
    bits: from.plane,
    bitsPitch: from.pitch,
    out: to.plane,
    outPitch: to.pitch,
  });
  return engine.lazy(size, new Bits(buffer, g.outWidth, g.channels), true);
}

function maxPoolGradient(engine: Engine, gradient: Operand, x: Operand, g: WindowGrid): WasmHandle {
  const images = imagesUnderWindow(x.shape, g);
  const { handle, buffer } = engine.out(g.batch * g.height * g.width * g.channels);
  const dy = engine.planes(gradient.handle, outImagesOf(images, g, g.channels));
  const to = engine.write(buffer, denseLayout(images));
  const sides = {
    ...gridArguments(g),
    T: images.times,
    C: g.channels,
    dx: to.plane,
    dxPitch: to.pitch,
  };
  const bits = engine.bits(x.handle, images);
  if (bits === undefined) {
    const from = engine.planes(x.handle, images);
    engine.perImage(images, 'maxPoolGradient', {
      ...sides,
      g: dy.plane,
      gPitch: dy.pitch,
      x: from.plane,
      xPitch: from.pitch,
    });
  } else {
    const from = engine.read(bits, bitLayout(images));
    engine.perImage(images, 'orPoolGradient', {
      ...sides,
      gr: dy.plane,
      gPitch: dy.pitch,
      bits: from.plane,
      bitsPitch: from.pitch,
    });
  }
  return handle;
}

export function maxPoolKernels(engine: Engine): MaxPoolKernels {
  return {
    maxPool2d: (x, g) => maxPool(engine, x, g),
    maxPool2dGradient: (gradient, x, g) => maxPoolGradient(engine, gradient, x, g),
  };
}
