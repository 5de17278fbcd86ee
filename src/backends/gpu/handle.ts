// A tensor's numbers on the device. The room inside may be exchanged for another, so that "in place" can mean "compute
// anew and take that", where a kernel cannot write what it reads.

import { check } from '../../errors';
import type { Handle, Operand } from '../backend';
import type { Room } from './driver/pool';

export class GpuHandle implements Handle {
  constructor(
    readonly size: number,
    /** The driver's buffer or texture; undefined once it is freed. */
    public room: Room | undefined,
    public binary = false,
  ) {
    this.bytes = 4 * size;
  }

  readonly bytes: number;
}

/** What a driver finds in a handle of its own. */
export function roomOf<R extends Room>(where: string, handle: Handle, isOwn: (room: Room) => room is R): R {
  check(handle instanceof GpuHandle, where, 'an operand lives on another backend');
  const { room } = handle;
  check(room !== undefined, where, 'an operand was freed');
  check(isOwn(room), where, 'an operand lives on another backend');
  return room;
}

/** The operand's numbers under another shape of the same size, as a kernel addresses them. */
export function view({ handle }: { readonly handle: Operand['handle'] }, shape: Operand['shape']): Operand {
  return { handle, shape };
}
