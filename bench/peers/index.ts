// `npm run bench:peers`: the same work in spikegrad and in other frameworks, interleaved on this machine.
//
//   --only NAME     one group (again for more): train-small train-wide infer conv matmul scaling prototype
//   --rounds N      default 7
//   --dry           print, write nothing; without it the outcome goes to bench/results/peers.{md,json}, that of some groups
//                   to peers-NAME.{md,json}
//
// Peers are no dependencies: what is missing is named with the command that brings it. SPIKEGRAD_PEERS names a folder with
// npm peers in its node_modules, SPIKEGRAD_PROTOTYPE a built prototype, PYTHON an interpreter with PyTorch.

import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { record } from '../record';
import { bundleOurs } from './bundle';
import { comparisons } from './comparisons';
import { Absent } from './entrant';
import { markdown } from './report';
import { compare, type Outcome } from './round-robin';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '7' },
    dry: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const groups = values.only ?? Object.keys(comparisons);
const unknown = groups.find((group) => !Object.hasOwn(comparisons, group));
if (unknown !== undefined)
  throw new Error(`no group "${unknown}"; there are ${Object.keys(comparisons).join(', ')}`);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds ${values.rounds} is no whole number above 0`);

/** Before we begin. Threads that spin at a barrier starve on a busy machine, and those of PyTorch do. */
const load = loadavg()[0]!.toFixed(1);
const busy = Number(load) > 0.5;
if (busy)
  console.error(`load ${load}: other programs are at work, so ratios against threaded peers will flatter us`);
await bundleOurs();
const outcomes: Outcome[] = [];
for (const make of groups.flatMap((group) => comparisons[group]!)) {
  const comparison = await make();
  try {
    outcomes.push(await compare(comparison, rounds, (line) => console.error(line)));
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    console.error(`${comparison.name}: our own side failed: ${error.message}`);
    process.exitCode = 1;
  }
}

const date = new Date().toISOString().slice(0, 10);
const machine = `${date}, ${cpus().length} threads of ${cpus()[0]?.model.trim()}, Node ${process.version}, load ${load} before the run${busy ? ' (busy: ratios against threaded peers flatter spikegrad)' : ''}, ${rounds} rounds`;
const text = markdown(outcomes, machine);
console.log(text);
if (!values.dry) {
  const name = ['peers', ...(values.only ?? [])].join('-');
  const flat = outcomes.map(({ comparison: { name, title, unit, gigaflop }, ...outcome }) => {
    return { name, title, unit, gigaflop, ...outcome };
  });
  record(name, { load: Number(load), rounds, comparisons: flat });
  writeFileSync(new URL(`../results/${name}.md`, import.meta.url), text);
}
