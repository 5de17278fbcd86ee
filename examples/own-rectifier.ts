// A rectifier of one's own, tested before it is trained with. The first breaks a condition of the paper, and the
// check shows where; the mended one keeps them all and trains a spiking network on the wasm backend. At the end the
// same check for the library's own MPR, and where floats stop it. Needs fast-check.
// Run: npx tsx examples/own-rectifier.ts

import {
  crossEntropy,
  Direct,
  init,
  Lif,
  Linear,
  mpr,
  Random,
  type Rectifier,
  Sgd,
  scope,
  sequential,
  TimeMean,
  tensor,
} from 'spikegrad';
import { checkRectifier, type LawBroken } from 'spikegrad/testing';

// What a rectifier of eq. 8's kind has to keep: (1) it brings a potential closer to the spike that it becomes, 0 or 1,
// (2) it carries none across the threshold, (3) it leaves 0 and 1 where they are.

/** The first thought: a parabola through 0 and 1, φ(u) = u(2 - u), flat outside. */
const between = (u: number) => Math.min(1, Math.max(0, u));
const parabola: Rectifier = {
  name: 'parabola',
  parameters: {},
  value: (u) => between(u) * (2 - between(u)),
  derivative: (u) => (u > 0 && u < 1 ? 2 - 2 * u : 0),
};
try {
  checkRectifier(parabola, { vth: 0.5, seed: 1 });
} catch (error) {
  const [summary, first] = (error as Error).message.split('\n\n');
  console.log(summary);
  console.log(first);
}
// → checkRectifier: parabola breaks 2 of 5 laws
//   never across: u and φ(u) lie on the same side of the threshold, φ(u) >= vth exactly where u >= vth (condition 2)
//     u = 0.375, φ(u) = 0.609375, vth = 0.5
//     u lies 0.125 below the threshold and does not fire, φ(u) lies 0.109375 above the threshold and fires
//     again: checkRectifier(rectifier, { vth: 0.5, law: 'never across', seed: 1, path: '21:41' })

/** Mended: steepest at the threshold, φ(u) = 3u² - 2u³. */
const smoothstep: Rectifier = {
  name: 'smoothstep',
  parameters: {},
  value: (u) => between(u) ** 2 * (3 - 2 * between(u)),
  derivative: (u) => 6 * between(u) * (1 - between(u)),
};
const { held } = checkRectifier(smoothstep, { vth: 0.5, seed: 1 });
console.log(`it keeps: ${held.map(({ law }) => law).join(', ')}`);
// → it keeps: never across, closer, fixed levels, monotone, derivative

// Two half moons, learnt by a network whose neurons rectify with it
await init({ backend: 'wasm', threads: 1, seed: 1 });
const random = new Random(1);
const labels = Array.from({ length: 128 }, (_, i) => i % 2);
const points = labels.map((label) => {
  const angle = random.uniform(0, Math.PI);
  const [x, y] = [Math.cos(angle) + random.normal(0, 0.1), Math.sin(angle) + random.normal(0, 0.1)];
  return label === 0 ? [x, y] : [1 - x, 0.5 - y];
});
const network = sequential(
  new Linear(2, 32, { deviation: 1 }),
  new Direct(4), // the same current at each of T = 4 time steps
  new Lif({ rectifier: smoothstep }),
  new Linear(32, 2, { deviation: 0.2 }),
  new TimeMean(),
);
const sgd = new Sgd(network.parameters(), { lr: 0.1 });
for (let step = 0; step <= 100; step++) {
  const loss = scope(() => {
    const value = crossEntropy(network.call(tensor(points)), labels);
    value.backward();
    return value.itemSync();
  });
  if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(2)}`);
  sgd.step();
  sgd.zeroGrad();
}
// → step 0: loss 0.95
//   step 50: loss 0.06
//   step 100: loss 0.02

// MPR keeps all five for every k in (0, 50]: on paper for every k > 0 (φ is odd about the threshold and concave above
// it, so it lies over its chord up to 1 and under it beyond), in floats down to about k = 2^-21
const steepness = Array.from({ length: 500 }, (_, i) => (i + 1) / 10);
const kept = steepness.map((k) => checkRectifier(mpr({ k }), { runs: 100, seed: 1 }).held.length);
console.log(`k = 0.1, 0.2 … 50: ${kept.filter((laws) => laws === 5).length} of ${kept.length} keep all five`);
// → k = 0.1, 0.2 … 50: 500 of 500 keep all five

// Where floats stop it. A smaller k brings a potential closer by less than a rounding: φ is the identity. From
// 2^-1021 on down k(u - 1/2) loses its last digit, and the float below the threshold fires. From 2^-1024 on down mpr()
// refuses k, since 1/(2 tanh(k/2)) is infinite.
for (const k of [2 ** -30, 2 ** -1021]) {
  try {
    checkRectifier(mpr({ k }), { runs: 3000, seed: 1 });
  } catch (error) {
    const { law, numbers } = (error as LawBroken).counterexamples[0]!;
    console.log(`k = 2^${Math.log2(k)} breaks '${law}': ${numbers[0]}`);
  }
}
// → k = 2^-30 breaks 'closer': u = -1, φ(u) = -1, spike 0
//   k = 2^-1021 breaks 'never across': u = 0.49999999999999994, φ(u) = 0.5, vth = 0.5
// Above k = 38 no condition fails, but tanh is 1 in floats before the potential is
console.log(`k = 40: φ(1/64) = ${mpr({ k: 40 }).value(1 / 64)}`); // → k = 40: φ(1/64) = 0
