/// <reference types="@webgpu/types" />
// Commands on their way to the device: dispatches gather in one compute pass and are submitted together, at the latest
// when JavaScript comes to rest. Their scalars lie in one uniform page that is written before each submission; what the
// queue was given earlier has run by then.

import type { PooledBuffer } from './buffers';
import type { Program } from './program';
import type { Timestamps } from './timestamps';

export interface Pipeline {
  readonly id: number;
  readonly program: Program;
  readonly gpu: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Dispatches of one submission. */
const MOST_PENDING = 100;

/** Bytes between the uniforms of two dispatches: WebGPU's alignment of dynamic offsets. */
const SLOT = 256;
const SLOTS = 256;

/** Bind groups that are remembered before all are forgotten. */
const MOST_GROUPS = 10_000;

export class CommandRecorder {
  readonly #device: GPUDevice;
  readonly #page: GPUBuffer;
  readonly #mirror = new ArrayBuffer(SLOT * SLOTS);
  readonly #groups = new Map<string, GPUBindGroup>();
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #pending = 0;
  #slot = 0;
  /** Number of the batch that is being recorded. */
  batch = 0;
  dispatches = 0;
  /** While kernels are profiled: then every dispatch has a pass of its own. */
  timestamps: Timestamps | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#page = device.createBuffer({ size: SLOT * SLOTS, usage: 0x40 | 0x08 }); // UNIFORM | COPY_DST
  }

  /**
   * @param writeParams fills the uniform block
   * @param buffers what is read, then what is written
   */
  dispatch(
    pipeline: Pipeline,
    buffers: readonly PooledBuffer[],
    groups: readonly [number, number, number],
    writeParams: (params: DataView) => void,
  ): void {
    const { paramsBytes } = pipeline.program;
    const slots = Math.ceil(paramsBytes / SLOT);
    if (this.#pending === MOST_PENDING || this.#slot + slots > SLOTS) this.flush();
    const pass = this.#openPass(pipeline.program.name);
    pass.setPipeline(pipeline.gpu);
    const group = this.#groupOf(pipeline, buffers);
    if (slots === 0) {
      pass.setBindGroup(0, group);
    } else {
      writeParams(new DataView(this.#mirror, this.#slot * SLOT, paramsBytes));
      pass.setBindGroup(0, group, [this.#slot * SLOT]);
      this.#slot += slots;
    }
    pass.dispatchWorkgroups(...groups);
    if (this.timestamps !== undefined) this.#closePass();
    for (const buffer of buffers) buffer.batch = this.batch;
    this.#pending++;
    this.dispatches++;
  }

  /** Records a copy of the first `bytes` of a buffer. */
  copy(from: PooledBuffer, to: GPUBuffer, bytes: number): void {
    this.#closePass();
    this.#encoder ??= this.#device.createCommandEncoder();
    this.#encoder.copyBufferToBuffer(from.gpu, 0, to, 0, bytes);
    from.batch = this.batch;
  }

  /** Writes numbers at once, after what is recorded so far where that uses the buffer. */
  write(buffer: PooledBuffer, data: Float32Array<ArrayBuffer>): void {
    if (buffer.batch === this.batch) this.flush();
    this.#device.queue.writeBuffer(buffer.gpu, 0, data);
  }

  /** Submits what is recorded. */
  flush(): void {
    if (this.#encoder === undefined) return;
    this.#closePass();
    const submitted = this.timestamps?.resolve(this.#encoder);
    if (this.#slot > 0) {
      this.#device.queue.writeBuffer(this.#page, 0, this.#mirror, 0, this.#slot * SLOT);
    }
    this.#device.queue.submit([this.#encoder.finish()]);
    this.#encoder = undefined;
    this.#pending = 0;
    this.#slot = 0;
    this.batch++;
    submitted?.();
  }

  /** Before a buffer is destroyed. */
  forget(buffer: PooledBuffer): void {
    if (buffer.batch === this.batch) this.flush();
    for (const key of buffer.dependents) this.#groups.delete(key);
  }

  #closePass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }

  #openPass(kernel: string): GPUComputePassEncoder {
    if (this.#pass !== undefined) return this.#pass;
    if (this.#encoder === undefined) {
      this.#encoder = this.#device.createCommandEncoder();
      queueMicrotask(() => this.flush());
    }
    this.#pass = this.#encoder.beginComputePass({ timestampWrites: this.timestamps?.around(kernel) });
    return this.#pass;
  }

  #groupOf({ id, program, layout }: Pipeline, buffers: readonly PooledBuffer[]): GPUBindGroup {
    let key = String(id);
    for (const buffer of buffers) key += `,${buffer.id}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const entries: GPUBindGroupEntry[] = buffers.map(({ gpu }, i) => ({
      binding: 1 + i,
      resource: { buffer: gpu },
    }));
    if (program.paramsBytes > 0) {
      entries.unshift({ binding: 0, resource: { buffer: this.#page, size: program.paramsBytes } });
    }
    if (this.#groups.size >= MOST_GROUPS) this.#groups.clear();
    const group = this.#device.createBindGroup({ layout, entries });
    this.#groups.set(key, group);
    for (const buffer of buffers) buffer.dependents.add(key);
    return group;
  }
}
