// "A neuron" of CONTRIBUTING.md: an integrator that is cut off below 0.

import { type Edit, inFrontOf } from './edit';

export const neuron: readonly Edit[] = [
  {
    file: 'src/neurons/zoo/rectified.ts',
    create: `// An integrator that never falls below 0.
//
//   h = max(0, v + x),   spikes = Θ(h - vth),   v = h where nothing fires, else 0

import { arctan } from '../surrogates';
import { ALWAYS, zooNeuron } from './entry';

/** An integrator that never falls below 0: \`new Spiking(rectifiedIf())\`. */
export const rectifiedIf = /* @__PURE__ */ zooNeuron({
  name: 'rectifiedIf',
  title: 'integrate-and-fire above 0',
  source: 'this recipe',
  equations: \`
h = max(0, v + x)
spikes = spike(h - vth)
v = h*(1 - {spikes})\`,
  constants: { vth: { value: 1, words: 'threshold', learns: true } },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'reset'],
  example: { vth: 2 },
});
`,
  },
  {
    file: 'src/neurons/zoo/index.ts',
    replace: [
      inFrontOf(
        "import { lifRefractory } from './refractory';\n",
        "import { rectifiedIf } from './rectified';\n",
      ),
      inFrontOf('  resonateAndFire,\n  synaptic,\n', '  rectifiedIf,\n'),
      inFrontOf("  'fire-first': fireFirst,\n", "  'if-above-0': rectifiedIf,\n"),
    ],
  },
];
