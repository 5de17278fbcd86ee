// `npm run laws:peers`: the laws of spikegrad/testing against the neurons of other libraries, with default settings.
//
//   --peer P,Q       snntorch, spikingjelly, norse, sinabs, brian2; default all
//   --file FILE.py   neurons of your own, of any library, instead: docs/testing.md tells what stands in it; they run in
//                    --python, default python3
//   --neuron NAME    this one alone
//   --law NAME       this law alone
//   --runs N         draws for each law
//   --seed N         default 1
//   --python PATH    with the peer installed; default: an environment under .cache that is made first
//   --write          the rows go to bench/results/laws-peers.{md,json}; those of peers that did not run stay as they
//                    are, and so do other neurons with --neuron and other laws with --law. With --peer "" none runs,
//                    and the table is written anew, say with another reason

import { parseArgs } from 'node:util';
import { pythonNeurons } from '../../src/testing/node/python';
import { PEERS, pythonOf, scriptOf } from './peers';
import { commandOf, type Row, rowOf } from './row';
import { type PeerResult, writeTable } from './table';

const { values } = parseArgs({
  options: {
    peer: { type: 'string', default: PEERS.map(({ key }) => key).join(',') },
    file: { type: 'string' },
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

/** What a row is called again by. */
const source = values.file === undefined ? '--peer' : '--file';

function show({ peer, neuron, held, broken }: Row): void {
  console.log(
    `${peer} ${neuron}: ${held.length} hold${broken.length > 0 ? `, ${broken.length} do not` : ''}`,
  );
  for (const { law, words, numbers } of broken) {
    console.log(`  ${law}: ${words}`);
    for (const line of numbers) console.log(`    ${line}`);
    console.log(`    again: ${commandOf(peer, neuron, law, source)}`);
  }
}

interface Subject {
  /** A peer's key, or a file. */
  readonly key: string;
  readonly script: string;
  readonly python: string;
  readonly runs: number;
}

async function resultOf({ key, script, python, runs }: Subject): Promise<PeerResult> {
  const process = await pythonNeurons(script, { python });
  try {
    const { names: all, versions } = process;
    console.log(Object.entries(versions).flat().join(' '));
    const names = values.neuron === undefined ? all : all.filter((name) => name === values.neuron);
    if (names.length === 0) refuse(`${key} has no ${values.neuron}; there are ${all.join(' | ')}`);
    const rows: Row[] = [];
    for (const name of names) {
      const row = await rowOf(key, await process.neuron(name), {
        runs,
        seed: Number(values.seed),
        ...(values.law !== undefined && { law: values.law }),
      });
      show(row);
      rows.push(row);
    }
    return { peer: key, versions, runs, rows };
  } finally {
    await process.close();
  }
}

if (values.file !== undefined) {
  if (values.write) refuse('--write keeps the rows of peers: leave --file out');
  const [script, python] = [values.file, values.python ?? 'python3'];
  await resultOf({ key: script, script, python, runs: Number(values.runs ?? 100) });
} else {
  const keys = values.peer.split(',').filter((key) => key !== '');
  const unknown = keys.find((key) => !PEERS.some((peer) => peer.key === key));
  if (unknown !== undefined)
    refuse(`no peer ${unknown}; there are ${PEERS.map(({ key }) => key).join(', ')}`);
  const results: PeerResult[] = [];
  for (const { key, runs } of PEERS) {
    if (!keys.includes(key)) continue;
    const [script, python] = [scriptOf(key), values.python ?? pythonOf()];
    results.push(await resultOf({ key, script, python, runs: Number(values.runs ?? runs) }));
  }
  if (values.write) writeTable(results, values);
}
