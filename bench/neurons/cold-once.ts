// The first neuron of a process, from its text to its modules: prints the processor milliseconds of each part as one
// line of JSON, with those that compiling and optimising in V8's own threads takes meanwhile. Run by cold.ts, bundled.

import { hasRelaxedSimd } from '../../src/backends/wasm/flavour';
import { compilable } from '../../src/backends/wasm/scan';
import { arctan, learnable, neuron } from '../../src/neurons';
import { compileBackward, compileForward, partsOf } from '../../src/neurons/wasm';

const times: Record<string, number> = {};
const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

function timed<R>(name: string, work: () => R): R {
  const begun = processor();
  const result = work();
  times[name] = processor() - begun;
  return result;
}

const model = timed('trace', () =>
  neuron(
    `h = tau*v + x
     spikes = spike(h - vth - beta*a)
     v = h*(1 - spikes)
     a = rho*a + spikes`,
    { parameters: { tau: learnable(0.9), rho: 0.95, beta: 0.2, vth: 1 }, surrogate: arctan() },
  ),
);
const { graph } = timed('differentiate', () => compilable(model)!);
// as behind tdBN in a network: rows of 32 pixels of 64 channels, spikes as bits, tdBN's sums
const input = { affine: true, beside: 'nothing', branchAffine: false } as const;
const none = [false, false];
const parts = partsOf(64, 32);
const flavour = { relaxed: hasRelaxedSimd(), shared: false };
const modules = timed('emit', () => [
  compileForward(graph, { input, initial: none, bits: [true] }, flavour, parts),
  compileBackward(
    graph,
    { input, initial: none, gradients: ['planes'], initialGradients: none, last: none, sums: true },
    flavour,
    parts,
  ),
]);
timed('compile', () => {
  for (const { bytes } of modules) new WebAssembly.Module(bytes);
});
console.log(JSON.stringify(times));
