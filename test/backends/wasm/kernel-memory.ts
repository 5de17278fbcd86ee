// For tests of single kernels: the module over a memory of its own, with a bump allocator. Not a test itself.

import { type Flavour, hasRelaxedSimd, kernelCode } from '../../../src/backends/wasm/flavour';

type Kernels = Record<string, (...args: number[]) => number>;

export interface KernelMemory {
  readonly kernels: Kernels;
  /** Address of `bytes` fresh zeroed bytes, 64-byte aligned. */
  alloc(bytes: number): number;
  f32(address: number, length: number): Float32Array;
  u8(address: number, length: number): Uint8Array;
  /** Copies numbers in and gives their address. */
  floats(data: ArrayLike<number>): number;
  bytes(data: ArrayLike<number>): number;
}

/** The flavours that run here; both must pass every test. */
export const flavours: readonly Flavour[] = hasRelaxedSimd() ? ['relaxed', 'plain'] : ['plain'];

export function kernelMemory(flavour: Flavour = flavours[0]!, pages = 2048): KernelMemory {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(kernelCode(flavour, false)), {
    env: {
      memory,
      abort: () => {
        throw new Error('abort');
      },
    },
  });
  let top = 65536;
  const alloc = (bytes: number) => {
    const at = top;
    top = (top + bytes + 127) & ~63;
    if (top > memory.buffer.byteLength) throw new Error(`kernelMemory: ${pages} pages are too few`);
    return at;
  };
  const f32 = (address: number, length: number) => new Float32Array(memory.buffer, address, length);
  const u8 = (address: number, length: number) => new Uint8Array(memory.buffer, address, length);
  return {
    kernels: instance.exports as unknown as Kernels,
    alloc,
    f32,
    u8,
    floats(data) {
      const at = alloc(data.length * 4);
      f32(at, data.length).set(data);
      return at;
    },
    bytes(data) {
      const at = alloc(data.length);
      u8(at, data.length).set(data);
      return at;
    },
  };
}
