// What the two drivers do alike: handles get room from a pool, give it back, and may exchange it.

import type { Handle } from '../../backend';
import { GpuHandle } from '../handle';
import type { Pool, PoolUse, Room } from './pool';

export abstract class PooledDriver<R extends Room> {
  protected abstract readonly pool: Pool<R>;

  /** @throws when the device is lost or has refused a command */
  protected abstract checkAlive(where: string): void;

  abstract write(where: string, handle: Handle, data: ArrayLike<number>): void;

  get use(): PoolUse {
    return this.pool.use;
  }

  allocate(where: string, size: number): GpuHandle {
    this.checkAlive(where);
    return new GpuHandle(size, this.pool.acquire(where, 4 * size));
  }

  upload(where: string, data: ArrayLike<number>): GpuHandle {
    const handle = this.allocate(where, data.length);
    this.write(where, handle, data);
    return handle;
  }

  free(handle: Handle): void {
    if (!(handle instanceof GpuHandle) || handle.room === undefined) return;
    this.pool.release(handle.room as R);
    handle.room = undefined;
  }

  replace(target: Handle, fresh: GpuHandle): void {
    this.free(target);
    (target as GpuHandle).room = fresh.room;
    fresh.room = undefined;
  }
}
