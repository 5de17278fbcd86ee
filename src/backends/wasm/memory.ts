// Making handles and reading them, as the contract has it. Freeing needs no memory, and is left to index.ts.

import type { MemoryKernels } from '../backend';
import { roomFor } from '../out-of-memory';
import type { Engine } from './engine';

export function memoryKernels(engine: Engine): Omit<MemoryKernels, 'read' | 'free'> {
  const { heap, scheduler } = engine;
  return {
    upload: (data) => engine.upload(data),
    full(size, value) {
      const { handle, buffer } = engine.out(size);
      heap.f32(scheduler.place(buffer), size).fill(value);
      return handle;
    },
    readSync: (handle) => roomFor('wasm', handle.size, () => engine.view({ handle }).slice()),
    overwrite(handle, data) {
      const buffer = engine.changeable({ handle, shape: [handle.size] });
      scheduler.settle(buffer, 'write');
      heap.f32(buffer.address, handle.size).set(data);
    },
  };
}
