/// <reference types="@webgpu/types" />
// The driver: what a family of kernels sees of the device. It makes handles, runs the two kinds of kernel on them and
// reads them back; pipelines, uniforms, batches and errors are its own affair. README.md beside this folder shows how to
// write a kernel.

import { check, SpikegradError } from '../../../errors';
import type { Handle, Operand } from '../../backend';
import { type Shape, sizeOf } from '../../shape';
import { GpuHandle } from '../handle';
import { type AdapterInfo, acquireDevice } from './device';
import type { JsKernel, ScalarType, WgslKernel } from './kernel';
import { BufferPool, type PooledBuffer, type PoolUse } from './pool';
import { GROUP, type Program, programOfJs, programOfWgsl } from './program';
import { type Pipeline, Recorder } from './recorder';

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

type Numbers<K extends string> = Readonly<Record<K, number>>;
/** A kernel without scalars needs none. */
type Scalars<S extends string> = [S] extends [never] ? { scalars?: undefined } : { scalars: Numbers<S> };

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

/** Largest number of workgroups along one axis, on every device. */
export const MOST_GROUPS_PER_AXIS = 65_535;

export class Driver {
  readonly info: AdapterInfo;
  /** Bytes of the largest tensor. */
  readonly limit: number;
  readonly #device: GPUDevice;
  readonly #pool: BufferPool;
  readonly #recorder: Recorder;
  readonly #pipelines = new Map<object, Pipeline>();
  readonly #staging: GPUBuffer[] = [];
  readonly #transfers = { uploads: 0, uploadedBytes: 0, reads: 0, readBytes: 0 };
  #failure: Error | undefined;
  #lost: string | undefined;

  private constructor(device: GPUDevice, info: AdapterInfo) {
    this.#device = device;
    this.info = info;
    this.limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    this.#recorder = new Recorder(device);
    const fail = (error: Error) => {
      this.#failure ??= error;
    };
    this.#pool = new BufferPool(device, this.limit, (buffer) => this.#recorder.forget(buffer), fail);
    device.onuncapturederror = ({ error }) => {
      fail(new SpikegradError('gpu', `the device refused a command: ${error.message}`));
    };
    device.lost.then(({ message, reason }) => {
      this.#lost ??= message || reason || 'no reason given';
    });
  }

  static async start(where: string): Promise<Driver> {
    const { device, info } = await acquireDevice(where);
    return new Driver(device, info);
  }

  get use(): PoolUse {
    return this.#pool.use;
  }

  get counters(): Counters {
    const { dispatches, batch } = this.#recorder;
    return { dispatches, submissions: batch, pipelines: this.#pipelines.size, ...this.#transfers };
  }

  /** A handle whose numbers are whatever its buffer held. */
  allocate(where: string, size: number): GpuHandle {
    this.#checkAlive(where);
    return new GpuHandle(size, this.#pool.acquire(where, 4 * size));
  }

  upload(where: string, data: ArrayLike<number>): GpuHandle {
    const handle = this.allocate(where, data.length);
    this.write(where, handle, data);
    return handle;
  }

  /** Changes the numbers of a handle. */
  write(where: string, handle: Handle, data: ArrayLike<number>): void {
    this.#checkAlive(where);
    const buffer = bufferOf(where, handle);
    if (data.length === 0) return;
    const isReady = data instanceof Float32Array && data.buffer instanceof ArrayBuffer;
    const numbers = isReady ? (data as Float32Array<ArrayBuffer>) : Float32Array.from(data);
    this.#recorder.write(buffer, numbers);
    this.#transfers.uploads++;
    this.#transfers.uploadedBytes += numbers.byteLength;
  }

  free(handle: Handle): void {
    if (!(handle instanceof GpuHandle) || handle.buffer === undefined) return;
    this.#pool.release(handle.buffer);
    handle.buffer = undefined;
  }

  /** `target` takes the buffer of `fresh`, which is used up: an update in place by a kernel that cannot write in place. */
  replace(target: Handle, fresh: GpuHandle): void {
    this.free(target);
    (target as GpuHandle).buffer = fresh.buffer;
    fresh.buffer = undefined;
  }

  /** The numbers as they are after what is recorded so far. */
  async read(where: string, handle: Handle): Promise<Float32Array> {
    this.#checkAlive(where);
    const bytes = handle.bytes;
    const source = bufferOf(where, handle);
    this.#transfers.reads++;
    this.#transfers.readBytes += bytes;
    const staging = this.#takeStaging(Math.max(4, bytes));
    this.#recorder.copy(source, staging, Math.max(4, bytes));
    this.#recorder.flush();
    try {
      await staging.mapAsync(0x1); // READ
    } catch (error) {
      this.#checkAlive(where);
      throw new SpikegradError(where, 'the GPU did not give the numbers back', { cause: error });
    }
    const numbers = new Float32Array(staging.getMappedRange(0, Math.max(4, bytes)).slice(0, bytes));
    staging.unmap();
    if (this.#staging.length < 4) this.#staging.push(staging);
    else staging.destroy();
    this.#checkAlive(where);
    return numbers;
  }

  /** Runs a gpu.js kernel. */
  js<A extends string, S extends string>(kernel: JsKernel<A, S>, call: JsCall<A, S>): GpuHandle {
    const { name, arrays, scalars } = kernel;
    const size = sizeOf(call.output);
    const result = this.allocate(name, size);
    if (size === 0) return result;
    const views = arrays.map((array) => call.arrays[array]);
    const pipeline = this.#pipelineOf(kernel, () => programOfJs(kernel));
    const groups = fold(Math.ceil(size / GROUP));
    const buffers = [...views.map(({ handle }) => bufferOf(name, handle)), result.buffer!];
    this.#recorder.dispatch(pipeline, buffers, groups, (params) => {
      const { dims, scalars: places } = pipeline.program;
      writeDims(params, 0, call.output, groups[0] * GROUP);
      for (const [i, { shape }] of views.entries()) writeDims(params, dims[i]!, shape, sizeOf(shape));
      writeScalars(params, places, Object.keys(scalars), call.scalars);
    });
    return result;
  }

  /** Runs a WGSL kernel and gives its outputs by name, those written in place among them. */
  wgsl<I extends string, O extends string, S extends string>(
    kernel: WgslKernel<I, O, S>,
    call: WgslCall<I, O, S>,
  ): Record<O, GpuHandle> {
    const { name, inputs, outputs, scalars } = kernel;
    const given = Object.entries(call.outputs) as [O, number | { readonly handle: Handle }][];
    const results = Object.fromEntries(
      given.map(([key, out]) => [key, typeof out === 'number' ? this.allocate(name, out) : out.handle]),
    ) as Record<O, GpuHandle>;
    const [x, y = 1, z = 1] = call.groups;
    if (x === 0 || y === 0 || z === 0) return results;
    check(
      Math.max(x, y, z) <= MOST_GROUPS_PER_AXIS,
      name,
      () => `${x} x ${y} x ${z} workgroups are more than a GPU starts at once; use a smaller batch`,
    );
    const pipeline = this.#pipelineOf(kernel, () => programOfWgsl(kernel));
    const buffers = [
      ...(Object.keys(inputs) as I[]).map((key) => bufferOf(name, call.inputs[key].handle)),
      ...(Object.keys(outputs) as O[]).map((key) => bufferOf(name, results[key])),
    ];
    this.#recorder.dispatch(pipeline, buffers, [x, y, z], (params) =>
      writeScalars(params, pipeline.program.scalars, Object.keys(scalars), call.scalars),
    );
    return results;
  }

  /** Submits what is recorded. */
  flush(): void {
    this.#recorder.flush();
  }

  /** Ends the device. The driver cannot be used after it. */
  close(): void {
    this.#recorder.flush();
    this.#lost = 'it was closed';
    this.#device.destroy();
  }

  #checkAlive(where: string): void {
    if (this.#lost !== undefined) {
      throw new SpikegradError(
        where,
        `the GPU device was lost (${this.#lost}) with all tensors on it; call init again and start from a checkpoint`,
      );
    }
    if (this.#failure === undefined) return;
    this.#recorder.flush(); // what follows from the failure comes now and is told with it
    const failure = this.#failure;
    this.#failure = undefined;
    throw failure;
  }

  #takeStaging(bytes: number): GPUBuffer {
    const fitting = this.#staging.findIndex(({ size }) => size >= bytes);
    if (fitting >= 0) return this.#staging.splice(fitting, 1)[0]!;
    return this.#device.createBuffer({ size: 4 * Math.ceil(bytes / 4), usage: 0x1 | 0x8 }); // MAP_READ | COPY_DST
  }

  #pipelineOf(kernel: object, translate: () => Program): Pipeline {
    let pipeline = this.#pipelines.get(kernel);
    if (pipeline === undefined) {
      pipeline = makePipeline(this.#device, translate(), this.#pipelines.size);
      this.#pipelines.set(kernel, pipeline);
    }
    return pipeline;
  }
}

function makePipeline(device: GPUDevice, program: Program, id: number): Pipeline {
  const { name: label, code, reads, writes, paramsBytes } = program;
  const entries: GPUBindGroupLayoutEntry[] = Array.from({ length: reads + writes }, (_, i) => ({
    binding: 1 + i,
    visibility: 4, // COMPUTE
    buffer: { type: i < reads ? 'read-only-storage' : 'storage' },
  }));
  if (paramsBytes > 0) {
    entries.unshift({ binding: 0, visibility: 4, buffer: { type: 'uniform', hasDynamicOffset: true } });
  }
  const layout = device.createBindGroupLayout({ label, entries });
  const gpu = device.createComputePipeline({
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label, code }), entryPoint: 'main' },
  });
  return { id, program, gpu, layout };
}

function bufferOf(where: string, handle: Handle): PooledBuffer {
  check(handle instanceof GpuHandle, where, 'an operand lives on another backend');
  check(handle.buffer !== undefined, where, 'an operand was freed');
  return handle.buffer;
}

/** Workgroups in rows, none longer than a device allows. */
export function fold(groups: number): [number, number, number] {
  const rows = Math.ceil(groups / MOST_GROUPS_PER_AXIS);
  return [Math.ceil(groups / rows), rows, 1];
}

/** gpu.js's vec4: lengths along x, y, z and one more number. */
function writeDims(params: DataView, word: number, shape: Shape, last: number): void {
  const [x = 1, y = 1, z = 1] = shape.toReversed();
  for (const [i, value] of [x, y, z, last].entries()) params.setUint32(4 * (word + i), value, true);
}

function writeScalars(
  params: DataView,
  places: readonly { readonly word: number; readonly type: ScalarType }[],
  names: readonly string[],
  values: Readonly<Record<string, number>> | undefined,
): void {
  places.forEach(({ word, type }, i) => {
    const value = values![names[i]!]!;
    if (type === 'f32') params.setFloat32(4 * word, value, true);
    else params.setInt32(4 * word, value, true);
  });
}

export { type JsKernel, jsKernel, variants, type WgslKernel, wgslKernel } from './kernel';
export { functionsAsWgsl } from './program';
