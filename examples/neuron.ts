// One LIF neuron with MPR, looked into: what it sees, what it fires, and the gradient of its spikes with respect to its
// input current. Run with `npx tsx examples/neuron.ts`.

import { init, lif, lifTrace, mpr, sum, tensor } from '../src';

await init({ precision: 'f64' });
const current = tensor([[0.3], [0.45], [0.9], [0.2]], undefined, { requiresGrad: true }); // [T, neurons]
const neuron = { rectifier: mpr({ k: 3 }) };

const { charged, rectified, carried } = lifTrace(current, neuron);
console.log('H', charged.toString());
console.log('Ĥ', rectified.toString());
console.log('V', carried.toString());

const spikes = lif(current, neuron);
sum(spikes).backward();
console.log('O', spikes.toString());
console.log('dX', current.grad!.toString());
