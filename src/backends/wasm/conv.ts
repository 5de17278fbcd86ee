// Convolutions. Spikes meet 3x3 windows event by event; the gradient of their input is dense and goes by Winograd; what
// fits neither is im2col and a matrix product, image by image. The choice depends on the geometry alone, and between
// the two ways to walk spikes on each image's own firing rate, so that the same numbers always take the same way.

import type { Handle, Operand } from '../backend';
import type { ConvGeometry } from '../geometry';
import { type Argument, type BufferArgument, counter, part, scratch, whole, wholeOut } from './argument';
import { Buffer, type ImageLayout } from './buffer';
import { type Engine, type Planes, spread } from './engine';
import type { WasmHandle } from './handle';
import { bitLayout, denseLayout, type Images, imagesUnderWindow } from './images';
import type { Call } from './scheduler';
import { chunksOf } from './threads/program';

/** Kernels for spikes and Winograd: 3x3 windows, one pixel of zeros around, groups of eight channels. */
function isGrouped(g: ConvGeometry): boolean {
  return (
    g.kernelHeight === 3 &&
    g.kernelWidth === 3 &&
    g.padding === 1 &&
    (g.stride === 1 || g.stride === 2) &&
    g.channels % 8 === 0 &&
    g.filters % 8 === 0
  );
}

/** Input channels up to which spikes may be looked up in fours; beyond, they go one by one at any rate. */
const MOST_IN_QUADS = 64;
/** Bytes from which on a form of the weights is made once for all threads. */
const SHARED_FORM = 2 ** 20;
/** Bytes of a weight gradient from which on it is not summed chunk by chunk. */
const LARGE_GRADIENT = 2 ** 20;
/** Input channels of such a gradient that make one item. */
const CHANNELS_AT_ONCE = 32;

export class Convolution {
  /** Where the set bits of every byte are. */
  readonly #positions: Buffer;

  constructor(readonly engine: Engine) {
    this.#positions = engine.buffer(4096);
    engine.compute('bitPositions', engine.scheduler.place(this.#positions));
  }

  #outImages(images: Images, g: ConvGeometry): Images {
    return { ...images, height: g.outHeight, width: g.outWidth, channels: g.filters };
  }

  forward(x: Operand, weight: Operand, g: ConvGeometry): WasmHandle {
    const { engine } = this;
    const images = imagesUnderWindow(x.shape, g);
    const outImages = this.#outImages(images, g);
    const w = engine.dense(weight);
    const out = engine.out(g.batch * g.outHeight * g.outWidth * g.filters);
    const to = engine.write(out.buffer, denseLayout(outImages));
    const bits = isGrouped(g) ? engine.bits(x.handle, images) : undefined;
    if (bits !== undefined) this.#spikeForward(engine.read(bits, bitLayout(images)), images, w, g, to);
    else this.#denseForward(engine.planes(x.handle, images), images, w, g, to);
    return out.handle;
  }

  #spikeForward(bits: Planes, images: Images, w: Buffer, g: ConvGeometry, to: Planes): void {
    const { engine } = this;
    const { times, height, width, channels } = images;
    const sizes = [times, height, width, channels, g.filters, g.stride];
    const own = scratch(engine.compute('eventScratchBytes', width, channels));
    const positions = whole(this.#positions);
    if (channels > MOST_IN_QUADS) {
      const bytes = engine.compute('eventWeightBytes', channels, g.filters);
      const form = this.#form(bytes, g.filters / 8, (first, end, out) => {
        return { kernel: 'eventWeightsPart', args: [whole(w), channels, g.filters, first, end, out] };
      });
      const call: Call = {
        kernel: 'eventConv',
        when: 'item',
        flop: flopOf(g, times),
        args: [...spread(bits), ...sizes, form.weights, ...spread(to), own, positions],
      };
      engine.scheduler.schedule(images.images, [...form.calls, call], true);
      form.release();
      return;
    }
    const state = scratch(64);
    const forms = scratch(engine.compute('spikeConvWeightBytes', channels, g.filters));
    engine.scheduler.schedule(
      images.images,
      [
        { kernel: 'clear', when: 'thread', args: [state, 64] },
        {
          kernel: 'spikeConv',
          when: 'item',
          flop: flopOf(g, times),
          args: [...spread(bits), ...sizes, whole(w), state, forms, positions, own, ...spread(to)],
        },
      ],
      true,
    );
  }

  /**
   * A form of the weights that a kernel wants: made by each thread for itself where it is small, and so hot in its
   * cache; by all threads together, in parts of eight channels, where it is large.
   * @param make the call for channels first .. end
   */
  #form(
    bytes: number,
    parts: number,
    make: (first: Argument, end: Argument, out: Argument) => Omit<Call, 'when'>,
  ): { weights: Argument; calls: Call[]; release(): void } {
    const { scheduler } = this.engine;
    if (bytes < SHARED_FORM) {
      const weights = scratch(bytes);
      return { weights, calls: [{ ...make(0, 8 * parts, weights), when: 'thread' }], release() {} };
    }
    const buffer = new Buffer(bytes);
    scheduler.schedule(parts, [{ ...make(counter(8), counter(8, 8), wholeOut(buffer)), when: 'item' }]);
    return { weights: whole(buffer), calls: [], release: () => scheduler.release(buffer) };
  }

  #denseForward(x: Planes, images: Images, w: Buffer, g: ConvGeometry, to: Planes): void {
    const { engine } = this;
    const depth = g.kernelHeight * g.kernelWidth * g.channels;
    const panels = scratch(engine.compute('panelBytes', depth, g.filters));
    const own = scratch(engine.compute('denseScratchBytes', g.kernelHeight, g.kernelWidth, g.channels));
    engine.scheduler.schedule(
      images.images,
      [
        {
          kernel: 'packPanels',
          when: 'thread',
          args: [whole(w), g.filters * 4, 4, depth, g.filters, panels],
        },
        {
          kernel: 'denseConv',
          when: 'item',
          flop: flopOf(g, images.times),
          args: [...spread(x), images.times, ...forwardArguments(g), panels, ...spread(to), own],
        },
      ],
      true,
    );
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
    const { times } = images;
    const { channels, filters } = g;
    const isTiny = g.stride === 1 && engine.compute('winogradPays', g.height, g.width) === 0;
    if (!isGrouped(g) || isTiny) {
      const depth = g.kernelHeight * g.kernelWidth * channels;
      const panels = scratch(engine.compute('panelBytes', filters, depth));
      const own = scratch(engine.compute('denseScratchBytes', g.kernelHeight, g.kernelWidth, g.channels));
      const dy = engine.planes(gradient.handle, outImages);
      engine.scheduler.schedule(
        images.images,
        [
          // w transposed: rows are filters
          { kernel: 'packPanels', when: 'thread', args: [whole(w), 4, filters * 4, filters, depth, panels] },
          {
            kernel: 'denseInputGradient',
            when: 'item',
            flop: flopOf(g, times),
            args: [...spread(dy), times, ...backwardArguments(g), panels, ...spread(to), own],
          },
        ],
        true,
      );
      return out.handle;
    }
    const dy = this.#padded(gradient.handle, outImages);
    if (g.stride === 1) this.#winograd(dy, images, w, g, to);
    else this.#strided(dy, images, w, g, to);
    return out.handle;
  }

  #winograd(dy: Planes, { images, times }: Images, w: Buffer, g: ConvGeometry, to: Planes): void {
    const { engine } = this;
    const { channels, filters, height, width } = g;
    const own = scratch(engine.compute('winogradScratchBytes', channels, filters));
    const transform = scratch(engine.compute('winogradWeightScratchBytes'));
    const bytes = engine.compute('winogradWeightBytes', channels, filters);
    const form = this.#form(bytes, channels / 8, (first, end, out) => {
      return {
        kernel: 'winogradWeightsPart',
        args: [whole(w), channels, filters, first, end, out, transform],
      };
    });
    const call: Call = {
      kernel: 'winogradInputGradient',
      when: 'item',
      flop: flopOf(g, times),
      args: [...spread(dy), times, height, width, filters, channels, form.weights, ...spread(to), own],
    };
    engine.scheduler.schedule(images, [...form.calls, call], true);
    form.release();
  }

  /** Winograd on each of the four phases of the image, or the phases' few taps as products, where tiles would be empty. */
  #strided(dy: Planes, { images, times }: Images, w: Buffer, g: ConvGeometry, to: Planes): void {
    const { engine } = this;
    const { channels, filters, outHeight, outWidth, height, width } = g;
    const sizes = [times, outHeight, outWidth, height, width, filters, channels];
    if (engine.compute('stridedWinogradPays', outHeight, outWidth) === 0) {
      const weights = scratch(engine.compute('stridedWeightBytes', channels, filters));
      const args = [...spread(dy), ...sizes, weights, ...spread(to)];
      engine.scheduler.schedule(
        images,
        [
          { kernel: 'stridedWeights', when: 'thread', args: [whole(w), channels, filters, weights] },
          { kernel: 'stridedInputGradient', when: 'item', flop: flopOf(g, times), args },
        ],
        true,
      );
      return;
    }
    const own = scratch(engine.compute('stridedWinogradScratchBytes', channels, filters));
    const bytes = engine.compute('stridedWinogradWeightBytes', channels, filters);
    const form = this.#form(bytes, channels / 8, (first, end, out) => {
      return {
        kernel: 'stridedWinogradWeightsPart',
        args: [whole(w), channels, filters, first, end, out, own],
      };
    });
    const args = [...spread(dy), ...sizes, form.weights, ...spread(to), own];
    engine.scheduler.schedule(
      images,
      [...form.calls, { kernel: 'stridedWinogradGradient', when: 'item', flop: flopOf(g, times), args }],
      true,
    );
    form.release();
  }

  weightGradient(x: Operand, gradient: Operand, g: ConvGeometry): WasmHandle {
    const { engine } = this;
    const { scheduler } = engine;
    const images = imagesUnderWindow(x.shape, g);
    const outImages = this.#outImages(images, g);
    const depth = g.kernelHeight * g.kernelWidth * g.channels;
    const bytes = depth * g.filters * 4;
    const chunks = chunksOf(images.images);
    const out = engine.out(depth * g.filters);
    const parts = engine.buffer(chunks * bytes);
    const bits = isGrouped(g) ? engine.bits(x.handle, images) : undefined;
    if (bits !== undefined && bytes >= LARGE_GRADIENT && images.images > 0) {
      scheduler.release(parts);
      this.#weightsByChannel(
        bits,
        images,
        this.#padded(gradient.handle, outImages),
        outImages,
        g,
        out.buffer,
      );
      return out.handle;
    }
    const call =
      bits !== undefined
        ? this.#spikeWeights(
            bits,
            images,
            this.#padded(gradient.handle, outImages),
            outImages,
            g,
            part(parts, bytes),
          )
        : this.#denseWeights(x.handle, images, gradient.handle, outImages, g, part(parts, bytes));
    engine.scheduler.schedule(images.images, [
      { kernel: 'clear', when: 'chunk', args: [part(parts, bytes), bytes] },
      call,
    ]);
    if (images.images === 0) {
      engine.heap.bytes(engine.scheduler.place(out.buffer), bytes).fill(0);
      engine.scheduler.release(parts);
      return out.handle;
    }
    // the chunks' sums wait for the phase's end and are added beside the next phase's work
    scheduler.afterwards(out.buffer, () => {
      if (bits !== undefined) {
        scheduler.schedule(g.channels / 8, [
          {
            kernel: 'weightGradientSum',
            when: 'item',
            args: [
              whole(parts),
              chunks,
              bytes,
              g.channels,
              g.filters,
              wholeOut(out.buffer),
              counter(8),
              counter(8, 8),
            ],
          },
        ]);
      } else {
        engine.flat(depth * g.filters, 'sumParts', (read, write, count) => [
          read(parts),
          chunks,
          bytes,
          count,
          write(out.buffer),
        ]);
      }
      scheduler.release(parts);
    });
    return out.handle;
  }

  /**
   * For large layers on small images: threads share the input channels instead of the images, so that there is one sum
   * and not one for each chunk. All planes lie at one distance: they are one long sequence.
   */
  #weightsByChannel(
    bits: Buffer,
    images: Images,
    dy: Planes,
    { height, width }: Images,
    g: ConvGeometry,
    out: Buffer,
  ): void {
    const { engine } = this;
    const { scheduler } = engine;
    const planes = images.times * images.images;
    const span = CHANNELS_AT_ONCE;
    const sum = new Buffer(9 * g.channels * g.filters * 4);
    const own = scratch(engine.compute('spikeWeightScratchBytes', planes, g.height, g.width, span, g.stride));
    const padded = (dy.plane as BufferArgument).buffer;
    const args = [
      whole(bits),
      bitLayout(images).planeBytes,
      planes,
      g.height,
      g.width,
      g.channels,
      g.filters,
      g.stride,
      whole(padded),
      paddedBytes(height, width, g.filters),
      paddedSide(width),
      wholeOut(sum),
      own,
      whole(this.#positions),
    ];
    engine.flat(9 * g.channels * g.filters, 'clear', (_, to, count) => [to(sum), 4 * count]);
    const blocks = Math.floor(g.channels / span);
    const flop = (flopOf(g, planes) * span) / g.channels;
    const part = (from: Argument, to: Argument): Call[] => [
      { kernel: 'spikeWeightGradient', when: 'item', flop, args: [...args, from, to] },
      {
        kernel: 'weightGradientSum',
        when: 'item',
        args: [whole(sum), 1, 0, g.channels, g.filters, wholeOut(out), from, to],
      },
    ];
    scheduler.scheduleTogether([
      { items: blocks, calls: part(counter(span), counter(span, span)) },
      { items: g.channels % span === 0 ? 0 : 1, calls: part(blocks * span, g.channels) },
    ]);
    scheduler.release(sum);
  }

  #spikeWeights(
    bits: Buffer,
    images: Images,
    dy: Planes,
    { width }: Images,
    g: ConvGeometry,
    to: Argument,
  ): Call {
    const { engine } = this;
    const own = scratch(
      engine.compute('spikeWeightScratchBytes', images.times, g.height, g.width, g.channels, g.stride),
    );
    return {
      kernel: 'spikeWeightGradient',
      when: 'item',
      flop: flopOf(g, images.times),
      args: [
        ...spread(engine.read(bits, bitLayout(images))),
        images.times,
        g.height,
        g.width,
        g.channels,
        g.filters,
        g.stride,
        ...spread(dy),
        paddedSide(width),
        to,
        own,
        whole(this.#positions),
        0,
        g.channels,
      ],
    };
  }

  #denseWeights(
    x: Handle,
    images: Images,
    dy: Handle,
    outImages: Images,
    g: ConvGeometry,
    to: Argument,
  ): Call {
    const { engine } = this;
    const own = scratch(
      engine.compute(
        'denseWeightScratchBytes',
        g.kernelHeight,
        g.kernelWidth,
        g.channels,
        g.filters,
        g.outHeight * g.outWidth,
      ),
    );
    return {
      kernel: 'denseWeightGradient',
      when: 'item',
      flop: flopOf(g, images.times),
      args: [
        ...spread(engine.planes(x, images)),
        images.times,
        ...forwardArguments(g),
        ...spread(engine.planes(dy, outImages)),
        to,
        own,
      ],
    };
  }

  /** Gradient planes with zeros around them, made once for both gradients of a convolution. */
  #padded(given: Handle, images: Images): Planes {
    const { engine } = this;
    const handle = engine.handle(given);
    const { times, height, width, channels } = images;
    const rows = paddedSide(height);
    const columns = paddedSide(width);
    const planeBytes = paddedBytes(height, width, channels);
    const layout: ImageLayout = { times, images: images.images, planeBytes };
    const key = `${times},${images.images},${height},${width},${channels}`;
    if (handle.padded?.key !== key) {
      engine.dropPadded(handle);
      const buffer = new Buffer(times * images.images * layout.planeBytes);
      const { plane, pitch } = engine.write(buffer, layout);
      const end = [plane, pitch, rows, columns];
      const { value } = handle;
      if (value.kind === 'normGradient') {
        const dx = engine.planes(value.dx, images);
        const y = engine.planes(value.y, images);
        engine.perImage(images, 'affine2Padded', [
          ...spread(dx),
          ...spread(y),
          times,
          height,
          width,
          channels,
          whole(value.coefficients),
          ...end,
        ]);
      } else {
        const x = engine.planes(handle, images);
        engine.perImage(images, 'padPlanes', [...spread(x), times, height, width, channels, ...end]);
      }
      handle.padded = { buffer, key };
    }
    return engine.read(handle.padded!.buffer, layout);
  }
}

/** Winograd's tiles cover four pixels; one more on either side. */
const paddedSide = (length: number) => 4 * Math.ceil(length / 4) + 2;

/** Planes whose distance is a power of two would share cache sets. */
function paddedBytes(height: number, width: number, channels: number): number {
  const bytes = paddedSide(height) * paddedSide(width) * channels * 4;
  return bytes + ((bytes & (bytes - 1)) === 0 ? 64 : 0);
}

/** Multiplications and additions of the dense convolution of one image's planes. */
function flopOf(g: ConvGeometry, planes: number): number {
  return 2 * planes * g.outHeight * g.outWidth * g.kernelHeight * g.kernelWidth * g.channels * g.filters;
}

/** From the read image to the written one. */
function forwardArguments(g: ConvGeometry): number[] {
  return [
    g.height,
    g.width,
    g.channels,
    g.kernelHeight,
    g.kernelWidth,
    g.stride,
    g.padding,
    g.outHeight,
    g.outWidth,
    g.filters,
  ];
}

/** The same the other way round. */
function backwardArguments(g: ConvGeometry): number[] {
  return [
    g.outHeight,
    g.outWidth,
    g.filters,
    g.kernelHeight,
    g.kernelWidth,
    g.stride,
    g.padding,
    g.height,
    g.width,
    g.channels,
  ];
}
