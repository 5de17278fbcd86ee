// Convolutions. Spikes meet 3x3 windows event by event; the gradient of their input is dense and goes by Winograd; what
// fits neither is im2col and a matrix product, image by image; large layers on small images go by channel. The choice depends on the geometry alone, and between
// the two ways to walk spikes on each image's own firing rate, so that the same numbers always take the same way.

import type { Operand } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import { type Address, counter, part, whole, wholeOut } from '../argument';
import type { Buffer } from '../buffer';
import type { Call } from '../chain';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { bitLayout, denseLayout, type Images, imagesUnderWindow, pixelsOf } from '../images';
import { kernelCall } from '../kernel-call';
import { chunksOf } from '../threads/program';
import { Repeat } from '../values/repeat';
import {
  pairGradientByChannel,
  smallGradientByChannel,
  spikeForwardByChannel,
  spikeWeightsByChannel,
  winogradGradientByChannel,
} from './by-channel';
import { denseForward, denseInputGradient, denseWeights } from './dense';
import { isGrouped } from './geometry';
import { paddedPlanes } from './padded';
import { MOST_IN_QUADS, spikeForward, spikeWeights } from './spikes';
import { stridedGradient, winogradForward, winogradGradient } from './winograd';

/** Bytes of weights from which on threads may share the channels instead of the images. */
const LARGE = 2 ** 20;
/** Pixels of an image, over all time steps, up to which it is not worth reading large weights for it alone. */
const SMALL = 256;

/** Pixels of a row whose spikes the weight gradient lists by positions of 16 bits. */
const WIDEST = 10_000;

export class Convolution {
  /** Where the set bits of every byte are. */
  readonly #positions: Buffer;

  constructor(readonly engine: Engine) {
    this.#positions = engine.buffer(4096);
    engine.compute('bitPositions', { table: engine.scheduler.place(this.#positions) });
  }

  forward(x: Operand, weight: Operand, g: ConvGeometry): WasmHandle {
    const { engine } = this;
    const images = imagesUnderWindow(x.shape, g);
    const w = engine.dense(weight);
    const out = engine.out(g.batch * g.outHeight * g.outWidth * g.filters);
    const outImages = outImagesOf(images, g);
    const to = engine.write(out.buffer, denseLayout(outImages));
    const bits = isGrouped(g) ? engine.bits(x.handle, images) : undefined;
    if (
      bits === undefined &&
      isGrouped(g) &&
      g.stride === 1 &&
      this.#winogradPays(g) &&
      !isStill(engine, x)
    ) {
      winogradForward(engine, paddedPlanes(engine, x.handle, images), images, w, g, to);
      engine.dropPadded(engine.handle(x.handle));
    } else if (bits === undefined) {
      denseForward(engine, engine.planes(x.handle, images), images, w, g, to);
    } else if (isLarge(g) && g.channels > MOST_IN_QUADS && hasFewPixels(images)) {
      spikeForwardByChannel(engine, this.#positions, bits, images, outImages, w, g, out.buffer);
    } else {
      spikeForward(engine, this.#positions, engine.read(bits, bitLayout(images)), images, w, g, to);
    }
    return out.handle;
  }

  inputGradient(gradient: Operand, weight: Operand, g: ConvGeometry): WasmHandle {
    const { engine } = this;
    const outImages = imagesUnderWindow(gradient.shape, {
      batch: g.batch,
      height: g.outHeight,
      width: g.outWidth,
      channels: g.filters,
    });
    const images: Images = { ...outImages, height: g.height, width: g.width, channels: g.channels };
    const w = engine.dense(weight);
    const out = engine.out(g.batch * g.height * g.width * g.channels);
    const to = engine.write(out.buffer, denseLayout(images));
    const isSmall = !this.#winogradPays(g);
    if (!isGrouped(g) || (g.stride === 1 && isSmall && !isLarge(g))) {
      denseInputGradient(engine, engine.planes(gradient.handle, outImages), images, w, g, to);
      return out.handle;
    }
    const dy = paddedPlanes(engine, gradient.handle, outImages);
    if (isLarge(g) && g.stride === 1 && g.height === 2 && g.width === 2) {
      pairGradientByChannel(engine, dy, images, w, g, out.buffer);
    } else if (isSmall && isLarge(g)) smallGradientByChannel(engine, dy, images, outImages, w, g, out.buffer);
    else if (g.stride === 2) stridedGradient(engine, dy, images, w, g, to);
    else if (isLarge(g) && hasFewPixels(images)) {
      winogradGradientByChannel(engine, dy, images, w, g, out.buffer);
    } else winogradGradient(engine, dy, images, w, g, to);
    return out.handle;
  }

  /** Whether the image has few empty tiles. */
  #winogradPays({ stride, height, width, outHeight, outWidth }: ConvGeometry): boolean {
    return stride === 1
      ? this.engine.compute('winogradPays', { H: height, W: width }) !== 0
      : this.engine.compute('stridedWinogradPays', { OH: outHeight, OW: outWidth }) !== 0;
  }

  weightGradient(x: Operand, gradient: Operand, g: ConvGeometry): WasmHandle {
    const { engine } = this;
    const images = imagesUnderWindow(x.shape, g);
    const outImages = outImagesOf(images, g);
    const size = g.kernelHeight * g.kernelWidth * g.channels * g.filters;
    const out = engine.out(size);
    if (images.images === 0) {
      engine.heap.bytes(engine.scheduler.place(out.buffer), size * 4).fill(0);
      return out.handle;
    }
    const bits = isGrouped(g) && g.width <= WIDEST ? engine.bits(x.handle, images) : undefined;
    if (bits === undefined) {
      this.#sumOverChunks(images, size, out.buffer, (to) =>
        denseWeights(engine, x.handle, images, gradient.handle, outImages, g, to),
      );
      return out.handle;
    }
    const dy = paddedPlanes(engine, gradient.handle, outImages);
    if (isLarge(g)) {
      spikeWeightsByChannel(engine, this.#positions, bits, images, dy, outImages, g, out.buffer);
    } else {
      this.#sumOverChunks(
        images,
        size,
        out.buffer,
        (to) => spikeWeights(engine, this.#positions, bits, images, dy, outImages, g, to),
        g,
      );
    }
    return out.handle;
  }

  /**
   * Sums over the images: each chunk of images has a sum of its own, so that the result does not depend on the threads.
   * @param call adds one image's part to the chunk's sum
   * @param grouped the geometry where sums lie in the spikes' order of channels, which the last addition undoes
   */
  #sumOverChunks(
    images: Images,
    size: number,
    out: Buffer,
    call: (to: Address) => Call,
    grouped?: ConvGeometry,
  ): void {
    const { engine } = this;
    const { scheduler } = engine;
    const bytes = size * 4;
    const chunks = chunksOf(images.images);
    const parts = engine.buffer(chunks * bytes);
    scheduler.schedule(images.images, [
      kernelCall('clear', 'chunk', { p: part(parts, bytes), bytes }),
      call(part(parts, bytes)),
    ]);
    // the chunks' sums wait for the phase's end and are added beside the next phase's work
    scheduler.afterwards(out, () => {
      if (grouped === undefined) {
        engine.flat(size, 'sumParts', (read, write, count) => ({
          parts: read(parts),
          count: chunks,
          bytes,
          n: count,
          out: write(out),
        }));
      } else {
        const { channels, filters } = grouped;
        scheduler.schedule(channels / 8, [
          kernelCall('weightGradientSum', 'item', {
            parts: whole(parts),
            nParts: chunks,
            partBytes: bytes,
            cin: channels,
            cout: filters,
            dst: wholeOut(out),
            cinFrom: counter(8),
            cinTo: counter(8, 8),
          }),
        ]);
      }
      scheduler.release(parts);
    });
  }
}

/** One image for all time steps, which a product need not see more than once. */
function isStill(engine: Engine, x: Operand): boolean {
  return engine.handle(x.handle).value instanceof Repeat;
}

function hasFewPixels(images: Images): boolean {
  return images.times * pixelsOf(images) <= SMALL;
}

function isLarge(g: ConvGeometry): boolean {
  return 4 * g.kernelHeight * g.kernelWidth * g.channels * g.filters >= LARGE;
}

function outImagesOf(images: Images, g: ConvGeometry): Images {
  return { ...images, height: g.outHeight, width: g.outWidth, channels: g.filters };
}
