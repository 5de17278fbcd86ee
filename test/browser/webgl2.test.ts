// The gpu backend of the built package on WebGL2, by SwiftShader, where a page has no WebGPU adapter.

import { describeGpuBackend } from './gpu-backend';

describeGpuBackend({
  api: 'webgl2',
  flags: [
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    // each of some hundred programs is compiled for its one use, and not ahead for others
    '--disable-angle-features=warmUpPreRasterPipelineCache,supportsGraphicsPipelineLibrary,preferMonolithicPipelinesOverLibraries',
  ],
  complaints: ['No available adapters.'],
});
