// Average pooling, of spikes straight from their bits.

import type { Operand } from '../backend';
import type { PoolGeometry } from '../geometry';
import { type Engine, spread } from './engine';
import type { WasmHandle } from './handle';
import { bitLayout, denseLayout, type Images, imagesUnderWindow } from './images';

/** Pixels of a window whose spikes are counted in 16 bits. */
const MOST_COUNTED = 32_767;

const sides = (g: PoolGeometry) => [
  g.height,
  g.width,
  g.channels,
  g.window,
  g.stride,
  g.outHeight,
  g.outWidth,
];

export function averagePool(engine: Engine, x: Operand, g: PoolGeometry): WasmHandle {
  const images = imagesUnderWindow(x.shape, g);
  const { handle, buffer } = engine.out(g.batch * g.outHeight * g.outWidth * g.channels);
  const out = engine.write(buffer, denseLayout({ ...images, height: g.outHeight, width: g.outWidth }));
  const bits = g.window ** 2 <= MOST_COUNTED ? engine.bits(x.handle, images) : undefined;
  const source = bits === undefined ? engine.planes(x.handle, images) : engine.read(bits, bitLayout(images));
  engine.perImage(images, bits === undefined ? 'averagePool' : 'poolBits', [
    ...spread(source),
    images.times,
    ...sides(g),
    ...spread(out),
  ]);
  return handle;
}

export function averagePoolGradient(engine: Engine, gradient: Operand, g: PoolGeometry): WasmHandle {
  const { height, width, channels, outHeight, outWidth, batch } = g;
  const outImages = imagesUnderWindow(gradient.shape, {
    batch,
    height: outHeight,
    width: outWidth,
    channels,
  });
  const images: Images = { ...outImages, height, width };
  const { handle, buffer } = engine.out(batch * height * width * channels);
  engine.perImage(images, 'averagePoolGradient', [
    ...spread(engine.planes(gradient.handle, outImages)),
    images.times,
    ...sides(g),
    ...spread(engine.write(buffer, denseLayout(images))),
  ]);
  return handle;
}
