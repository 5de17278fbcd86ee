// A training step of a run's network on random images, to measure backends with.

import type { Workload } from '../calibrate';
import { tensor } from '../core/create';
import { Random } from '../core/random';
import { scope } from '../core/scope';
import type { Tensor } from '../core/tensor';
import type { Module } from '../nn/module';
import { crossEntropy } from '../ops/loss';
import { type Optimizer, Sgd } from '../optim';
import { checkKind, whole } from '../options';
import { buildNetwork } from './network';
import { checkNetworkSettings, type NetworkSettings } from './settings';

/** Forward, backward, update. The loss it gives is nobody's but the caller's, who reads it and disposes of it. */
export function descend(network: Module, optimizer: Optimizer, x: () => Tensor, labels: Int32Array): Tensor {
  const loss = scope(() => {
    const value = crossEntropy(network.call(x()), labels);
    value.backward();
    return value;
  });
  optimizer.step();
  optimizer.zeroGrad();
  return loss;
}

/** Images of a step that is measured: enough to fill a GPU, and soon done. */
const MOST_IMAGES = 32;

/**
 * A training step of a network, for backends to be measured with. @param images of a step; no more than 32 are measured
 */
export function trainingWorkload(settings: NetworkSettings, images: number): Workload {
  checkNetworkSettings('trainingWorkload', settings);
  checkKind('trainingWorkload', 'images', whole({ least: 1 }), images);
  const batch = Math.min(images, MOST_IMAGES);
  const { arch, width, timesteps, mpr, dynamics, classes, height, imageWidth, channels } = settings;
  const shape = [batch, height, imageWidth, channels];
  return {
    key: `training ${arch} ${width} T${timesteps} mpr ${mpr} ${dynamics} ${classes} classes of ${shape.join('x')}`,
    prepare() {
      const random = new Random(0);
      const network = buildNetwork(settings);
      const optimizer = new Sgd(network.parameters(), { lr: 0.01 });
      const numbers = Float32Array.from({ length: batch * height * imageWidth * channels }, () =>
        random.normal(),
      );
      const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
      return {
        async run() {
          const loss = descend(network, optimizer, () => tensor(numbers, shape), labels);
          await loss.item();
          loss.dispose();
        },
        dispose() {
          optimizer.dispose();
          network.dispose();
        },
      };
    },
  };
}
