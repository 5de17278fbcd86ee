// The tensor: a shape, a counted reference to a backend's buffer, and its place on the tape. What can be computed with
// it stands in ops/; nothing here computes save the sum of two gradients.

import type { Backend, FloatArray, Handle, Operand } from '../backends/backend';
import { formatShape, type Shape, sameShape, sizeOf } from '../backends/shape';
import { check, SpikegradError } from '../errors';
import {
  awaited,
  called,
  checkKind,
  flag,
  isBigInts,
  isTyped,
  numberList,
  type OptionsOf,
  option,
  optionsBelong,
  optionTable,
  shown,
} from '../options';
import { type NestedArray, nest } from './nested';
import { keep, track } from './scope';
import { Storage } from './storage';
import { runBackward, type TapeEntry } from './tape';

/** The net under forgotten tensors: their buffer goes when the garbage collector finds them. */
const forgotten = new FinalizationRegistry<Storage>((storage) => storage.release());

/** A number where a tensor is expected means a scalar. */
export type TensorLike = Tensor | number;

/** How {@link Tensor.backward} walks the tape. */
export interface BackwardOptions {
  /** Keep the graph for another backward over it. Default false. */
  retainGraph?: boolean;
}

export const backwardOptions = optionTable({
  retainGraph: option(flag, false),
} satisfies OptionsOf<BackwardOptions>);

/** Numbers in a shape, on one backend. `tensor`, `zeros` and the operators make them; `await data()` reads them. */
export class Tensor implements Operand {
  /** Which output of which tape entry this is; undefined for a leaf. Set by the tape. */
  origin: { readonly entry: TapeEntry; readonly output: number } | undefined;
  readonly #storage: Storage;
  #grad: Tensor | null = null;
  #leafRequiresGrad = false;
  #disposed = false;

  /** Made by `tensor()`, `zeros()`, … and by operators. The storage's reference passes to the new tensor. */
  constructor(
    storage: Storage,
    readonly shape: Shape,
  ) {
    if (!(storage instanceof Storage))
      throw new SpikegradError(
        'Tensor',
        'is not made by new Tensor(): tensor(data) and zeros(shape) make one',
      );
    this.#storage = storage;
    forgotten.register(this, storage, this);
    track(this);
  }

  get backend(): Backend {
    return this.#storage.backend;
  }

  /** The backend's buffer. @throws after `dispose()` */
  get handle(): Handle {
    check(
      !this.#disposed,
      'Tensor',
      () =>
        `this ${formatShape(this.shape)} tensor was disposed of; keep() it or use it before its scope ends`,
    );
    return this.#storage.handle;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** True when it is known to hold only zeros and ones. */
  get isSpikes(): boolean {
    return this.handle.binary;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Counts changes in place. */
  get version(): number {
    return this.#storage.version;
  }

  /** The gradient that `backward()` added up here; only leaves that require one get it. */
  get grad(): Tensor | null {
    return this.#grad;
  }

  /** @throws unless it is null or a tensor of this one's shape and backend: an optimiser reads as many numbers */
  set grad(gradient: Tensor | null) {
    if (gradient !== null) {
      checkTensor('grad', gradient, 'it');
      check(
        sameShape(gradient.shape, this.shape) && gradient.backend === this.backend,
        'grad',
        () =>
          `${formatShape(gradient.shape)} on ${gradient.backend.name} is no gradient of ${formatShape(this.shape)} on ${this.backend.name}`,
      );
    }
    this.#grad = gradient;
  }

  /** Whether `backward()` will come through here. */
  get requiresGrad(): boolean {
    return this.#leafRequiresGrad || this.origin !== undefined;
  }

  /** @throws when the tensor was made by an operator: only leaves choose */
  set requiresGrad(wanted: boolean) {
    checkKind('requiresGrad', 'it', flag, wanted);
    check(this.origin === undefined, 'requiresGrad', 'can be set on leaves only; use detach() to make one');
    this.#leafRequiresGrad = wanted;
  }

  /** All numbers, row-major, copied from the backend. */
  data(): Promise<FloatArray<ArrayBuffer>> {
    return this.backend.read(this.handle);
  }

  /** The same at once. @throws on backends that cannot read synchronously */
  dataSync(): FloatArray<ArrayBuffer> {
    check(
      this.backend.synchronous,
      'dataSync',
      `the ${this.backend.name} backend reads asynchronously: use \`await t.data()\``,
    );
    return this.backend.readSync(this.handle);
  }

  /** All numbers as nested lists, one level for each axis; of a scalar the number. */
  async toArray(): Promise<NestedArray> {
    return nest(await this.data(), this.shape);
  }

  /** The same at once. @throws on backends that cannot read synchronously */
  toArraySync(): NestedArray {
    return nest(this.dataSync(), this.shape);
  }

  /** The one number of a one-element tensor. */
  async item(): Promise<number> {
    this.#checkSingle('item');
    return (await this.data())[0]!;
  }

  /** The same at once. */
  itemSync(): number {
    this.#checkSingle('itemSync');
    return this.dataSync()[0]!;
  }

  /**
   * Adds to `.grad` of every leaf behind this tensor the gradient of this tensor with respect to it.
   * @param gradient of whatever is differentiated with respect to this tensor; may be left out for one element, then 1
   * @throws when nothing here requires a gradient, or the graph was already freed
   */
  backward(gradient?: Tensor, options: BackwardOptions = {}): void {
    const { retainGraph } = backwardOptions.read('backward', options);
    if (gradient !== undefined)
      checkTensor('backward', gradient, 'gradient', 'backward(undefined, { retainGraph: true })');
    check(
      this.requiresGrad,
      'backward',
      'nothing behind this tensor requires a gradient (noGrad, detach, or no requiresGrad)',
    );
    check(
      gradient !== undefined || this.size === 1,
      'backward',
      () => `${formatShape(this.shape)} is not one number: pass the gradient, or reduce with sum() or mean()`,
    );
    check(
      gradient === undefined || sameShape(gradient.shape, this.shape),
      'backward',
      () =>
        `gradient ${formatShape(gradient!.shape)} must have the tensor's shape ${formatShape(this.shape)}`,
    );
    const seed =
      gradient?.alias() ?? new Tensor(new Storage(this.backend, this.backend.full(this.size, 1)), this.shape);
    runBackward(this, seed, retainGraph, sumOf);
  }

  /** The same numbers without history. */
  detach(): Tensor {
    return this.alias();
  }

  /** Another tensor over the same buffer, in another shape of the same size if given; no history. Used by operators. */
  alias(shape: Shape = this.shape): Tensor {
    check(!this.#disposed, 'Tensor', 'was disposed of');
    return new Tensor(this.#storage.retain(), shape);
  }

  /** This tensor, or where others hold its buffer a copy in its place: to be changed in place without them. */
  owned(): Tensor {
    if (!this.#storage.shared) return this;
    const copy = fromHandle(this.backend, this.backend.broadcast(this, this.shape), this.shape);
    this.dispose();
    return copy;
  }

  /** Changes the numbers in place (for parameters and loaded checkpoints; not recorded). */
  overwrite(data: ArrayLike<number>): void {
    checkKind('overwrite', 'data', numberList, data);
    check(
      data.length === this.size,
      'overwrite',
      () => `got ${data.length} numbers for shape ${formatShape(this.shape)}`,
    );
    this.backend.overwrite(this.handle, data);
    this.markChanged();
  }

  /** Says that a kernel has changed the numbers in place. */
  markChanged(): void {
    this.#storage.version++;
  }

  /** Takes the tensor out of all open scopes, so that it lives until it is disposed of. */
  keep(): this {
    return keep(this);
  }

  /** Gives the buffer back, and the gradient's. The tape keeps what it still needs. Twice is once. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    keep(this);
    this.grad?.dispose();
    this.grad = null;
    forgotten.unregister(this);
    this.#storage.release();
    this.origin?.entry.release();
  }

  /** `Tensor [2,3] f32 cpu`, with the numbers where they are few and can be read at once. */
  toString(): string {
    const head = `Tensor ${formatShape(this.shape)} ${this.backend.precision} ${this.backend.name}`;
    if (this.#disposed) return `${head} (disposed)`;
    if (!this.backend.synchronous || this.size > 64) return head;
    const digits = (value: number) => String(Number(value.toPrecision(6)));
    return `${head} [${Array.from(this.dataSync(), digits).join(', ')}]`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  #checkSingle(where: string): void {
    check(this.size === 1, where, () => `expects one element, shape is ${formatShape(this.shape)}`);
  }
}

/** a + b for two gradients of one shape; both are disposed of. */
function sumOf(a: Tensor, b: Tensor): Tensor {
  const sum = new Tensor(new Storage(a.backend, a.backend.binary('add', a, b, a.shape)), a.shape);
  a.dispose();
  b.dispose();
  return sum;
}

/**
 * What every operator asks of its operands first.
 * @param call how options are given, for whoever put them in a tensor's place
 */
export function checkTensor(
  where: string,
  value: unknown,
  name = 'x',
  call?: string,
): asserts value is Tensor {
  if (value instanceof Tensor) return;
  const misplaced = call === undefined ? undefined : optionsBelong(call)(value);
  const advice = misplaced ?? adviceForTensor(value);
  throw new SpikegradError(
    where,
    `${name} must be a Tensor, got ${shown(value)}${advice === undefined ? '' : `; ${advice}`}`,
  );
}

/** How to come to a tensor from what was given in its place. */
export function adviceForTensor(value: unknown): string | undefined {
  if (isBigInts(value)) return 'make a tensor of it: tensor(Float64Array.from(data, Number))';
  if (Array.isArray(value) || isTyped(value)) return 'make a tensor of it: tensor(data)';
  if (typeof value === 'number') return `make a tensor of it: tensor(${value})`;
  if (value?.constructor?.name === 'Tensor') return 'it was made by another copy of this library';
  return awaited(value) ?? called(value);
}

/** Wraps a kernel's result. */
export function fromHandle(backend: Backend, handle: Handle, shape: Shape): Tensor {
  return new Tensor(new Storage(backend, handle), shape);
}
