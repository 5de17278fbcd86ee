// Neurons of equations: not yet on a GPU.

import { SpikegradError } from '../../errors';
import type { ScanKernels } from '../backend';

export function scanKernels(): ScanKernels {
  const refuse = (): never => {
    throw new SpikegradError(
      'runNeuron',
      "neurons of equations do not run on the gpu backend yet: take backend 'wasm' or 'cpu'",
    );
  };
  return { scan: refuse, scanGradient: refuse };
}
