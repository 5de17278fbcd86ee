// The driver: what a family of kernels sees of the device. It makes handles, runs the two kinds of kernel on them and
// reads them back; pipelines, uniforms, batches and errors are its own affair. There are two, on WebGPU and on WebGL2.

import type { Handle, Operand } from '../../backend';
import type { Shape } from '../../shape';
import type { GpuHandle } from '../handle';
import type { AdapterInfo } from './device';
import type { JsKernel, WgslKernel } from './kernel';
import type { PoolUse } from './pool';
import type { KernelTime } from './timestamps';

/** What was asked of the device since the driver began. */
export interface Counters {
  readonly dispatches: number;
  readonly submissions: number;
  readonly pipelines: number;
  readonly uploads: number;
  readonly uploadedBytes: number;
  readonly reads: number;
  readonly readBytes: number;
}

type ScalarValues<K extends string> = Readonly<Record<K, number>>;
/** A kernel without scalars needs none. */
type Scalars<S extends string> = [S] extends [never] ? { scalars?: undefined } : { scalars: ScalarValues<S> };

export type JsCall<A extends string, S extends string> = {
  /** A view of at most three axes for each array. */
  readonly arrays: Readonly<Record<A, Operand>>;
  /** One to three axes; `this.thread.x` runs along the last. */
  readonly output: Shape;
} & Scalars<S>;

export type WgslCall<I extends string, O extends string, S extends string> = {
  readonly inputs: Readonly<Record<I, { readonly handle: Handle }>>;
  /** The size of a new handle, or a handle to be written in place. */
  readonly outputs: Readonly<Record<O, number | { readonly handle: Handle }>>;
  /** Workgroups along x, y, z. */
  readonly groups: readonly [number, number?, number?];
} & Scalars<S>;

/** What a family of kernels sees of the device. */
export interface Driver {
  readonly info: AdapterInfo;
  /** Bytes of the largest tensor. */
  readonly limit: number;
  /** Whether `wgsl` works; where it does not, families run their twins in gpu.js's JavaScript. */
  readonly hasWgsl: boolean;
  readonly use: PoolUse;
  readonly counters: Counters;
  /** A handle whose numbers are whatever was there before. */
  allocate(where: string, size: number): GpuHandle;
  upload(where: string, data: ArrayLike<number>): GpuHandle;
  /** Changes the numbers of a handle. */
  write(where: string, handle: Handle, data: ArrayLike<number>): void;
  free(handle: Handle): void;
  /**
   * `target` takes the room of `fresh`, which is used up: an update in place by a kernel that cannot write in place.
   */
  replace(target: Handle, fresh: GpuHandle): void;
  /** The numbers as they are after what is recorded so far. */
  read(where: string, handle: Handle): Promise<Float32Array<ArrayBuffer>>;
  /** Runs a gpu.js kernel. */
  js<A extends string, S extends string>(kernel: JsKernel<A, S>, call: JsCall<A, S>): GpuHandle;
  /**
   * Runs a WGSL kernel and gives its outputs by name, those written in place among them.
   * @throws where `hasWgsl` is false
   */
  wgsl<I extends string, O extends string, S extends string>(
    kernel: WgslKernel<I, O, S>,
    call: WgslCall<I, O, S>,
  ): Record<O, GpuHandle>;
  /** Submits what is recorded. */
  flush(): void;
  /** Whether the device can tell how long a kernel ran. */
  readonly profiles: boolean;
  /** Measures every kernel from now on, or ends that. */
  profile(on: boolean): void;
  /** Time of each kernel since `profile(true)`. */
  profiled(): Promise<KernelTime[]>;
  /** Ends the device. The driver cannot be used after it. */
  close(): void;
}

export {
  fold,
  type JsKernel,
  jsKernel,
  MOST_GROUPS_PER_AXIS,
  variants,
  type WgslKernel,
  wgslKernel,
} from './kernel';
export { mathematics } from './mathematics';
