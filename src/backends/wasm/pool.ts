// Average pooling, of spikes straight from their bits.

import type { Operand, PoolKernels } from '../backend';
import type { PoolGeometry } from '../geometry';
import type { Engine } from './engine';
import type { WasmHandle } from './handle';
import { bitLayout, denseLayout, type Images, imagesUnderWindow } from './images';

/** Pixels of a window whose spikes are counted in 16 bits. */
const MOST_COUNTED = 32_767;

const sides = (g: PoolGeometry) => ({
  H: g.height,
  W: g.width,
  C: g.channels,
  window: g.window,
  stride: g.stride,
});

function averagePool(engine: Engine, x: Operand, g: PoolGeometry): WasmHandle {
  const images = imagesUnderWindow(x.shape, g);
  const { handle, buffer } = engine.out(g.batch * g.outHeight * g.outWidth * g.channels);
  const out = engine.write(buffer, denseLayout({ ...images, height: g.outHeight, width: g.outWidth }));
  const to = { out: out.plane, outPitch: out.pitch };
  const bits = g.window ** 2 <= MOST_COUNTED ? engine.bits(x.handle, images) : undefined;
  if (bits === undefined) {
    const { plane, pitch } = engine.planes(x.handle, images);
    engine.perImage(images, 'averagePool', {
      x: plane,
      xPitch: pitch,
      T: images.times,
      ...sides(g),
      OH: g.outHeight,
      OW: g.outWidth,
      ...to,
    });
  } else {
    const { plane, pitch } = engine.read(bits, bitLayout(images));
    engine.perImage(images, 'poolBits', {
      bits: plane,
      bitsPitch: pitch,
      T: images.times,
      ...sides(g),
      OH: g.outHeight,
      OW: g.outWidth,
      ...to,
    });
  }
  return handle;
}

function averagePoolGradient(engine: Engine, gradient: Operand, g: PoolGeometry): WasmHandle {
  const { height, width, channels, outHeight, outWidth, batch } = g;
  const outImages = imagesUnderWindow(gradient.shape, {
    batch,
    height: outHeight,
    width: outWidth,
    channels,
  });
  const images: Images = { ...outImages, height, width };
  const { handle, buffer } = engine.out(batch * height * width * channels);
  const from = engine.planes(gradient.handle, outImages);
  const to = engine.write(buffer, denseLayout(images));
  engine.perImage(images, 'averagePoolGradient', {
    g: from.plane,
    gPitch: from.pitch,
    T: images.times,
    ...sides(g),
    OH: outHeight,
    OW: outWidth,
    dx: to.plane,
    dxPitch: to.pitch,
  });
  return handle;
}

export function poolKernels(engine: Engine): PoolKernels {
  return {
    avgPool2d: (x, g) => averagePool(engine, x, g),
    avgPool2dGradient: (gradient, g) => averagePoolGradient(engine, gradient, g),
  };
}
