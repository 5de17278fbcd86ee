// A GPU for tests, or the reason why there is none. Without one, Chromium's SwiftShader serves: slow, but the real API.

import { existsSync } from 'node:fs';
import type { Driver } from '../../src/backends/gpu/driver';
import { messageOf } from '../../src/backends/gpu/driver/program';
import { WebGpuDriver } from '../../src/backends/gpu/driver/webgpu';
import { SpikegradError } from '../../src/errors';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

const hasGpu = ['/dev/dri', '/dev/nvidia0'].some((path) => existsSync(path));
if (process.env.VK_DRIVER_FILES === undefined && !hasGpu && existsSync(SWIFTSHADER)) {
  process.env.VK_DRIVER_FILES = SWIFTSHADER;
}

/** A driver of the test file's own; where there is none, the note goes into the title of what is skipped. */
export async function testDriver(): Promise<
  { missing: false; note: ''; driver: Driver } | { missing: true; note: string; driver: undefined }
> {
  try {
    return { missing: false, note: '', driver: await WebGpuDriver.start('test') };
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error; // a fault of ours, and no lack of a GPU
    return { missing: true, note: ` (skipped: ${messageOf(error)})`, driver: undefined };
  }
}
