// Quantization error, and membrane potential rectification (MPR) against it. A spike says 0 or 1 for a membrane that
// is any number; the distance is lost. MPR pulls each membrane towards the spike that it becomes, without changing
// the spike. After Guo et al., AAAI 2022.
// Run: npx tsx examples/04-mpr.ts

import { abs, init, lif, lifTrace, mean, mpr, Random, sub, sum, tensor } from 'spikegrad';

await init({ precision: 'f64' });

// φ(x) = tanh(k(x - 1/2)) / (2 tanh(k/2)) + 1/2 fixes 0, 1/2 and 1 and is the steeper in the middle the larger k
const membranes = [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1];
const row = (numbers: number[], digits: number) => numbers.map((value) => value.toFixed(digits)).join('  ');
console.log('H     ', row(membranes, 3)); // → H      0.000  0.200  0.400  0.500  0.600  0.800  1.000
for (const k of [1, 3, 7]) console.log(`φ k=${k} `, row(membranes.map(mpr({ k }).value), 3));
// → φ k=1  0.000  0.185  0.392  0.500  0.608  0.815  1.000
//   φ k=3  0.000  0.104  0.339  0.500  0.661  0.896  1.000
//   φ k=7  0.000  0.014  0.197  0.500  0.803  0.986  1.000

// By hand, for k = 3 at H = 0.2
console.log('by hand', (Math.tanh(3 * (0.2 - 0.5)) / (2 * Math.tanh(1.5)) + 0.5).toFixed(3)); // → by hand 0.104

// 1,000 neurons over T = 4 steps, with currents as tdBN gives them at the start of training: X ~ N(0, vth²)
const random = new Random(1);
const x = tensor(
  Float64Array.from({ length: 4000 }, () => random.normal(0, 0.5)),
  [4, 1000],
);

// eq. 7: the mean distance |Ĥ - O| between the rectified membrane and its spike
const unrectified = lifTrace(x).spikes.dataSync();
for (const k of [null, 1, 3, 5, 7]) {
  const neuron = { rectifier: k === null ? null : mpr({ k }) };
  const { rectified, spikes } = lifTrace(x, neuron);
  const error = mean(abs(sub(rectified, spikes))).itemSync();
  const changed = spikes.dataSync().filter((spike, i) => spike !== unrectified[i]).length;
  console.log(`k ${k ?? 'none'}: error ${error.toFixed(3)}, spikes changed ${changed}`);
}
// → k none: error 0.336, spikes changed 0
//   k 1: error 0.245, spikes changed 0
//   k 3: error 0.107, spikes changed 0
//   k 5: error 0.065, spikes changed 0
//   k 7: error 0.046, spikes changed 0

// The spikes are the same, so what MPR changes is the gradient: it is multiplied by φ'(H), larger than 1 near the
// threshold, smaller near 0 and 1, with φ'(H) = k/(2 tanh(k/2))·sech²(k(H - 1/2))
for (const k of [1, 3, 5, 7]) {
  const { derivative } = mpr({ k });
  console.log(`k ${k}: φ' ${row([0, 0.25, 0.5, 0.75, 1].map(derivative), 3)}`);
}
// → k 1: φ' 0.851  1.017  1.082  1.017  0.851
//   k 3: φ' 0.299  0.989  1.657  0.989  0.299
//   k 5: φ' 0.067  0.711  2.534  0.711  0.067
//   k 7: φ' 0.013  0.399  3.506  0.399  0.013
const input = tensor([0.25, 0.5, 0.75], [1, 3], { requiresGrad: true });
sum(lif(input, { rectifier: mpr({ k: 3 }) })).backward();
console.log('by the tape', row(Array.from(input.grad!.dataSync()), 3)); // → by the tape 0.989  1.657  0.989
