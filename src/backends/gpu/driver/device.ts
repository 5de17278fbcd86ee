/// <reference types="@webgpu/types" />
// Where the device comes from: navigator.gpu in browsers (and in runtimes that have it), Dawn in Node. npm `webgpu`
// is no dependency of this library, since it is large and few need it: whoever computes on a GPU in Node installs it.

import { NoDeviceError } from '../../../errors';
import { afterFailedImport, MissingPackageError } from '../../../optional-package';
import { askForAdapter, dawnFlags, mayHaveDriver } from './vulkan';

/** What a GPU says of itself. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
}

export interface Acquired {
  readonly device: GPUDevice;
  readonly info: AdapterInfo;
}

/** Held for good: Dawn ends its devices when its entry object is collected. */
let dawn: GPU | undefined;

async function entryPoint(where: string): Promise<GPU> {
  const own = globalThis.navigator?.gpu;
  if (own !== undefined) return own;
  if (dawn !== undefined) return dawn;
  const node = globalThis.process as { versions?: { node?: string }; platform?: string } | undefined;
  if (node?.versions?.node === undefined) {
    throw new NoDeviceError(where, "this browser has no WebGPU: use backend 'wasm'");
  }
  dawn = await loadDawn(where, 'webgpu', node.platform === 'linux');
  return dawn;
}

const MISSING = 'the gpu backend needs the package webgpu in Node: npm install webgpu';

/** @param specifier a variable, since bundlers follow literal imports */
async function importDawn(where: string, specifier: string): Promise<{ create(flags: string[]): GPU }> {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
  } catch (error) {
    return await afterFailedImport(where, specifier, MISSING, error);
  }
}

async function loadDawn(where: string, specifier: string, isLinux: boolean): Promise<GPU> {
  const module = await importDawn(where, specifier).catch((error: unknown) => {
    throw error instanceof MissingPackageError ? new NoDeviceError(where, MISSING, { cause: error }) : error;
  });
  // Linux drivers look for a Wayland socket there and complain on stderr where a server has no such folder
  const { env } = globalThis.process as { env: Record<string, string | undefined> };
  env.XDG_RUNTIME_DIR ??= '/tmp';
  if (!isLinux) return module.create([]);
  if (!mayHaveDriver(env)) throw new NoDeviceError(where, NO_ADAPTER);
  const flags = dawnFlags(env);
  const fault = await askForAdapter(specifier, flags);
  if (fault !== undefined) throw new NoDeviceError(where, `${NO_ADAPTER}. The driver says: ${fault}`);
  return module.create(flags);
}

const NO_ADAPTER =
  "no GPU was found. In Node on Linux that takes a Vulkan driver (apt-get install libvulkan1 and the GPU's own; VK_DRIVER_FILES names a driver by hand); in a browser, hardware acceleration. Backend 'wasm' needs neither";

/** A device of the default limits, but with buffers as large as the adapter can bind. */
export async function acquireDevice(where: string): Promise<Acquired> {
  const gpu = await entryPoint(where);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new NoDeviceError(where, NO_ADAPTER);
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  });
  const { vendor, architecture, description } = adapter.info;
  return { device, info: { vendor, architecture, description } };
}
