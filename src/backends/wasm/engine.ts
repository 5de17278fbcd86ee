// The engine that the kernels' TypeScript halves share: making and freeing handles, and turning what a handle says it
// would be into numbers.

import { check } from '../../errors';
import type { Handle, Operand } from '../backend';
import type { Shape } from '../shape';
import { type Address, block, blockOut, entire, entireOut, image, imageOut, pitch } from './argument';
import type { Buffer, ImageLayout } from './buffer';
import type { KernelArguments } from './generated/signatures';
import { WasmHandle } from './handle';
import { bitLayout, denseLayout, type Images, imagesOf, numbersIn } from './images';
import { type CompiledKernel, kernelCall, ordered, type PlainArguments } from './kernel-call';
import type { Scheduler } from './schedule';
import type { KernelCall } from './schedule/chain';
import { Alias } from './values/alias';
import { Bits } from './values/bits';
import { Dense } from './values/dense';
import type { Value } from './values/value';

/** Numbers that one item of a flat chain takes: half of a level-1 cache in, half out. */
export const BLOCK = 16384;

/** Terms of a sum of spikes that are remembered: more go no faster one by one. */
const MOST_TERMS = 3;

/** A way to address a buffer's block. */
type BlockOf = (buffer: Buffer) => Address;

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
  compute<K extends CompiledKernel>(kernel: K, given: PlainArguments<K>): number {
    const args = ordered(kernel, given as KernelArguments[K]) as number[];
    return this.scheduler.crew.call(kernel, args) as number;
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
    return { handle: this.#made(new WasmHandle(size, new Dense(buffer), binary)), buffer };
  }

  /** A handle over a new value; takes over the references to the value's buffers. */
  lazy(size: number, value: Value, binary = false): WasmHandle {
    return this.#made(new WasmHandle(size, value, binary));
  }

  /** The same numbers under a handle of its own. */
  alias(handle: Handle): WasmHandle {
    return this.#made(new WasmHandle(handle.size, new Alias(this.handle(handle)), handle.binary));
  }

  release(handle: Handle): void {
    const own = handle as WasmHandle;
    if (--own.references > 0) return;
    this.#drop(own);
    this.dropKept(own);
  }

  dropPadded(handle: WasmHandle): void {
    if (handle.padded === undefined) return;
    this.scheduler.release(handle.padded.buffer);
    handle.padded = undefined;
  }

  /** Gives back what was kept of a handle's numbers beside them. */
  dropKept(handle: WasmHandle): void {
    this.dropPadded(handle);
    for (const term of handle.terms) this.release(term);
    handle.terms = [];
    if (handle.sums === undefined) return;
    this.scheduler.release(handle.sums.parts);
    handle.sums = undefined;
  }

  #drop(handle: WasmHandle): void {
    const { value } = handle;
    for (const buffer of value.buffers) this.scheduler.release(buffer);
    for (const source of value.sources) {
      source.dependents.delete(handle);
      this.release(source);
    }
  }

  /** The handle's numbers now lie in `value`. */
  replace(handle: WasmHandle, value: Value): void {
    this.#drop(handle);
    handle.value = value;
    for (const buffer of value.buffers) buffer.loose = false;
  }

  // ---- planes -----------------------------------------------------------------------------------------------------

  read(buffer: Buffer, layout: ImageLayout): Planes {
    checkInside(buffer, layout);
    return { plane: image(buffer, layout), pitch: pitch(buffer, layout) };
  }

  write(buffer: Buffer, layout: ImageLayout): Planes {
    checkInside(buffer, layout);
    return { plane: imageOut(buffer, layout), pitch: pitch(buffer, layout) };
  }

  /** The planes of a handle as kernels read them: numbers, or what a value has instead. */
  planes(handle: Handle, images: Images): Planes {
    const { value } = this.handle(handle);
    return value.planes?.(this, images) ?? this.read(this.numbers(handle, images), denseLayout(images));
  }

  copyPlanes({ plane, pitch: distance }: Planes, images: Images, buffer: Buffer): void {
    const layout = denseLayout(images);
    const out = this.write(buffer, layout);
    this.perImage(images, 'copyPlanes', {
      x: plane,
      xPitch: distance,
      T: images.times,
      n: layout.planeBytes / 4,
      out: out.plane,
      outPitch: out.pitch,
    });
  }

  /** One call for each image. */
  perImage<K extends CompiledKernel>(images: Images, kernel: K, given: KernelArguments[K]): void {
    this.scheduler.schedule(images.images, [kernelCall(kernel, 'item', given)]);
  }

  // ---- numbers ----------------------------------------------------------------------------------------------------

  /** The operand as plain numbers; whatever it was before, it is that from now on. */
  dense({ handle, shape }: Operand): Buffer {
    const { value } = this.handle(handle);
    return value instanceof Dense ? value.buffer : this.numbers(handle, imagesOf(shape));
  }

  numbers(given: Handle, images: Images): Buffer {
    const handle = this.handle(given);
    const { value } = handle;
    if (value instanceof Dense) return value.buffer;
    const buffer = this.buffer(handle.size * 4);
    const fits = numbersIn(images) === handle.size && value.fits(images);
    value.spellOut(this, handle.size, fits ? images : value.flatImages(handle.size), buffer);
    this.replace(handle, new Dense(buffer));
    return buffer;
  }

  /** The spikes as bits, where they can be: known to be binary, whole groups of eight channels, in these images. */
  bits(given: Handle, images: Images): Buffer | undefined {
    const handle = this.handle(given);
    const { value } = handle;
    if (!handle.binary || images.channels % 8 !== 0) return undefined;
    if (value instanceof Bits) return value.liesIn(images) ? value.buffer : undefined;
    if (!(value instanceof Dense)) return undefined;
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
    this.replace(handle, new Bits(buffer, width, channels));
    return buffer;
  }

  /** Remembers of a sum what was added up, where all of it is spikes and not too much. */
  keepTerms(sum: WasmHandle, of: readonly WasmHandle[]): void {
    const terms = of.flatMap((one) => (one.binary ? [one] : one.terms));
    if (terms.length > MOST_TERMS || of.some((one) => !one.binary && one.terms.length === 0)) return;
    for (const term of terms) term.references++;
    sum.terms = terms;
  }

  /** The terms of a sum of spikes as bits, where all of them can be. */
  termBits(given: Handle, images: Images): readonly Buffer[] | undefined {
    const { terms } = this.handle(given);
    const bits = terms.flatMap((term) => this.bits(term, images) ?? []);
    return terms.length > 0 && bits.length === terms.length ? bits : undefined;
  }

  /** What is made from this handle's numbers is computed now: they are about to change. */
  freeze(handle: WasmHandle): void {
    for (const dependent of [...handle.dependents]) {
      if (dependent.value instanceof Alias) this.changeable({ handle: dependent, shape: [dependent.size] });
      else this.numbers(dependent, dependent.value.flatImages(dependent.size));
    }
  }

  /** The operand's numbers, about to be changed in place: in a buffer that no other handle reads. */
  changeable({ handle, shape }: Operand): Buffer {
    const own = handle as WasmHandle;
    this.freeze(own);
    this.dropKept(own);
    own.binary = false; // whatever it is going to be
    if (own.value instanceof Alias) {
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
    const buffer = this.numbers(
      handle,
      shape === undefined ? flatImages(this.handle(handle)) : imagesOf(shape),
    );
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
  flat<K extends CompiledKernel>(
    size: number,
    kernel: K,
    args: (read: BlockOf, write: BlockOf, count: number) => KernelArguments[K],
  ): void {
    this.flatCalls(size, (read, write, count) => kernelCall(kernel, 'item', args(read, write, count)));
  }

  /** The same for a call of any kernel. */
  flatCalls(size: number, call: (read: BlockOf, write: BlockOf, count: number) => KernelCall): void {
    const blocks = Math.floor(size / BLOCK);
    const step = BLOCK * 4;
    const rest = size - blocks * BLOCK;
    const offset = blocks * step;
    this.scheduler.scheduleTogether([
      {
        items: blocks,
        calls: [
          call(
            (b) => block(b, step),
            (b) => blockOut(b, step),
            BLOCK,
          ),
        ],
      },
      {
        items: rest > 0 ? 1 : 0,
        calls: [
          call(
            (b) => entire(b, offset),
            (b) => entireOut(b, offset),
            rest,
          ),
        ],
      },
    ]);
  }
}

/** @throws for planes that reach beyond their buffer: numbers of others lie there */
function checkInside({ bytes }: Buffer, { times, images, planeBytes }: ImageLayout): void {
  check(
    times * images * planeBytes <= bytes,
    'wasm',
    () =>
      `${times} x ${images} planes of ${planeBytes} bytes do not lie in a buffer of ${bytes}; please report it`,
  );
}

/** Images that fit what a handle says of itself, when no shape is at hand. */
function flatImages({ value, size }: WasmHandle): Images {
  return value.flatImages(size);
}
