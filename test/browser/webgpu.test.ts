// The gpu backend of the built package on WebGPU, by SwiftShader.

import { describeGpuBackend } from './gpu-backend';

describeGpuBackend({
  api: 'webgpu',
  flags: [
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    // as dawnFlags says (src/backends/gpu/driver/vulkan.ts)
    '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension',
  ],
  complaints: [],
});
