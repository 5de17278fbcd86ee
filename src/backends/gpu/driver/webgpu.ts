/// <reference types="@webgpu/types" />
// The driver on WebGPU: both kinds of kernel, on buffers that are used again, recorded and submitted many at a time.
// README.md in the folder above shows how to write a kernel.

import { check, SpikegradError } from '../../../errors';
import type { Handle } from '../../backend';
import { type Shape, sizeOf } from '../../shape';
import { type GpuHandle, roomOf } from '../handle';
import type { Counters, Driver, JsCall, WgslCall } from '.';
import { bufferMaker, type PooledBuffer } from './buffers';
import { type AdapterInfo, acquireDevice } from './device';
import { fold, type JsKernel, MOST_GROUPS_PER_AXIS, type ScalarType, type WgslKernel } from './kernel';
import { Pool } from './pool';
import { PooledDriver } from './pooled';
import { GROUP, type Program, programOfJs, programOfWgsl } from './program';
import { CommandRecorder, type Pipeline } from './recorder';
import { type KernelTime, Timestamps } from './timestamps';

export class WebGpuDriver extends PooledDriver<PooledBuffer> implements Driver {
  readonly hasWgsl = true;
  readonly info: AdapterInfo;
  /** Bytes of the largest tensor. */
  readonly limit: number;
  readonly #device: GPUDevice;
  protected readonly pool: Pool<PooledBuffer>;
  readonly #recorder: CommandRecorder;
  readonly #pipelines = new Map<object, Pipeline>();
  readonly #staging: GPUBuffer[] = [];
  readonly #transfers = { uploads: 0, uploadedBytes: 0, reads: 0, readBytes: 0 };
  #failure: Error | undefined;
  #lost: string | undefined;

  private constructor(device: GPUDevice, info: AdapterInfo) {
    super();
    this.#device = device;
    this.info = info;
    this.limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    this.#recorder = new CommandRecorder(device);
    const fail = (error: Error) => {
      this.#failure ??= error;
    };
    this.pool = new Pool(
      this.limit,
      bufferMaker(device, (buffer) => this.#recorder.forget(buffer), fail),
    );
    device.onuncapturederror = ({ error }) => {
      fail(new SpikegradError('gpu', `the device refused a command: ${error.message}`));
    };
    device.lost.then(({ message, reason }) => {
      this.#lost ??= message || reason || 'no reason given';
    });
  }

  /** @param acquire where the device comes from */
  static async start(where: string, acquire = acquireDevice): Promise<WebGpuDriver> {
    const { device, info } = await acquire(where);
    return new WebGpuDriver(device, info);
  }

  get counters(): Counters {
    const { dispatches, batch } = this.#recorder;
    return { dispatches, submissions: batch, pipelines: this.#pipelines.size, ...this.#transfers };
  }

  /** Changes the numbers of a handle. */
  write(where: string, handle: Handle, data: ArrayLike<number>): void {
    this.checkAlive(where);
    const buffer = bufferOf(where, handle);
    if (data.length === 0) return;
    const isReady = data instanceof Float32Array && data.buffer instanceof ArrayBuffer;
    const numbers = isReady ? (data as Float32Array<ArrayBuffer>) : Float32Array.from(data);
    this.#recorder.write(buffer, numbers);
    this.#transfers.uploads++;
    this.#transfers.uploadedBytes += numbers.byteLength;
  }

  /** The numbers as they are after what is recorded so far. */
  async read(where: string, handle: Handle): Promise<Float32Array<ArrayBuffer>> {
    this.checkAlive(where);
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
      this.checkAlive(where);
      throw new SpikegradError(where, 'the GPU did not give the numbers back', { cause: error });
    }
    const numbers = new Float32Array(staging.getMappedRange(0, Math.max(4, bytes)).slice(0, bytes));
    staging.unmap();
    if (this.#staging.length < 4) this.#staging.push(staging);
    else staging.destroy();
    this.checkAlive(where);
    return numbers;
  }

  /** Runs a gpu.js kernel. */
  js<A extends string, S extends string>(kernel: JsKernel<A, S>, call: JsCall<A, S>): GpuHandle {
    const { name, arrays, scalars } = kernel;
    const size = sizeOf(call.output);
    if (size === 0) return this.allocate(name, size);
    const views = arrays.map((array) => call.arrays[array]);
    // first what may throw, so that no buffer is left behind
    const pipeline = this.#pipelineOf(kernel, () => programOfJs(kernel));
    const operands = views.map(({ handle }) => bufferOf(name, handle));
    const groups = fold(Math.ceil(size / GROUP));
    const result = this.allocate(name, size);
    const buffers = [...operands, bufferOf(name, result)];
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
    const [x, y = 1, z = 1] = call.groups;
    check(
      Math.max(x, y, z) <= MOST_GROUPS_PER_AXIS,
      name,
      () => `${x} x ${y} x ${z} workgroups are more than a GPU starts at once; use a smaller batch`,
    );
    // first what may throw, so that no buffer is left behind
    const pipeline = this.#pipelineOf(kernel, () => programOfWgsl(kernel));
    const operands = (Object.keys(inputs) as I[]).map((key) => bufferOf(name, call.inputs[key].handle));
    const given = Object.entries(call.outputs) as [O, number | { readonly handle: Handle }][];
    for (const [, out] of given) if (typeof out !== 'number') bufferOf(name, out.handle);
    const results = Object.fromEntries(
      given.map(([key, out]) => [key, typeof out === 'number' ? this.allocate(name, out) : out.handle]),
    ) as Record<O, GpuHandle>;
    if (x === 0 || y === 0 || z === 0) return results;
    const buffers = [
      ...operands,
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

  /** Whether the device can tell how long a kernel ran. */
  get profiles(): boolean {
    return this.#device.features.has('timestamp-query');
  }

  /** Measures every kernel from now on, or ends that. */
  profile(on: boolean): void {
    this.#recorder.flush();
    this.#recorder.timestamps = on && this.profiles ? new Timestamps(this.#device) : undefined;
  }

  /** Time of each kernel since `profile(true)`. */
  async profiled(): Promise<KernelTime[]> {
    this.#recorder.flush();
    return (await this.#recorder.timestamps?.times()) ?? [];
  }

  /** Ends the device. The driver cannot be used after it. */
  close(): void {
    this.#recorder.flush();
    this.#lost = 'it was closed';
    this.#device.destroy();
  }

  protected checkAlive(where: string): void {
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
  return roomOf(where, handle, (room): room is PooledBuffer => 'gpu' in room);
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
