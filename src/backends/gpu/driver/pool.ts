/// <reference types="@webgpu/types" />
// The device's buffers, in few sizes, used again and again. Work runs in the order in which it was recorded, so a buffer
// that is given back may at once be written by whatever is recorded next.

import { OutOfMemoryError } from '../../../errors';

export interface PooledBuffer {
  readonly id: number;
  readonly gpu: GPUBuffer;
  /** Bytes. */
  readonly capacity: number;
  /** The last batch of commands that uses it. */
  batch: number;
  /** What forgets it when it is destroyed. */
  readonly dependents: Set<string>;
}

export interface PoolUse {
  /** Buffers that tensors hold, and their bytes. */
  readonly live: number;
  readonly liveBytes: number;
  /** Buffers that wait to be used again. */
  readonly idle: number;
  readonly idleBytes: number;
}

/** STORAGE | COPY_SRC | COPY_DST: Node has no global GPUBufferUsage. */
const USAGE = 0x80 | 0x04 | 0x08;

/** Idle bytes that are kept in any case; above it, as many as are live. */
const KEPT = 256 * 2 ** 20;

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** Four sizes between one power of two and the next, whole multiples of 256 bytes. */
export function sizeClass(bytes: number): number {
  if (bytes <= 1024) return 256 * Math.max(1, Math.ceil(bytes / 256));
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

export class BufferPool {
  readonly #idle = new Map<number, PooledBuffer[]>();
  #next = 1;
  #live = 0;
  #liveBytes = 0;
  #idleCount = 0;
  #idleBytes = 0;

  /**
   * @param limit bytes of the largest buffer
   * @param retire called before a buffer is destroyed
   */
  constructor(
    readonly device: GPUDevice,
    readonly limit: number,
    readonly retire: (buffer: PooledBuffer) => void,
    readonly fail: (error: Error) => void,
  ) {}

  get use(): PoolUse {
    return {
      live: this.#live,
      liveBytes: this.#liveBytes,
      idle: this.#idleCount,
      idleBytes: this.#idleBytes,
    };
  }

  /** @throws OutOfMemoryError when no buffer can be that large */
  acquire(where: string, bytes: number): PooledBuffer {
    if (bytes > this.limit) {
      throw new OutOfMemoryError(
        where,
        `a tensor of ${bytes / 4} numbers takes ${megabytes(bytes)}, this GPU binds at most ${megabytes(this.limit)}; use a smaller batch`,
      );
    }
    const capacity = Math.min(sizeClass(bytes), this.limit);
    const again = this.#idle.get(capacity)?.pop();
    this.#live++;
    this.#liveBytes += capacity;
    if (again === undefined) return this.#create(where, capacity);
    this.#idleCount--;
    this.#idleBytes -= capacity;
    return again;
  }

  release(buffer: PooledBuffer): void {
    this.#live--;
    this.#liveBytes -= buffer.capacity;
    this.#idleCount++;
    this.#idleBytes += buffer.capacity;
    const others = this.#idle.get(buffer.capacity);
    if (others === undefined) this.#idle.set(buffer.capacity, [buffer]);
    else others.push(buffer);
    if (this.#idleBytes > Math.max(KEPT, this.#liveBytes)) this.#trim();
  }

  #create(where: string, capacity: number): PooledBuffer {
    this.device.pushErrorScope('out-of-memory');
    const gpu = this.device.createBuffer({ size: capacity, usage: USAGE });
    this.device.popErrorScope().then(
      (error) => {
        if (error === null) return;
        const held = megabytes(this.#liveBytes);
        this.fail(
          new OutOfMemoryError(
            where,
            `the GPU has no room for ${megabytes(capacity)} beside ${held}; use a smaller batch`,
          ),
        );
      },
      () => {}, // the device is lost, and says so itself
    );
    return { id: this.#next++, gpu, capacity, batch: -1, dependents: new Set() };
  }

  /** Gives the largest idle buffers back to the system until half of what may be kept is left. */
  #trim(): void {
    const target = Math.max(KEPT, this.#liveBytes) / 2;
    for (const capacity of [...this.#idle.keys()].sort((p, q) => q - p)) {
      const buffers = this.#idle.get(capacity)!;
      while (buffers.length > 0 && this.#idleBytes > target) {
        const buffer = buffers.shift()!;
        this.#idleCount--;
        this.#idleBytes -= capacity;
        this.retire(buffer);
        buffer.gpu.destroy();
      }
    }
  }
}
