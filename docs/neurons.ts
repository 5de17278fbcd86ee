// Writes docs/neurons.md: the zoo, each neuron with its equations, constants, source and laws, from the descriptions
// that make them. `npm run docs:neurons`; a test holds the page current.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { type ZooConstant, type ZooLaw, type ZooNeuron, zoo } from '../src/neurons/zoo';

const { cases } = JSON.parse(
  readFileSync(resolve(fileURLToPath(import.meta.url), '../../test/neurons/zoo/peers.json'), 'utf8'),
) as { cases: { peer: string; name: string }[] };
/** The libraries that fire as a neuron does. */
const peersOf = (name: string): string[] => [
  ...new Set(cases.filter((one) => one.name === name).map(({ peer }) => peer)),
];

export const PAGE = resolve(fileURLToPath(import.meta.url), '../neurons.md');

const LAWS: Readonly<Record<ZooLaw, string>> = {
  batch: 'neurons do not see each other',
  pieces: 'a sequence may be run in pieces',
  gradient: 'backward is what differences of the smooth neuron say',
  rest: 'without input nothing fires and every state stays where it starts',
  decay: 'without input a state goes back to where it starts',
  reset: 'after a spike v is the same, whatever it was',
  subtraction: 'a spike takes the same from v, whatever it was',
  refractory: 'after a spike it is silent for some steps and does not see its input',
};

const HEAD = `# Neurons

Made by \`npm run docs:neurons\` from the descriptions that make them. Each is equations, a file of a few lines in
\`src/neurons/zoo\`, which every backend compiles; [neuron.md](neuron.md) tells the rest of what neurons do.

\`\`\`ts
import { adex, explain, init, learnable, randn, Spiking, zoo } from 'spikegrad';

await init();
const layer = new Spiking(adex({ b: 0.2, tau: learnable(3) })); // constants are numbers, or learnt
layer.call(randn([20, 1, 4])); // [T,N,neurons]
console.log(Object.keys(zoo).length, zoo.adex.title); // → ${Object.keys(zoo).length} ${zoo.adex.title}
console.log(explain(zoo.plif()).split('\\n')[0]); // → states
\`\`\`

On the command line those that fire go by name, \`spikegrad train --neuron adex\`; one's own goes by a JSON file. With
\`learns: true\` all constants marked ◆ are learnt, one for the layer or with \`per: 'channel'\` one a channel; a constant given as
\`learnable(…)\` is learnt by itself. \`detachReset: true\` hides the reset from the gradient, \`surrogate\` chooses its slope.

What a neuron promises, which \`test/neurons/zoo\` holds it to:

| law | |
|---|---|
${Object.entries(LAWS)
  .map(([law, words]) => `| ${law} | ${words} |`)
  .join('\n')}

What other libraries call by the same names and compute otherwise:

| there | here |
|---|---|
| snnTorch 1.0 \`RLeaky(reset_mechanism='zero')\` resets after the step's input has come in, which it loses with what comes back; \`Leaky\` does not | \`lif-delayed-hard\` is \`Leaky\`'s; the other one is \`h = (tau*v + x)*(1 - detach(spikes))\` |
| snnTorch 1.0 with \`reset_delay=False\` asks the membrane after its reset whether there was a spike; one that is still above the threshold is reset again in the next step | a spike resets once |
| snnTorch 1.0 \`LSO()\` cannot be called: it calls \`SSO\` with too few arguments | \`twoSlopes({ below: 0.1, above: 1 })\` |
| Norse 1.1 \`method='super'\` leaves its \`alpha\` unused | the slope is that of \`fastSigmoid({ beta: 1 })\`, whatever alpha says |
| Norse 1.1 resets without a gradient in \`lif_step\` and \`lsnn_step\`, with one in \`…_feed_forward_step\` | \`detachReset: true\`, or left out |
| Sinabs with \`tau_syn\` lets a current decay in the step in which it comes, i = alpha*(i + x) | x times alpha |
| Sinabs \`MembraneReset\` resets without a gradient | \`detachReset: true\` |
`;

const row = ([name, { value, words, learns, inEquations }]: [string, ZooConstant]): string => {
  const as =
    inEquations === undefined || inEquations.name === name
      ? ''
      : `, \`${inEquations.name}\` in the equations`;
  const behind = inEquations?.name === name ? ', behind a sigmoid' : '';
  return `| \`${name}\`${learns ? ' ◆' : ''} | ${value} | ${words}${as}${behind} |`;
};

function section([name, neuron]: [string, ZooNeuron]): string {
  const { title, source, equations, constants, laws, example } = neuron;
  const peers = peersOf(name);
  const shown = Object.entries(example).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? `'${value}'` : value}`,
  );
  return [
    `## \`${name}\`: ${title}`,
    '',
    `${source}. Promises: ${laws.join(', ')}. Example: \`${neuron.name}({ ${shown.join(', ')} })\``,
    '',
    ...(peers.length > 0
      ? [`Spike for spike as in ${peers.join(', ')} (\`test/neurons/zoo/peers.py\` has the settings).`, '']
      : []),
    '```text',
    equations,
    '```',
    '',
    '| constant | default | |',
    '|---|---|---|',
    ...Object.entries(constants).map(row),
    '',
  ].join('\n');
}

/** The whole page. */
export function neuronsPage(): string {
  return [HEAD, ...Object.entries<ZooNeuron>(zoo).map(section)].join('\n');
}

if (argv[1] !== undefined && resolve(argv[1]) === fileURLToPath(import.meta.url))
  writeFileSync(PAGE, neuronsPage());
