// The gpu backend of the built package on WebGL2, by SwiftShader, where a page has no WebGPU adapter.

import { describeGpuBackend } from './gpu-backend';

describeGpuBackend({
  api: 'webgl2',
  flags: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  complaints: ['No available adapters.'],
});
