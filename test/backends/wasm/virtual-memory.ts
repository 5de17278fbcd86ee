// A memory that is only counted, so that sizes can be tried that no machine has. Not a test.

import { HEAP_BASE, Heap } from '../../../src/backends/wasm/heap';

const PAGE = 65536;

/** Heap over 4 GiB of nothing. `refuse` makes the system give no more from so many bytes on. */
export function virtualHeap(limit = 2 ** 32, refuse = 2 ** 32): Heap {
  let byteLength = HEAP_BASE;
  const memory = {
    get buffer() {
      return { byteLength };
    },
    grow(pages: number) {
      const wanted = byteLength + pages * PAGE;
      if (!Number.isInteger(pages) || wanted > Math.min(2 ** 32, refuse)) throw new RangeError('no more');
      byteLength = wanted;
    },
  };
  return new Heap(false, limit, memory as unknown as WebAssembly.Memory);
}
