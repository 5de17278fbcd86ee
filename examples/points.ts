// A spiking network learns two interleaved half moons: a training loop on one screen. Run with `npx tsx examples/points.ts`.

import {
  crossEntropy,
  Direct,
  init,
  Lif,
  Linear,
  mpr,
  Random,
  Sgd,
  scope,
  sequential,
  TimeMean,
  tensor,
} from '../src';

await init({ seed: 1 });
const random = new Random(1);
const count = 128;
const labels = Array.from({ length: count }, (_, i) => i % 2);
const points = labels.map((label) => {
  const angle = random.uniform(0, Math.PI);
  const [x, y] =
    label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  return [x + random.normal(0, 0.1), y + random.normal(0, 0.1)];
});

const neuron = { rectifier: mpr({ k: 3 }) };
const network = sequential(
  new Linear(2, 32, { deviation: 1 }),
  new Direct(4),
  new Lif(neuron),
  new Linear(32, 32, { deviation: 0.3 }),
  new Lif(neuron),
  new Linear(32, 2, { deviation: 0.2 }),
  new TimeMean(),
);
const sgd = new Sgd(network.parameters(), { lr: 0.1 });

for (let step = 1; step <= 200; step++) {
  const { loss, correct } = scope(() => {
    const logits = network.call(tensor(points));
    const value = crossEntropy(logits, labels);
    value.backward();
    const scores = logits.dataSync();
    return {
      loss: value.itemSync(),
      correct: labels.filter((label, i) => scores[2 * i + label]! > scores[2 * i + 1 - label]!).length,
    };
  });
  sgd.step();
  sgd.zeroGrad();
  if (step % 50 === 0)
    console.log(`step ${step}: loss ${loss.toFixed(3)}, accuracy ${((100 * correct) / count).toFixed(1)} %`);
}
