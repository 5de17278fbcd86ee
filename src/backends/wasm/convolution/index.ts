// Convolutions. Spikes meet 3x3 windows event by event; the gradient of their input is dense and goes by Winograd;
// what fits neither is im2col and a matrix product, image by image; large layers on small images go by channel.
// plan.ts chooses.

import type { ConvolutionKernels, Operand } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import type { Address } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { bitLayout, denseLayout, type Images, imagesUnderWindow, pixelsOf } from '../images';
import { Repeat } from '../values/repeat';
import {
  pairGradientByChannel,
  smallGradientByChannel,
  spikeForwardByChannel,
  spikeWeightsByChannel,
  winogradGradientByChannel,
} from './by-channel';
import { sumOverChunks } from './chunk-sums';
import { denseForward, denseInputGradient, denseWeights } from './dense';
import { isGrouped, isPointwise } from './geometry';
import { paddedPlanes } from './padded';
import { pixelForward, pixelWeights } from './pixels';
import { type Facts, isLarge, type Plan, planForward, planInputGradient, planWeightGradient } from './plan';
import { spikeForward, spikeWeights } from './spikes';
import { stridedGradient, winogradForward, winogradGradient } from './winograd';

/** Pixels of a row whose spikes the weight gradient lists by positions of 16 bits. */
const WIDEST = 10_000;

export function convolutionKernels(engine: Engine): ConvolutionKernels {
  const convolution = new Convolutions(engine);
  return {
    conv2d: (x, weight, g) => convolution.forward(x, weight, g),
    conv2dInputGradient: (gradient, weight, g) => convolution.inputGradient(gradient, weight, g),
    conv2dWeightGradient: (x, gradient, g) => convolution.weightGradient(x, gradient, g),
  };
}

class Convolutions {
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
    const bits = isGrouped(g) || isPointwise(g) ? engine.bits(x.handle, images) : undefined;
    const terms = this.#terms(x, bits, images, g);
    const facts: Facts = {
      pixels: images.times * pixelsOf(images),
      // asked for where there are no spikes alone
      tilesFill: bits === undefined && this.#tilesFill(g),
      spikes: bits !== undefined,
      sum: terms !== undefined,
      still: isStill(engine, x),
    };
    const { way } = this.#noted('forward', planForward(g, facts), g);
    switch (way) {
      case 'winograd':
        winogradForward(engine, paddedPlanes(engine, x.handle, images), images, w, g, to);
        engine.dropPadded(engine.handle(x.handle));
        break;
      case 'windows':
        denseForward(engine, engine.planes(x.handle, images), images, w, g, to);
        break;
      case 'spikes by pixel':
        pixelForward(engine, bits!, images, w, g, to);
        break;
      case 'spikes by channel':
        spikeForwardByChannel(engine, this.#positions, bits!, images, outImages, w, g, out.buffer);
        break;
      case 'spikes':
        spikeForward(engine, this.#positions, engine.read(bits!, bitLayout(images)), images, w, g, to);
        break;
      case 'spikes by term':
        for (const [i, term] of terms!.entries())
          spikeForward(
            engine,
            this.#positions,
            engine.read(term, bitLayout(images)),
            images,
            w,
            g,
            to,
            i > 0,
          );
        break;
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
    const { way } = this.#noted('input gradient', planInputGradient(g, this.#factsOf(images, g)), g);
    if (way === 'windows') {
      denseInputGradient(engine, engine.planes(gradient.handle, outImages), images, w, g, to);
      return out.handle;
    }
    const dy = paddedPlanes(engine, gradient.handle, outImages);
    switch (way) {
      case 'pairs by channel':
        pairGradientByChannel(engine, dy, images, w, g, out.buffer);
        break;
      case 'small by channel':
        smallGradientByChannel(engine, dy, images, outImages, w, g, out.buffer);
        break;
      case 'phases':
        stridedGradient(engine, dy, images, w, g, to);
        break;
      case 'winograd by channel':
        winogradGradientByChannel(engine, dy, images, w, g, out.buffer);
        break;
      case 'winograd':
        winogradGradient(engine, dy, images, w, g, to);
        break;
    }
    return out.handle;
  }

  #factsOf(images: Images, g: ConvGeometry): Facts {
    return { pixels: images.times * pixelsOf(images), tilesFill: this.#tilesFill(g) };
  }

  /** Written down while it is profiled. */
  #noted<P extends Plan>(direction: string, plan: P, g: ConvGeometry): P {
    this.engine.scheduler.log?.addPlan(direction, plan, g);
    return plan;
  }

  /** Whether the image has few empty tiles. */
  #tilesFill({ stride, height, width, outHeight, outWidth }: ConvGeometry): boolean {
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
    const mayBeBits = isPointwise(g) || (isGrouped(g) && g.width <= WIDEST);
    const bits = mayBeBits ? engine.bits(x.handle, images) : undefined;
    const terms = this.#terms(x, bits, images, g);
    const plan = planWeightGradient(g, { spikes: bits !== undefined, sum: terms !== undefined });
    const { way } = this.#noted('weight gradient', plan, g);
    switch (way) {
      case 'windows':
        sumOverChunks(engine, images, size, out.buffer, (to) => [
          denseWeights(engine, x.handle, images, gradient.handle, outImages, g, to),
        ]);
        break;
      case 'spikes by pixel': {
        const dy = engine.planes(gradient.handle, outImages);
        sumOverChunks(engine, images, size, out.buffer, (to) => [
          pixelWeights(engine, bits!, images, dy, g, to),
        ]);
        break;
      }
      case 'spikes by channel': {
        const dy = paddedPlanes(engine, gradient.handle, outImages);
        spikeWeightsByChannel(engine, this.#positions, bits!, images, dy, outImages, g, out.buffer);
        break;
      }
      case 'spikes':
      case 'spikes by term': {
        const dy = paddedPlanes(engine, gradient.handle, outImages);
        const calls = (to: Address) =>
          (terms ?? [bits!]).map((term) =>
            spikeWeights(engine, this.#positions, term, images, dy, outImages, g, to),
          );
        sumOverChunks(engine, images, size, out.buffer, calls, g);
        break;
      }
    }
    return out.handle;
  }

  /** The terms of a sum of spikes, where convolutions may take them one by one. */
  #terms(
    x: Operand,
    bits: Buffer | undefined,
    images: Images,
    g: ConvGeometry,
  ): readonly Buffer[] | undefined {
    const mayBe = bits === undefined && isGrouped(g) && !isLarge(g) && g.width <= WIDEST;
    return mayBe ? this.engine.termBits(x.handle, images) : undefined;
  }
}

/** One image for all time steps, which a product need not see more than once. */
function isStill(engine: Engine, x: Operand): boolean {
  return engine.handle(x.handle).value instanceof Repeat;
}

function outImagesOf(images: Images, g: ConvGeometry): Images {
  return { ...images, height: g.outHeight, width: g.outWidth, channels: g.filters };
}
