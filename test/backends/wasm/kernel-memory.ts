// For tests of single kernels: the module over a memory of its own, with a bump allocator. Not a test itself.

import { type Flavour, hasRelaxedSimd, kernelCode } from '../../../src/backends/wasm/flavour';
import { type KernelArguments, positionalCounts } from '../../../src/backends/wasm/generated/signatures';
import { type CompiledKernel, ordered, type PlainArguments } from '../../../src/backends/wasm/kernel-call';
import { ALL_POSITIONAL, invoke, recordWords } from '../../../src/backends/wasm/threads/program';

type Kernels = Record<string, (...args: number[]) => number>;

export interface KernelMemory {
  readonly kernels: Kernels;
  /** Calls one by the names of its parameters, those of its record among them. */
  call<K extends CompiledKernel>(kernel: K, given: PlainArguments<K>): void;
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
  let top = 1 << 20; // below lies the place of records
  const kernels = instance.exports as unknown as Kernels;
  const alloc = (bytes: number) => {
    const at = top;
    top = (top + bytes + 127) & ~63;
    if (top > memory.buffer.byteLength) throw new Error(`kernelMemory: ${pages} pages are too few`);
    return at;
  };
  const f32 = (address: number, length: number) => new Float32Array(memory.buffer, address, length);
  const u8 = (address: number, length: number) => new Uint8Array(memory.buffer, address, length);
  return {
    kernels,
    call(kernel, given) {
      const args = ordered(kernel, given as KernelArguments[typeof kernel]) as number[];
      invoke(kernels[kernel]!, args, positionalCounts[kernel] ?? ALL_POSITIONAL, recordWords(memory, 0));
    },
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
