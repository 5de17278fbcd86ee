/// <reference types="@webgpu/types" />
// How long each kernel ran on the device: two timestamps around every dispatch while it is profiled. Needs the feature
// timestamp-query; browsers round the times to 100 µs.

/** Time that one kernel took over all its calls. */
export interface KernelTime {
  readonly kernel: string;
  readonly milliseconds: number;
  readonly calls: number;
}

/** Dispatches of one submission that are measured; the recorder submits before there are more. */
const MOST = 128;

export class Timestamps {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  #names: string[] = [];
  readonly #readings: Promise<void>[] = [];
  readonly #nanoseconds = new Map<string, { total: number; calls: number }>();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 * MOST });
    this.#resolved = device.createBuffer({ size: 16 * MOST, usage: 0x200 | 0x4 }); // QUERY_RESOLVE | COPY_SRC
  }

  /** Where the next dispatch's pass writes its times. */
  around(kernel: string): GPUComputePassTimestampWrites {
    const at = 2 * this.#names.push(kernel) - 2;
    return { querySet: this.#queries, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
  }

  /** Records that the times go home with this submission. The function it gives is called after that. */
  resolve(encoder: GPUCommandEncoder): () => void {
    const names = this.#names;
    this.#names = [];
    if (names.length === 0) return () => {};
    const bytes = 16 * names.length;
    const staging = this.#device.createBuffer({ size: bytes, usage: 0x1 | 0x8 }); // MAP_READ | COPY_DST
    encoder.resolveQuerySet(this.#queries, 0, 2 * names.length, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, staging, 0, bytes);
    return () => {
      this.#readings.push(this.#read(staging, names));
    };
  }

  async #read(staging: GPUBuffer, names: readonly string[]): Promise<void> {
    await staging.mapAsync(0x1);
    const times = new BigUint64Array(staging.getMappedRange());
    for (const [i, name] of names.entries()) {
      const sum = this.#nanoseconds.get(name) ?? { total: 0, calls: 0 };
      sum.total += Number(times[2 * i + 1]! - times[2 * i]!);
      sum.calls++;
      this.#nanoseconds.set(name, sum);
    }
    staging.destroy();
  }

  /** All kernels so far, the longest first. */
  async times(): Promise<KernelTime[]> {
    await Promise.all(this.#readings);
    return [...this.#nanoseconds]
      .map(([kernel, { total, calls }]) => ({ kernel, milliseconds: total / 1e6, calls }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  }
}
