/// <reference types="@webgpu/types" />
// The buffers of a WebGPU device, as the pool makes them.

import { noRoom, type Room, type RoomMaker, sizeClass } from './pool';

export interface PooledBuffer extends Room {
  readonly id: number;
  readonly gpu: GPUBuffer;
  /** The last batch of commands that uses it. */
  batch: number;
  /** What forgets it when it is destroyed. */
  readonly dependents: Set<string>;
}

/** STORAGE | COPY_SRC | COPY_DST: Node has no global GPUBufferUsage. */
const USAGE = 0x80 | 0x04 | 0x08;

/**
 * @param retire called before a buffer is destroyed
 * @param fail told later of a buffer that the device had no room for
 */
export function bufferMaker(
  device: GPUDevice,
  retire: (buffer: PooledBuffer) => void,
  fail: (error: Error) => void,
): RoomMaker<PooledBuffer> {
  let next = 1;
  return {
    capacityFor: sizeClass,

    create(where, capacity, held) {
      device.pushErrorScope('out-of-memory');
      const gpu = device.createBuffer({ size: capacity, usage: USAGE });
      device.popErrorScope().then(
        (error) => {
          if (error !== null) fail(noRoom(where, capacity, held));
        },
        () => {}, // the device is lost, and says so itself
      );
      return { id: next++, gpu, capacity, batch: -1, dependents: new Set() };
    },

    destroy(buffer) {
      retire(buffer);
      buffer.gpu.destroy();
    },
  };
}
