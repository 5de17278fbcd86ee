// `npm run laws:peers`: the laws of spikegrad/testing against the neurons of other libraries, with default settings.
//
//   --peer P,Q       snntorch, spikingjelly, norse, sinabs, brian2; default all
//   --neuron NAME    this one alone
//   --law NAME       this law alone
//   --runs N         draws for each law
//   --seed N         default 1
//   --python PATH    with the peer installed; default: an environment under .cache that is made first
//   --write          the rows go to bench/results/laws-peers.{md,json}; those of peers that did not run stay as they
//                    are, and so do other neurons with --neuron. With --peer "" none runs, and the table is written
//                    anew, say with another reason

import { parseArgs } from 'node:util';
import { Bridge } from './bridge';
import { PEERS, type Peer, pythonOf } from './peers';
import { commandOf, type Row, rowOf } from './row';
import { type PeerResult, writeTable } from './table';

const { values } = parseArgs({
  options: {
    peer: { type: 'string', default: PEERS.map(({ key }) => key).join(',') },
    neuron: { type: 'string' },
    law: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    python: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

/** Ends with a sentence: the command was not meant so. */
function refuse(problem: string): never {
  console.error(problem);
  process.exit(2);
}

function show({ peer, neuron, held, broken }: Row): void {
  console.log(
    `${peer} ${neuron}: ${held.length} hold${broken.length > 0 ? `, ${broken.length} do not` : ''}`,
  );
  for (const { law, words, numbers } of broken) {
    console.log(`  ${law}: ${words}`);
    for (const line of numbers) console.log(`    ${line}`);
    console.log(`    again: ${commandOf(peer, neuron, law)}`);
  }
}

async function resultOf(peer: Peer): Promise<PeerResult> {
  const bridge = await Bridge.start(values.python ?? pythonOf(peer), `peer_${peer.key}`);
  try {
    const { neurons, versions } = bridge.greeting;
    console.log(Object.entries(versions).flat().join(' '));
    const names = values.neuron === undefined ? neurons : neurons.filter((name) => name === values.neuron);
    if (names.length === 0) refuse(`${peer.name} has no ${values.neuron}; there are ${neurons.join(' | ')}`);
    const rows: Row[] = [];
    for (const name of names) {
      const options = {
        runs: Number(values.runs ?? peer.runs),
        seed: Number(values.seed),
        ...(values.law !== undefined && { law: values.law }),
      };
      const row = await rowOf(peer.key, await bridge.neuron(name), options);
      show(row);
      rows.push(row);
    }
    return { peer: peer.key, versions, runs: Number(values.runs ?? peer.runs), rows };
  } finally {
    await bridge.stop();
  }
}

if (values.write && values.law !== undefined) refuse('--write takes whole rows: leave --law out');
const keys = values.peer.split(',').filter((key) => key !== '');
const unknown = keys.find((key) => !PEERS.some((peer) => peer.key === key));
if (unknown !== undefined) refuse(`no peer ${unknown}; there are ${PEERS.map(({ key }) => key).join(', ')}`);
const results: PeerResult[] = [];
for (const peer of PEERS) if (keys.includes(peer.key)) results.push(await resultOf(peer));
if (values.write) writeTable(results, values.neuron !== undefined);
