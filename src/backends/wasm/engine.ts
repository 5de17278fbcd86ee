// The engine that the kernels' TypeScript halves share: making and freeing handles, and turning what a handle says it
// would be into numbers.

import type { Handle, Operand } from '../backend';
import type { Shape } from '../shape';
import { type Address, block, blockOut, image, imageOut, pitch, whole, wholeOut } from './argument';
import type { Buffer, ImageLayout } from './buffer';
import type { KernelArguments } from './generated/signatures';
import { buffersOf, sourcesOf, type Value, WasmHandle } from './handle';
import { bitLayout, denseLayout, type Images, imagesOf, pixelsOf } from './images';
import { type KernelName, kernelCall, type Numbers, ordered } from './kernel-call';
import type { Scheduler } from './scheduler';

/** Numbers that one item of a flat chain takes: half of a level-1 cache in, half out. */
export const BLOCK = 16384;

/** The planes of an image with time, as a kernel takes them. */
export interface Planes {
  readonly plane: Address;
  readonly pitch: Address;
}

export class Engine {
  /** What the operator that runs has made. */
  readonly #handles: WasmHandle[] = [];
  readonly #buffers: Buffer[] = [];
  #running = false;

  constructor(readonly scheduler: Scheduler) {}

  get heap() {
    return this.scheduler.heap;
  }

  /** The value of a kernel that only computes a number from numbers. */
  compute<K extends KernelName>(kernel: K, given: Numbers<K>): number {
    const args = ordered(kernel, given as KernelArguments[K]) as number[];
    return this.scheduler.crew.kernel(kernel)(...args) as number;
  }

  // ---- handles ----------------------------------------------------------------------------------------------------

  handle(handle: Handle): WasmHandle {
    return (handle as WasmHandle).target;
  }

  /** @throws OutOfMemoryError where it cannot be placed */
  buffer(bytes: number): Buffer {
    const buffer = this.scheduler.buffer(Math.max(bytes, 4));
    if (this.#running) {
      buffer.loose = true;
      this.#buffers.push(buffer);
    }
    return buffer;
  }

  /** Runs an operator; where it fails, what it has made is given back, and everything is as it was before. */
  attempt<R>(operator: () => R): R {
    this.#handles.length = 0;
    this.#buffers.length = 0;
    this.#running = true;
    try {
      return operator();
    } catch (error) {
      // operators change nothing in place before they have all that they need
      for (const handle of this.#handles.splice(0)) if (handle.references > 0) this.release(handle);
      for (const buffer of this.#buffers.splice(0)) if (buffer.loose) this.scheduler.release(buffer);
      throw error;
    } finally {
      this.#running = false;
    }
  }

  #made(handle: WasmHandle): WasmHandle {
    if (this.#running) this.#handles.push(handle);
    return handle;
  }

  /** A new dense handle, not yet written. The buffer's reference is the handle's. */
  out(size: number, binary = false): { handle: WasmHandle; buffer: Buffer } {
    const buffer = this.buffer(size * 4);
    return { handle: this.#made(new WasmHandle(size, { kind: 'dense', buffer }, binary)), buffer };
  }

  /** A handle over a new value; takes over the references to the value's buffers. */
  lazy(size: number, value: Value, binary = false): WasmHandle {
    return this.#made(new WasmHandle(size, value, binary));
  }

  /** The same numbers under a handle of its own. */
  alias(handle: Handle): WasmHandle {
    return this.#made(new WasmHandle(handle.size, { kind: 'alias', of: this.handle(handle) }, handle.binary));
  }

  release(handle: Handle): void {
    const own = handle as WasmHandle;
    if (--own.references > 0) return;
    this.#drop(own);
    this.dropPadded(own);
  }

  dropPadded(handle: WasmHandle): void {
    if (handle.padded === undefined) return;
    this.scheduler.release(handle.padded.buffer);
    handle.padded = undefined;
  }

  #drop(handle: WasmHandle): void {
    const { value } = handle;
    for (const buffer of buffersOf(value)) this.scheduler.release(buffer);
    for (const source of sourcesOf(value)) {
      source.dependents.delete(handle);
      this.release(source);
    }
  }

  /** The handle's numbers now lie in `value`. */
  replace(handle: WasmHandle, value: Value): void {
    this.#drop(handle);
    handle.value = value;
    for (const buffer of buffersOf(value)) buffer.loose = false;
  }

  // ---- planes -----------------------------------------------------------------------------------------------------

  read(buffer: Buffer, layout: ImageLayout): Planes {
    return { plane: image(buffer, layout), pitch: pitch(buffer, layout) };
  }

  write(buffer: Buffer, layout: ImageLayout): Planes {
    return { plane: imageOut(buffer, layout), pitch: pitch(buffer, layout) };
  }

  /** The dense planes of a handle, or the one plane that it repeats. */
  planes(handle: Handle, images: Images): Planes {
    const { value } = this.handle(handle);
    if (value.kind === 'repeat' && value.times === images.times) {
      const layout = denseLayout({ ...images, times: 1 });
      return { plane: image(this.numbers(value.x, images), layout), pitch: 0 };
    }
    return this.read(this.numbers(handle, images), denseLayout(images));
  }

  /** One call for each image. */
  perImage<K extends KernelName>(images: Images, kernel: K, given: KernelArguments[K]): void {
    this.scheduler.schedule(images.images, [kernelCall(kernel, 'item', given)]);
  }

  // ---- numbers ----------------------------------------------------------------------------------------------------

  /** The operand as plain numbers; whatever it was before, it is that from now on. */
  dense({ handle, shape }: Operand): Buffer {
    return this.numbers(handle, imagesOf(shape));
  }

  numbers(given: Handle, images: Images): Buffer {
    const handle = this.handle(given);
    const { value } = handle;
    if (value.kind === 'dense') return value.buffer;
    const buffer = this.buffer(handle.size * 4);
    this.#spellOut(handle, fits(value, images) ? images : this.flatImages(handle), buffer);
    this.replace(handle, { kind: 'dense', buffer });
    return buffer;
  }

  #spellOut(handle: WasmHandle, images: Images, buffer: Buffer): void {
    const { value } = handle;
    const { times, height, width, channels } = images;
    const layout = denseLayout(images);
    const out = this.write(buffer, layout);
    const into = { out: out.plane, outPitch: out.pitch };
    const floats = layout.planeBytes / 4;
    const pixels = pixelsOf(images);
    switch (value.kind) {
      case 'bits': {
        const own = this.#bitImages(handle, images);
        const bits = this.read(value.buffer, bitLayout(own));
        const to = this.write(buffer, denseLayout(own));
        this.perImage(own, 'unpackPlanes', {
          bits: bits.plane,
          bitsPitch: bits.pitch,
          T: own.times,
          H: own.height,
          W: own.width,
          C: own.channels,
          out: to.plane,
          outPitch: to.pitch,
        });
        return;
      }
      case 'affine': {
        const x = this.planes(value.x, images);
        this.perImage(images, 'affine', {
          y: x.plane,
          yPitch: x.pitch,
          T: times,
          pixels,
          C: channels,
          coef: whole(value.coefficients),
          ...into,
        });
        return;
      }
      case 'normGradient': {
        const dx = this.planes(value.dx, images);
        const y = this.planes(value.y, images);
        this.perImage(images, 'affine2', {
          dx: dx.plane,
          dxPitch: dx.pitch,
          y: y.plane,
          yPitch: y.pitch,
          T: times,
          pixels,
          C: channels,
          abd: whole(value.coefficients),
          ...into,
        });
        return;
      }
      case 'sum': {
        const a = this.planes(value.a, images);
        const b = this.planes(value.b, images);
        this.perImage(images, 'addPlanes', {
          a: a.plane,
          aPitch: a.pitch,
          b: b.plane,
          bPitch: b.pitch,
          T: times,
          n: floats,
          ...into,
        });
        return;
      }
      case 'repeat': {
        const x = this.planes(handle, { ...images, times: value.times });
        this.perImage(images, 'copyPlanes', { x: x.plane, xPitch: x.pitch, T: times, n: floats, ...into });
        return;
      }
      case 'spread': {
        const rows = denseLayout({ ...images, height: 1, width: 1 });
        const x = this.read(this.numbers(value.x, { ...images, height: 1, width: 1 }), rows);
        this.perImage(images, 'spread', {
          x: x.plane,
          xPitch: x.pitch,
          T: times,
          pixels,
          C: channels,
          scale: 1,
          ...into,
        });
        return;
      }
      default:
        throw new Error(`numbers: nothing to spell out of ${value.kind} (${height}x${width})`);
    }
  }

  /** The images that bits lie in: what they are asked for, or flat rows where another shape is meant. */
  #bitImages(handle: WasmHandle, images: Images): Images {
    const { value } = handle;
    if (value.kind !== 'bits') throw new Error('bits expected');
    if (value.width === images.width && value.channels === images.channels) return images;
    const { width, channels } = value;
    return { times: 1, images: handle.size / (width * channels), height: 1, width, channels };
  }

  /** The spikes as bits, where they can be: known to be binary, whole groups of eight channels, in these images. */
  bits(given: Handle, images: Images): Buffer | undefined {
    const handle = this.handle(given);
    const { value } = handle;
    if (!handle.binary || images.channels % 8 !== 0) return undefined;
    if (value.kind === 'bits') {
      return value.width === images.width && value.channels === images.channels ? value.buffer : undefined;
    }
    if (value.kind !== 'dense') return undefined;
    const { times, height, width, channels } = images;
    const buffer = this.buffer(handle.size / 8);
    const x = this.read(value.buffer, denseLayout(images));
    const out = this.write(buffer, bitLayout(images));
    this.perImage(images, 'packPlanes', {
      x: x.plane,
      xPitch: x.pitch,
      T: times,
      H: height,
      W: width,
      C: channels,
      bits: out.plane,
      bitsPitch: out.pitch,
    });
    this.replace(handle, { kind: 'bits', buffer, width, channels });
    return buffer;
  }

  /** What is made from this handle's numbers is computed now: they are about to change. */
  freeze(handle: WasmHandle): void {
    for (const dependent of [...handle.dependents]) {
      if (dependent.value.kind === 'alias') this.changeable({ handle: dependent, shape: [dependent.size] });
      else this.numbers(dependent, this.flatImages(dependent));
    }
  }

  /** Images that fit what a handle says of itself, when no shape is at hand. */
  flatImages(given: Handle): Images {
    const { value, size } = this.handle(given);
    const single = { times: 1, images: 1, height: 1, width: 1 };
    switch (value.kind) {
      case 'affine':
      case 'normGradient':
        return { ...single, width: size / value.channels, channels: value.channels };
      case 'spread': {
        const { pixels, channels } = value;
        return { ...single, times: size / (pixels * channels), width: pixels, channels };
      }
      case 'repeat':
        return { ...single, times: value.times, channels: size / value.times };
      case 'bits':
        return {
          ...single,
          images: size / (value.width * value.channels),
          width: value.width,
          channels: value.channels,
        };
      default:
        return { ...single, channels: size };
    }
  }

  /** The operand's numbers, about to be changed in place: in a buffer that no other handle reads. */
  changeable({ handle, shape }: Operand): Buffer {
    const own = handle as WasmHandle;
    this.freeze(own);
    this.dropPadded(own);
    own.binary = false; // whatever it is going to be
    if (own.value.kind === 'alias') {
      const copied = this.copy({ handle, shape });
      this.replace(own, copied.value);
      copied.references = 0; // its buffer is now the other's
    }
    return this.dense({ handle: own, shape });
  }

  copy({ handle, shape }: Operand): WasmHandle {
    const source = this.dense({ handle, shape });
    const { handle: copied, buffer } = this.out(handle.size, handle.binary);
    this.flat(handle.size, 'copyPlanes', (read, write, count) => ({
      x: read(source),
      xPitch: 0,
      T: 1,
      n: count,
      out: write(buffer),
      outPitch: 0,
    }));
    return copied;
  }

  // ---- reading on the calling thread --------------------------------------------------------------------------------

  /** The numbers in memory, up to date. The view lives until the next kernel. */
  view({ handle, shape }: { readonly handle: Handle; readonly shape?: Shape }): Float32Array<ArrayBuffer> {
    const buffer = this.numbers(handle, shape === undefined ? this.flatImages(handle) : imagesOf(shape));
    this.scheduler.settle(buffer);
    return this.heap.f32(buffer.address, handle.size);
  }

  /** Copies numbers into a new handle. */
  upload(data: ArrayLike<number>, binary = false): WasmHandle {
    const { handle, buffer } = this.out(data.length, binary);
    this.heap.f32(this.scheduler.place(buffer), data.length).set(data);
    return handle;
  }

  // ---- flat work ----------------------------------------------------------------------------------------------------

  /**
   * Calls a kernel on blocks of `size` numbers.
   * @param args from the way to address a buffer's block and the number of numbers in it
   */
  flat<K extends KernelName>(
    size: number,
    kernel: K,
    args: (read: (b: Buffer) => Address, write: (b: Buffer) => Address, count: number) => KernelArguments[K],
  ): void {
    const blocks = Math.floor(size / BLOCK);
    const step = BLOCK * 4;
    const call = (given: KernelArguments[K]) => [kernelCall(kernel, 'item', given)];
    const rest = size - blocks * BLOCK;
    const offset = blocks * step;
    this.scheduler.scheduleTogether([
      {
        items: blocks,
        calls: call(
          args(
            (b) => block(b, step),
            (b) => blockOut(b, step),
            BLOCK,
          ),
        ),
      },
      {
        items: rest > 0 ? 1 : 0,
        calls: call(
          args(
            (b) => whole(b, offset),
            (b) => wholeOut(b, offset),
            rest,
          ),
        ),
      },
    ]);
  }
}

/** Whether a value can be spelled out in these images. */
function fits(value: Value, images: Images): boolean {
  if (value.kind === 'repeat') return value.times === images.times;
  if (value.kind === 'spread' && value.pixels !== pixelsOf(images)) return false;
  return !('channels' in value) || value.channels === images.channels;
}
