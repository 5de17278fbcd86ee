// Autograd on scalars. Every operator writes itself on a tape; backward() walks the tape in reverse and multiplies
// local derivatives (the chain rule). The gradient is checked by hand and by differences, then followed downhill.
//
// Run: npx tsx examples/01-autograd.ts

import { add, init, mul, noGrad, pow, Sgd, sub, tanh, tensor } from 'spikegrad';

await init({ precision: 'f64' }); // the reference backend, in double precision

// One neuron without time: a = tanh(w·x + b), and its squared error L = (a - y)²
const [x, y] = [0.5, 1];
const w = tensor(0.8, [], { requiresGrad: true });
const b = tensor(-0.2, [], { requiresGrad: true });
const lossOf = () => pow(sub(tanh(add(mul(w, x), b)), y), 2);

const loss = lossOf();
loss.backward();
console.log('L      ', loss.itemSync().toFixed(6)); // → L       0.644206
console.log('∂L/∂w  ', w.grad!.itemSync().toFixed(6)); // → ∂L/∂w   -0.771357
console.log('∂L/∂b  ', b.grad!.itemSync().toFixed(6)); // → ∂L/∂b   -1.542714

// By hand: ∂L/∂w = 2(a - y)·(1 - a²)·x, and the same without x for b
const a = Math.tanh(0.8 * x - 0.2);
const outer = 2 * (a - y) * (1 - a * a);
console.log('by hand', (outer * x).toFixed(6), outer.toFixed(6)); // → by hand -0.771357 -1.542714

// By central differences: ∂L/∂w ≈ (L(w + h) - L(w - h)) / 2h
const h = 1e-4;
const at = (value: number) => {
  w.overwrite([value]);
  return noGrad(() => lossOf().itemSync());
};
const slope = (at(0.8 + h) - at(0.8 - h)) / (2 * h);
w.overwrite([0.8]);
console.log('by differences', slope.toFixed(6)); // → by differences -0.771357

// A value that is used twice gets the sum of both gradients: d(z² + 3z)/dz = 2z + 3
const z = tensor(2, [], { requiresGrad: true });
add(pow(z, 2), mul(z, 3)).backward();
console.log('dz', z.grad!.itemSync()); // → dz 7

// Downhill: p ← p - lr·∂L/∂p. Gradients add up over calls of backward(), so each step begins with none.
const sgd = new Sgd([w, b], { lr: 0.5, momentum: 0 });
for (let step = 0; step <= 60; step++) {
  sgd.zeroGrad();
  const now = lossOf();
  now.backward();
  if (step % 20 === 0) console.log(`step ${step}: L ${now.itemSync().toFixed(4)}`);
  sgd.step();
}
// → step 0: L 0.6442
//   step 20: L 0.0047
//   step 40: L 0.0025
//   step 60: L 0.0017
