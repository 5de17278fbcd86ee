// A tensor's numbers on the device. The buffer inside may be exchanged for another, so that "in place" can mean "compute
// anew and take that", where a kernel cannot write what it reads.

import type { Handle, Operand } from '../backend';
import type { PooledBuffer } from './driver/pool';

export class GpuHandle implements Handle {
  constructor(
    readonly size: number,
    /** undefined once it is freed. */
    public buffer: PooledBuffer | undefined,
    public binary = false,
  ) {
    this.bytes = 4 * size;
  }

  readonly bytes: number;
}

/** The operand's numbers under another shape of the same size, as a kernel addresses them. */
export function view({ handle }: { readonly handle: Operand['handle'] }, shape: Operand['shape']): Operand {
  return { handle, shape };
}
