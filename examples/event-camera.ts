// From recordings of an event camera to a spiking network that tells which way a bar moves. A simulated sensor writes
// N-MNIST's format here; read your own with `readNMnist` (.bin) or `readAedat` (.aedat).
// Run: npx tsx examples/event-camera.ts

import {
  Conv2d,
  crossEntropy,
  eventFrames,
  Flatten,
  init,
  Lif,
  Linear,
  mpr,
  noGrad,
  readNMnist,
  Sgd,
  scope,
  sequential,
  TdBatchNorm,
  TimeMean,
} from 'spikegrad';
import { DIRECTIONS, record, SIDE } from './sensor';

await init({ seed: 1 }); // the fastest backend that works here

// A recording is a list of events: where, when, brighter (ON) or darker (OFF)
const { length, x, y, time, polarity } = await readNMnist([record(0, 1)]);
console.log(`${length} events in ${(time.at(-1)! / 1000).toFixed(0)} ms`); // → 692 events in 99 ms
console.log(`the first at column ${x[0]}, row ${y[0]}, ${polarity[0] ? 'ON' : 'OFF'}`);
// → the first at column 0, row 10, ON

// T = 4 frames of counts a recording, cut by time: [T,N,H,W,2], OFF and ON as two channels
const how = { timesteps: 4, height: SIDE, width: SIDE };
async function draw(count: number, seed: number) {
  const labels = Int32Array.from({ length: count }, (_, i) => i % DIRECTIONS.length);
  const files = Array.from(labels, (direction, i) => record(direction, seed + i));
  return { labels, frames: eventFrames(await Promise.all(files.map((file) => readNMnist([file]))), how) };
}
const train = await draw(256, 1000);
const test = await draw(64, 2000);
console.log(`[${train.frames.shape}]`); // → [4,256,34,34,2]

// What arrives is a sequence already, so nothing repeats it over time, unlike an image
const neuron = { rectifier: mpr({ k: 3 }) };
const network = sequential(
  new Conv2d(2, 4, { stride: 2 }), // [T,N,17,17,4]
  new TdBatchNorm(4),
  new Lif(neuron),
  new Conv2d(4, 8, { stride: 2 }), // [T,N,9,9,8]
  new TdBatchNorm(8),
  new Lif(neuron),
  new Flatten(3), // [T,N,648]
  new Linear(9 * 9 * 8, DIRECTIONS.length),
  new TimeMean(), // [N,4]
);

const sgd = new Sgd(network.parameters(), { lr: 0.1, momentum: 0.9 });
for (let step = 1; step <= 40; step++) {
  const loss = scope(() => {
    const value = crossEntropy(network.call(train.frames), train.labels);
    value.backward();
    return value;
  });
  sgd.step();
  sgd.zeroGrad();
  if (step % 10 === 0) console.log(`step ${step}: loss ${(await loss.item()).toFixed(1)}`);
  loss.dispose();
}
// → step 10: loss 1.1
//   step 20: loss 0.6
//   step 30: loss 0.3
//   step 40: loss 0.2

network.evaluate();
const votes = await noGrad(() => scope(() => network.call(test.frames))).data();
const right = test.labels.filter((label, n) => {
  const of = Array.from(DIRECTIONS, (_, c) => votes[n * DIRECTIONS.length + c]!);
  return of.indexOf(Math.max(...of)) === label;
});
const tenths = ((10 * right.length) / test.labels.length).toFixed(0);
console.log(`${tenths} of 10 new recordings are told apart`); // → 9 of 10 new recordings are told apart
