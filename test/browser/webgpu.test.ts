// The gpu backend of the built package on WebGPU, by SwiftShader.

import { describeGpuBackend } from './gpu-backend';

describeGpuBackend({
  api: 'webgpu',
  flags: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  complaints: [],
});
