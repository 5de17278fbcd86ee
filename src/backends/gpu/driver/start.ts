// Which driver: WebGPU where there is an adapter; in browsers without one, WebGL2, whose code is loaded only then.

import type { Driver } from '.';
import { WebGpuDriver } from './webgpu';

/** @throws where neither can be had */
export async function startDriver(where: string): Promise<Driver> {
  try {
    return await WebGpuDriver.start(where);
  } catch (error) {
    if (globalThis.WebGL2RenderingContext === undefined) throw error;
    const { WebGl2Driver } = await import('./webgl2');
    return WebGl2Driver.start(where);
  }
}
