// Why the step needs a surrogate. A spike is a step of the membrane, whose derivative is 0 wherever it exists: no
// gradient passes. Backward uses the derivative of a smooth look-alike instead; forward keeps the step. Two networks
// learn two half moons, one without and one with a surrogate. Run: npx tsx examples/03-surrogate.ts

import {
  arctan,
  crossEntropy,
  customSurrogate,
  Direct,
  init,
  Lif,
  Linear,
  Random,
  rectangular,
  Sgd,
  type Surrogate,
  scope,
  sequential,
  spike,
  sum,
  TimeMean,
  tensor,
} from 'spikegrad';

await init({ precision: 'f64' });

// O = Θ(u) with u = H - vth; backward multiplies by s(u) where Θ'(u) would stand
const value = (u: number) => (u >= 0 ? 1 : 0);
const step = customSurrogate({ name: 'step', integral: 0, value, derivative: () => 0 });
for (const surrogate of [step, rectangular(), arctan()]) {
  const u = tensor([-0.6, -0.3, 0, 0.3, 0.6], [5], { requiresGrad: true });
  const spikes = spike(u, surrogate);
  sum(spikes).backward();
  const gradient = Array.from(u.grad!.dataSync(), (value) => value.toFixed(3)).join('  ');
  console.log(`${surrogate.name.padEnd(12)} O ${spikes.dataSync().join(' ')}   dO/du ${gradient}`);
}
// → step         O 0 0 1 1 1   dO/du 0.000  0.000  0.000  0.000  0.000
//   rectangular  O 0 0 1 1 1   dO/du 0.000  1.000  1.000  1.000  0.000
//   arctan       O 0 0 1 1 1   dO/du 0.220  0.530  1.000  0.530  0.220

// Two half moons: (cos α, sin α) and (1 - cos α, 1/2 - sin α), with noise
const random = new Random(1);
const labels = Array.from({ length: 128 }, (_, i) => i % 2);
const points = labels.map((label) => {
  const angle = random.uniform(0, Math.PI);
  const [x, y] = [Math.cos(angle) + random.normal(0, 0.1), Math.sin(angle) + random.normal(0, 0.1)];
  return label === 0 ? [x, y] : [1 - x, 0.5 - y];
});

/** Trains a network of eight spiking neurons; prints what it has learnt and whether gradient reached their weights. */
function learn(surrogate: Surrogate): void {
  const weights = new Random(1);
  const first = new Linear(2, 8, { deviation: 1, random: weights });
  const network = sequential(
    first,
    new Direct(4), // the same current at each of T = 4 time steps
    new Lif({ surrogate }),
    new Linear(8, 2, { deviation: 0.3, random: weights }),
    new TimeMean(),
  );
  const sgd = new Sgd(network.parameters(), { lr: 0.2 });
  let correct = 0;
  for (let epoch = 0; epoch < 100; epoch++) {
    sgd.zeroGrad();
    scope(() => {
      const logits = network.call(tensor(points));
      crossEntropy(logits, labels).backward();
      const score = logits.dataSync();
      correct = labels.filter((label, i) => score[2 * i + label]! > score[2 * i + 1 - label]!).length;
    });
    sgd.step();
  }
  const stuck = first.weight.grad!.dataSync().every((value) => value === 0);
  const percent = ((100 * correct) / labels.length).toFixed(0);
  console.log(`${surrogate.name}: ${percent} % right, first layer ${stuck ? 'as it was drawn' : 'trained'}`);
}

// Without a surrogate only the last layer learns, from eight neurons that stay as they were drawn
learn(step); // → step: 88 % right, first layer as it was drawn
learn(rectangular()); // → rectangular: 98 % right, first layer trained
