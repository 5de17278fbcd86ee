// What bench/peers/python/fast.py starts from: the settings of `train --recipe fast`, the weights that it begins with,
// its first batches, and our losses on them. These are computed in f64 with few images: in f32 a rounding makes a
// membrane near its threshold fire here and not there, and the losses part in the third digit.
//
//   --data DIR    the official binary files of CIFAR-10
//   --out DIR     where settings.json, state.safetensors, batches.safetensors and losses.json go
//   --steps N     steps to compare, default 4; half of them at the time steps of the first phase
//   --batch N     images of each, default 2

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { batches } from '../../src/data/batches';
import type { Dataset } from '../../src/data/dataset';
import { init } from '../../src/init';
import { type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { stateOf } from '../../src/interop/state';
import { loadDataset } from '../../src/node';
import { setTimesteps } from '../../src/snn/time-steps';
import { buildNetwork, recipes, runSettings, withRecipe } from '../../src/train';
import { optimizerOf } from '../../src/train/settings/descent';
import { forwardAndBackward } from '../../src/train/trainer/pass';
import { whitenStem } from '../../src/train/trainer/stem';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: `${process.env.SPIKEGRAD_SHARED ?? '../shared'}/data/cifar10` },
    out: { type: 'string', default: 'runs/speedrun-peer' },
    steps: { type: 'string', default: '4' },
    batch: { type: 'string', default: '2' },
  },
});
const steps = Number(values.steps);
const train = (await loadDataset('cifar10', 'train', values.data)) as Dataset;
const settings = runSettings({ dataset: 'cifar10', seed: 0, ...withRecipe(recipes.fast) }, train);
await init({ backend: 'cpu', precision: 'f64', seed: settings.seed });
const network = buildNetwork(settings);
if (settings.stem === 'whitened') await whitenStem(network, train, settings.seed);
mkdirSync(values.out, { recursive: true });
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(values.out, name), content);
write('settings.json', `${JSON.stringify(settings, null, 2)}\n`);
write('state.safetensors', writeSafetensors(await stateOf(network)));

const optimizer = optimizerOf(network, settings);
const order = batches(train, {
  ...{ batchSize: Number(values.batch), seed: settings.seed, shuffle: true, augment: settings.augment },
});
const tensors: [string, SafetensorsEntry][] = [];
const losses: (readonly [rate: number, timesteps: number, loss: number])[] = [];
for (const batch of order) {
  if (losses.length === steps) break;
  const number = losses.length;
  const timesteps = number < steps / 2 ? (settings.phases?.[0]?.timesteps ?? 1) : settings.timesteps;
  const rate = (settings.lr * (number + 1)) / steps;
  setTimesteps('peer', network, timesteps);
  optimizer.lr = rate;
  const { x, loss, logits } = forwardAndBackward(network, batch, train, settings);
  losses.push([rate, timesteps, loss.itemSync()]);
  optimizer.step();
  optimizer.zeroGrad();
  for (const done of [x, loss, logits]) done.dispose();
  tensors.push([`images.${number}`, { dtype: 'F32', shape: [...batch.shape], data: batch.images }]);
  tensors.push([`labels.${number}`, { dtype: 'I32', shape: [batch.labels.length], data: batch.labels }]);
}
write('batches.safetensors', writeSafetensors(tensors));
write('losses.json', `${JSON.stringify(losses)}\n`);
console.log(losses.map(([, timesteps, loss]) => `T=${timesteps}: ${loss.toFixed(12)}`).join('\n'));
process.exit(0);
