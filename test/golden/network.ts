// A network of the reference vectors on the backend for new tensors, with its input, labels and arrays. Not a test
// itself.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensor } from '../../src/core/create';
import { channelsLast } from '../../src/interop/layout';
import { readSafetensors } from '../../src/interop/safetensors';
import { floatsOf, loadState } from '../../src/interop/state';
import { mpr, rectangular, resnet20 } from '../../src/snn';
import { golden, readJson } from './golden';

interface NetworkConfig {
  variant: 'small' | 'wide';
  width: number;
  T: number;
  k: number | 'none';
  dynamics: 'leak' | 'paper';
  tau: number;
  vth: number;
  vReset: number;
  surrogateWidth: number;
  classes: number;
}

export function openNetwork(name: string) {
  const config = readJson<NetworkConfig>(`${name}.json`);
  const { tensors } = readSafetensors(readFileSync(join(golden.path, `${name}.safetensors`)));
  const network = resnet20({
    variant: config.variant,
    width: config.width,
    classes: config.classes,
    timesteps: config.T,
    neuron: {
      dynamics: config.dynamics,
      tau: config.tau,
      vth: config.vth,
      vReset: config.vReset,
      rectifier: config.k === 'none' ? null : mpr({ k: config.k }),
      surrogate: rectangular({ window: config.surrogateWidth }),
    },
  });
  loadState(network, new Map([...tensors].filter(([key]) => key.startsWith('init.'))), {
    prefix: 'init.',
  });
  const image = channelsLast(floatsOf('golden', 'input', tensors));
  const input = tensor(image.data as Float32Array, image.shape, { requiresGrad: true });
  const labels = Array.from(tensors.get('labels')!.data as BigInt64Array, Number);
  const floats = (key: string) => floatsOf('golden', key, tensors);
  return { network, tensors, input, labels, floats };
}
