// Synaptic operations and energy: where a network saves by spiking, and where it does not. A spike adds a weight (0.9
// pJ); a number is multiplied and added (4.6 pJ; 32-bit floats in 45 nm, Horowitz, ISSCC 2014).
// Run: npx tsx examples/09-energy.ts

import { batches, ENERGY, init, noGrad, probe, resnet20, scope, shapes, tensor } from 'spikegrad';

await init({ seed: 1 });

const images = shapes({ count: 8, seed: 1 });
const [batch] = batches(images, { batchSize: 8, seed: 1, epoch: 0, shuffle: false, augment: [] });
const x = tensor(batch!.images, [8, 32, 32, 3]);

/** Operations of one image in an untrained spiking ResNet20 over T time steps. */
async function operationsOver(timesteps: number) {
  const network = resnet20({ width: 8, timesteps });
  const watch = probe(network, { membranes: false });
  noGrad(() => scope(() => network.call(x)));
  const { operations } = await watch.report();
  network.dispose();
  return operations;
}
const million = (count: number) => `${(count / 1e6).toFixed(2)} M`;

// Where the input is spikes, a layer adds: firing rate of its input × dense operations over all T steps. Where it is
// numbers (the image, averages over pixels) it multiplies all of them.
const report = await operationsOver(4);
for (const { name, kind, dense, operations, inputRate } of report.layers.slice(0, 3)) {
  const rate = inputRate === undefined ? 'numbers in' : `${(100 * inputRate).toFixed(0)} % spikes in`;
  console.log(`${name}: ${rate}, ${million(operations)} ${kind} of ${million(dense)} dense`);
}
// → stem.0.conv: numbers in, 0.22 M mac of 0.22 M dense
//   stages.0.0.conv1: 21 % spikes in, 0.50 M ac of 2.36 M dense
//   stages.0.0.conv2: 17 % spikes in, 0.40 M ac of 2.36 M dense
const multiplying = report.layers.filter(({ kind }) => kind === 'mac').map(({ name }) => name);
console.log('multiply:', multiplying.join(', '));
// → multiply: stem.0.conv, stages.1.0.shortcut.conv, stages.2.0.shortcut.conv, fc

// E = 4.6 pJ × multiply-accumulates + 0.9 pJ × accumulates, and for the same network without spikes, run once
const { macs, acs, energy, denseMacs, denseEnergy } = report;
console.log(`spiking: ${million(macs)} mac, ${million(acs)} ac, ${(energy / 1000).toFixed(1)} µJ`);
// → spiking: 0.48 M mac, 8.05 M ac, 9.5 µJ
console.log(`dense: ${million(denseMacs)} mac, ${(denseEnergy / 1000).toFixed(1)} µJ`); // → dense: 10.31 M mac, 47.4 µJ

// Each time step costs again, so spikes save only where rate × T < 4.6 / 0.9
console.log(`rate × T < ${(ENERGY.mac / ENERGY.ac).toFixed(2)}`); // → rate × T < 5.11
for (const timesteps of [1, 2, 4, 8, 32]) {
  const { ratio } = await operationsOver(timesteps);
  console.log(`T ${timesteps}: ${(100 * ratio).toFixed(0)} % of the energy without spikes`);
}
// → T 1: 6 % of the energy without spikes
//   T 2: 11 % of the energy without spikes
//   T 4: 21 % of the energy without spikes
//   T 8: 38 % of the energy without spikes
//   T 32: 145 % of the energy without spikes
