// The backend on a GPU: every tensor is a buffer of the device and stays there until it is read. Here its parts are put
// together; README.md says how it works and how a kernel is written.

import { SpikegradError } from '../../errors';
import type { Backend } from '../backend';
import { convolutionKernels } from './convolution';
import { groupedConvolutionKernels } from './convolution/grouped';
import type { Counters, Driver } from './driver';
import type { AdapterInfo } from './driver/device';
import type { PoolUse } from './driver/pool';
import { startDriver } from './driver/start';
import type { KernelTime } from './driver/timestamps';
import { elementwiseKernels } from './elementwise';
import { type Limits, measureLimits } from './limits';
import { lossKernels } from './loss';
import { productKernels } from './matmul';
import { maxPoolKernels } from './max-pool';
import { movementKernels } from './movement';
import { normKernels } from './norm';
import { poolKernels } from './pool';
import { fill, reductionKernels } from './reduce';
import { scanKernels } from './scan';
import { updateKernels } from './update';
import { windowKernels } from './windows';

/** The backend that computes on a GPU. */
export interface GpuBackend extends Backend {
  /** WebGL2 is what browsers without WebGPU have: slower, and nearly every kernel runs. */
  readonly api: 'webgpu' | 'webgl2';
  /** What the adapter calls itself. */
  readonly adapter: AdapterInfo;
  /** Bytes of the largest tensor. */
  readonly largestTensor: number;
  /** Buffers of the device, in use and kept for reuse. */
  memory(): PoolUse;
  /** Dispatches, uploads and read-backs so far. */
  counters(): Counters;
  /** Whether this adapter can tell how long a kernel ran. */
  readonly profiles: boolean;
  /** Measures every kernel from now on, or ends that. */
  profile(on: boolean): void;
  /** Time of each kernel since `profile(true)`, the longest first. */
  profiled(): Promise<KernelTime[]>;
  /** What the device can do in a millisecond, measured now. */
  limits(): Promise<Limits>;
  /** Ends the device. The backend cannot be used after it. */
  close(): void;
}

/** Asks for a GPU and makes the backend on it. @throws without WebGPU, an adapter, or in Node npm package webgpu */
export async function gpuBackend(): Promise<GpuBackend> {
  return backendOn(await startDriver('init'));
}

/** The backend over a driver. */
export function backendOn(driver: Driver): GpuBackend {
  const { release, ...loss } = lossKernels(driver);
  return {
    name: 'gpu',
    precision: 'f32',
    synchronous: false,
    api: driver.hasWgsl ? 'webgpu' : 'webgl2',
    adapter: driver.info,
    largestTensor: driver.limit,

    upload: (data) => driver.upload('upload', data),
    full: (size, value) => fill(driver, size, value),
    read: (handle) => driver.read('data', handle),
    readSync() {
      throw new SpikegradError(
        'dataSync',
        'the gpu backend reads asynchronously only; use await tensor.data() or await tensor.item()',
      );
    },
    overwrite(handle, data) {
      driver.write('overwrite', handle, data);
    },
    free(handle) {
      release(handle);
      driver.free(handle);
    },

    ...elementwiseKernels(driver),
    ...reductionKernels(driver),
    ...movementKernels(driver),
    ...productKernels(driver),
    ...windowKernels(driver),
    ...convolutionKernels(driver),
    ...groupedConvolutionKernels(driver),
    ...poolKernels(driver),
    ...maxPoolKernels(driver),
    ...normKernels(driver),
    ...scanKernels(driver),
    ...loss,
    ...updateKernels(driver),

    memory: () => driver.use,
    counters: () => driver.counters,
    profiles: driver.profiles,
    profile: (on) => driver.profile(on),
    profiled: () => driver.profiled(),
    limits: () => measureLimits(driver),
    close: () => driver.close(),
  };
}

export type { AdapterInfo, Counters, KernelTime, Limits, PoolUse };
