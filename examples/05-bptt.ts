// Backpropagation through time, by hand, for one LIF neuron, and the same from the tape. The membrane carries the
// gradient from each step to the one before; the reset cuts it where the neuron has fired.
// Run: npx tsx examples/05-bptt.ts

import { init, lif, lifCell, mpr, mul, rectangular, sum, tensor, unroll } from 'spikegrad';

await init({ precision: 'f64' });

const [tau, vth] = [0.25, 0.5];
const φ = mpr({ k: 3 });
const s = rectangular(); // 1 where |Ĥ - vth| < 1/2, else 0
const X = [0.3, 0.45, 0.9, 0.2, 0.6];
const c = [1, -2, 3, 0.5, 2]; // L = Σ c[t]·O[t], so ∂L/∂O[t] = c[t]
const T = X.length;

// Forward, keeping H and O
const H: number[] = [];
const O: number[] = [];
let V = 0;
for (let t = 0; t < T; t++) {
  H[t] = tau * V + X[t]!; // charge
  O[t] = φ.value(H[t]!) >= vth ? 1 : 0; // rectify, fire
  V = H[t]! * (1 - O[t]!); // reset to 0
}
console.log('O', O.join(' ')); // → O 0 1 1 0 1

// Backward. With v = ∂L/∂V[t], H[t] is seen by V[t] directly, (1 - O[t]), and through the spike,
// O[t] = Θ(φ(H[t]) - vth):
//
//   ∂L/∂H[t] = v·(1 - O[t]) + (c[t] - v·H[t])·s(Ĥ[t] - vth)·φ'(H[t])
//   ∂L/∂X[t] = ∂L/∂H[t],   ∂L/∂V[t-1] = tau·∂L/∂H[t]
const byHand: number[] = [];
let v = 0; // nothing looks at V[T]
for (let t = T - 1; t >= 0; t--) {
  const [h, o] = [H[t]!, O[t]!];
  const dH = v * (1 - o) + (c[t]! - v * h) * s.derivative(φ.value(h) - vth) * φ.derivative(h);
  byHand[t] = dH;
  v = tau * dH;
}
const row = (numbers: ArrayLike<number>) => Array.from(numbers, (value) => value.toFixed(6)).join('  ');
console.log('by hand ', row(byHand)); // → by hand  0.597637  -3.599809  1.405578  0.974643  2.724420

// From the tape: once with every charge, spike and reset recorded as an operator, once with all steps in one operator
const neuron = { tau, vth, rectifier: φ, surrogate: s };
const weights = tensor(c, [T, 1]);

const x1 = tensor(X, [T, 1], { requiresGrad: true });
sum(mul(unroll(lifCell(neuron), x1).outputs, weights)).backward();
console.log('unrolled', row(x1.grad!.dataSync())); // → unrolled 0.597637  -3.599809  1.405578  0.974643  2.724420

const x2 = tensor(X, [T, 1], { requiresGrad: true });
sum(mul(lif(x2, neuron), weights)).backward();
console.log('fused   ', row(x2.grad!.dataSync())); // → fused    0.597637  -3.599809  1.405578  0.974643  2.724420

const apart = byHand.map(
  (value, t) => Math.abs(value - x1.grad!.dataSync()[t]!) + Math.abs(value - x2.grad!.dataSync()[t]!),
);
console.log('equal to twelve digits:', Math.max(...apart) < 1e-12); // → equal to twelve digits: true

// Cut after every step (truncated BPTT), the past is a constant: only c[t]·s·φ' is left
const x3 = tensor(X, [T, 1], { requiresGrad: true });
sum(mul(unroll(lifCell(neuron), x3, { truncate: 1 }).outputs, weights)).backward();
console.log('cut     ', row(x3.grad!.dataSync())); // → cut      1.179217  -3.295801  1.516426  0.403457  2.724420
