// One leaky integrate-and-fire neuron: what it sees, when it fires, what it carries over, and how its firing rate
// answers a constant current.
// Run: npx tsx examples/02-lif.ts

import { direct, init, lif, lifTrace, mean, type Tensor, tensor } from 'spikegrad';

await init({ precision: 'f64' });

// charge  H[t] = tau·V[t-1] + X[t]      fire   O[t] = 1 where H[t] >= vth
// reset   V[t] = H[t]·(1 - O[t])        with tau = 1/4, vth = 1/2, and V = 0 before the first step
const current = [0.3, 0.45, 0.9, 0.2, 0.47, 0.45];
const { charged, spikes, carried } = lifTrace(tensor(current, [6, 1])); // [T, neurons]
const row = (name: string, numbers: ArrayLike<number>) =>
  console.log(name, Array.from(numbers, (value) => value.toFixed(4)).join('  '));
row('X', current); // → X 0.3000  0.4500  0.9000  0.2000  0.4700  0.4500
row('H', charged.dataSync()); // → H 0.3000  0.5250  0.9000  0.2000  0.5200  0.4500
row('O', spikes.dataSync()); // → O 0.0000  1.0000  1.0000  0.0000  1.0000  0.0000
row('V', carried.dataSync()); // → V 0.3000  0.0000  0.0000  0.2000  0.0000  0.4500

// The same by hand
let v = 0;
const fired = current.map((x) => {
  const h = 0.25 * v + x;
  const o = h >= 0.5 ? 1 : 0;
  v = h * (1 - o);
  return o;
});
console.log('by hand', fired.join(' ')); // → by hand 0 1 1 0 1 0

// Under a constant current X the membrane climbs to X/(1 - tau), so it never fires below X = vth·(1 - tau) = 0.375.
// Above, it fires at every n-th step, where n is the first with X·(1 - tauⁿ)/(1 - tau) >= vth: its gain curve is a
// staircase.
const currents = tensor([0.37, 0.377, 0.39, 0.49, 0.55]);
const rates = (out: Tensor) => Array.from(mean(out, 0).dataSync(), (rate) => rate.toFixed(2)).join('  ');
console.log('X    0.37  0.377 0.39  0.49  0.55'); // → X    0.37  0.377 0.39  0.49  0.55
console.log('rate', rates(lif(direct(currents, 60)))); // → rate 0.00  0.25  0.33  0.50  1.00

// A soft reset takes only vth away and carries over what lies above it: V[t] = H[t] - vth·O[t]
console.log('soft', rates(lif(direct(currents, 60), { reset: 'soft' }))); // → soft 0.00  0.25  0.33  0.67  1.00

// The paper prints the charge as H[t] = V[t-1] + tau·X[t]: nothing leaks, so every current fires in the end, but late.
console.log('eq 4', rates(lif(direct(currents, 60), { dynamics: 'paper' }))); // → eq 4 0.17  0.17  0.17  0.20  0.25
