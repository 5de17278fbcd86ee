// Room on the device for numbers, in few sizes, used again and again. Work runs in the order in which it was
// recorded, so what is given back may at once be written by whatever is recorded next.

import { OutOfMemoryError } from '../../../errors';
import { ADVICE, tensorsThatLive } from '../../out-of-memory';

/** A buffer or a texture, with room for so many bytes. */
export interface Room {
  readonly capacity: number;
}

/** GPU buffers in use and waiting. */
export interface PoolUse {
  /** Buffers that tensors hold, and their bytes. */
  readonly live: number;
  readonly liveBytes: number;
  /** Buffers that wait to be used again. */
  readonly idle: number;
  readonly idleBytes: number;
}

/** How a kind of room is made and given back to the system. */
export interface RoomMaker<R extends Room> {
  /** @param held bytes of all that is live, the new one included */
  create(where: string, capacity: number, held: number): R;
  destroy(room: R): void;
  /** The capacity that is made for so many bytes. */
  capacityFor(bytes: number): number;
}

/** Idle bytes that are kept in any case; above it, as many as are live. */
const KEPT = 256 * 2 ** 20;

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** Four sizes between one power of two and the next, whole multiples of 256 bytes. */
export function sizeClass(bytes: number): number {
  if (bytes <= 1024) return 256 * Math.max(1, Math.ceil(bytes / 256));
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

export class Pool<R extends Room> {
  readonly #maker: RoomMaker<R>;
  readonly #idle = new Map<number, R[]>();
  #live = 0;
  #liveBytes = 0;
  #idleCount = 0;
  #idleBytes = 0;

  /** @param limit bytes of the largest tensor */
  constructor(
    readonly limit: number,
    maker: RoomMaker<R>,
  ) {
    this.#maker = maker;
  }

  get use(): PoolUse {
    return {
      live: this.#live,
      liveBytes: this.#liveBytes,
      idle: this.#idleCount,
      idleBytes: this.#idleBytes,
    };
  }

  /** @throws OutOfMemoryError when nothing can be that large */
  acquire(where: string, bytes: number): R {
    if (bytes > this.limit) {
      throw new OutOfMemoryError(
        where,
        `a tensor of ${bytes / 4} numbers takes ${megabytes(bytes)}, this GPU binds at most ${megabytes(this.limit)}; use a smaller batch`,
      );
    }
    const capacity = Math.min(this.#maker.capacityFor(bytes), this.limit);
    let room = this.#idle.get(capacity)?.pop();
    if (room === undefined) {
      room = this.#maker.create(where, capacity, this.#liveBytes + capacity);
    } else {
      this.#idleCount--;
      this.#idleBytes -= capacity;
    }
    this.#live++;
    this.#liveBytes += capacity;
    return room;
  }

  release(room: R): void {
    const { capacity } = room;
    this.#live--;
    this.#liveBytes -= capacity;
    this.#idleCount++;
    this.#idleBytes += capacity;
    const others = this.#idle.get(capacity);
    if (others === undefined) this.#idle.set(capacity, [room]);
    else others.push(room);
    if (this.#idleBytes > Math.max(KEPT, this.#liveBytes)) this.#trim();
  }

  /** Gives the largest idle ones back to the system until half of what may be kept is left. */
  #trim(): void {
    const target = Math.max(KEPT, this.#liveBytes) / 2;
    for (const capacity of [...this.#idle.keys()].sort((p, q) => q - p)) {
      const rooms = this.#idle.get(capacity)!;
      while (rooms.length > 0 && this.#idleBytes > target) {
        this.#idleCount--;
        this.#idleBytes -= capacity;
        this.#maker.destroy(rooms.shift()!);
      }
    }
  }
}

/** @param held bytes of all that is live, these included */
export function noRoom(where: string, capacity: number, held: number): OutOfMemoryError {
  return new OutOfMemoryError(
    where,
    `the GPU has no room for ${megabytes(capacity)} beside ${megabytes(held - capacity)}, and ${tensorsThatLive()}`,
    ADVICE,
  );
}
