// Gradient planes with a border of zeros, which both gradients of a 3x3 convolution read.

import type { Handle } from '../../backend';
import { entire } from '../argument';
import type { ImageLayout } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { Images } from '../images';
import { NormGradient } from '../values/norm-gradient';

/** Gradient planes with zeros around them, made once for both gradients of a convolution. */
export function paddedPlanes(engine: Engine, given: Handle, images: Images): Planes {
  const handle = engine.handle(given);
  const { times, height, width, channels } = images;
  const rows = paddedSide(height);
  const columns = paddedSide(width);
  const planeBytes = paddedBytes(height, width, channels);
  const layout: ImageLayout = { times, images: images.images, planeBytes };
  const key = `${times},${images.images},${height},${width},${channels}`;
  if (handle.padded?.key !== key) {
    engine.dropPadded(handle);
    const buffer = engine.buffer(times * images.images * layout.planeBytes);
    const { plane, pitch } = engine.write(buffer, layout);
    const sides = {
      T: times,
      H: height,
      W: width,
      C: channels,
      out: plane,
      outPitch: pitch,
      PH: rows,
      PW: columns,
    };
    const { value } = handle;
    if (value instanceof NormGradient) {
      const dx = engine.planes(value.dx, images);
      const y = engine.planes(value.y, images);
      engine.perImage(images, 'affine2Padded', {
        ...sides,
        dx: dx.plane,
        dxPitch: dx.pitch,
        y: y.plane,
        yPitch: y.pitch,
        abd: entire(value.coefficients),
      });
    } else {
      const x = engine.planes(handle, images);
      engine.perImage(images, 'padPlanes', { ...sides, x: x.plane, xPitch: x.pitch });
    }
    handle.padded = { buffer, key };
    buffer.loose = false;
  }
  return engine.read(handle.padded!.buffer, layout);
}

/** Winograd's tiles cover four pixels; one more on either side. */
export const paddedSide = (length: number) => 4 * Math.ceil(length / 4) + 2;

/** Planes whose distance is a power of two would share cache sets. */
export function paddedBytes(height: number, width: number, channels: number): number {
  const bytes = paddedSide(height) * paddedSide(width) * channels * 4;
  return bytes + ((bytes & (bytes - 1)) === 0 ? 64 : 0);
}
