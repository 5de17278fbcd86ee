/**
 * What needs a GPU. `init({ backend: 'gpu' })` loads the same, when it is called.
 *
 * @module spikegrad/gpu
 */

export {
  type AdapterInfo,
  type Counters,
  type GpuBackend,
  gpuBackend,
  type KernelTime,
  type Limits,
  type PoolUse,
} from './backends/gpu';
