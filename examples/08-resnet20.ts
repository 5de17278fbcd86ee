// The spiking ResNet20, narrow, learns five drawn images by heart: a training loop written out, and the firing rate
// of every layer. In double precision, so that the numbers are the same everywhere; `npm start` trains a wider one on
// 4,000 images with the fast backend.
// Run: npx tsx examples/08-resnet20.ts

import {
  batches,
  cosine,
  crossEntropy,
  init,
  mpr,
  noGrad,
  probe,
  resnet20,
  Sgd,
  scope,
  shapes,
  tensor,
} from 'spikegrad';

await init({ seed: 1, precision: 'f64' });

// Ten classes of textured shapes, 32x32 RGB, drawn from a seed; a batch holds normalised numbers and labels
const images = shapes({ count: 5, seed: 1 });
const [batch] = batches(images, { batchSize: 5, seed: 1, epoch: 0, shuffle: false, augment: [] });
const { labels } = batch!;
const x = tensor(batch!.images, [5, 32, 32, 3]);
console.log(Array.from(labels, (label) => images.classes[label]).join(', ')); // → bars, disc, dots, ring, spiral

// stem: conv3x3 → tdBN → LIF, then three stages of three blocks:
// conv3x3 → tdBN → LIF → conv3x3 → tdBN → (+ shortcut) → LIF
const network = resnet20({ width: 4, timesteps: 2, neuron: { rectifier: mpr({ k: 3 }) } });
console.log(network.parameterCount(), 'parameters'); // → 17534 parameters

const steps = 20;
const sgd = new Sgd(network.parameters(), { lr: 2 }); // much, for few steps
for (let step = 0; step < steps; step++) {
  // What is made in a scope is freed at its end, except what it returns
  const loss = scope(() => {
    const value = crossEntropy(network.call(x), labels);
    value.backward(); // through head, stages and stem, and back through both time steps
    return value;
  });
  sgd.lr = 2 * cosine().at(step, steps);
  sgd.step();
  sgd.zeroGrad();
  if (step === 0 || step % 5 === 4) console.log(`step ${step + 1}: loss ${(await loss.item()).toFixed(2)}`);
  loss.dispose();
}
// → step 1: loss 2.34
//   step 5: loss 1.59
//   step 10: loss 1.28
//   step 15: loss 0.85
//   step 20: loss 0.71

// A probe listens to every layer while the network runs. The second of two layers in a block fires more: its current
// is the sum of a branch and the spikes that pass it by.
const watch = probe(network, { membranes: false });
noGrad(() => scope(() => network.call(x)));
const { layers } = await watch.report();
watch.detach();
for (const stage of ['stem', 'stages.0', 'stages.1', 'stages.2']) {
  const rates = layers
    .filter(({ name }) => name.startsWith(stage))
    .map(({ rate }) => (100 * rate).toFixed(0));
  console.log(`${stage} fires at ${rates.join(', ')} %`);
}
// → stem fires at 35 %
//   stages.0 fires at 18, 42, 20, 43, 21, 44 %
//   stages.1 fires at 17, 22, 13, 40, 18, 48 %
//   stages.2 fires at 20, 34, 24, 47, 22, 53 %
