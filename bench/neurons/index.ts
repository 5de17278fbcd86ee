// `npm run bench:neurons`: what a neuron alone costs, forward and backward, beside PyTorch (eager and compiled),
// snnTorch and SpikingJelly, and against the kernels of another build; and the compiling of a process's first neuron.
//
//   --baseline DIR   also: LIF-MPR behind tdBN against the build in DIR (this one must be built then, too)
//   --only NAME      one of these (again for more): cold, lif-forward, lif-backward, alif-forward, alif-backward
//   --seconds N      for each row at most; default 120
//   --dry            print, write nothing; without it the outcome goes to bench/results/neurons.{md,json}
//
// PYTHON names an interpreter with torch, snntorch and spikingjelly; what is missing is named.

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { rowsAgainst, withoutFolder } from '../peers/baseline';
import { buildsTable } from '../peers/baseline-report';
import { bundleOurs } from '../peers/bundle';
import { type RaceOutcome, run } from '../peers/race';
import { machine, record } from '../record';
import { coldStarts, coldTable } from './cold';
import { races } from './races';
import { racesTable } from './report';

const { values } = parseArgs({
  options: {
    baseline: { type: 'string' },
    only: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '120' },
    dry: { type: 'boolean', default: false },
  },
});
const budget = Number(values.seconds);
if (!Number.isInteger(budget) || budget < 1)
  throw new Error(`--seconds ${values.seconds} is no whole number above 0`);
const names = ['cold', ...races.map(({ name }) => name)];
const isWanted = (name: string) => values.only?.includes(name) ?? true;
const unknown = values.only?.find((name) => !names.includes(name));
if (unknown !== undefined) throw new Error(`no race "${unknown}"; there are ${names.join(', ')}`);

const load = loadavg()[0]!;
await bundleOurs();
const outcomes: RaceOutcome[] = [];
for (const race of races)
  if (isWanted(race.name)) outcomes.push(await run(race, budget, (line) => console.error(line)));
const about = `${machine()}, load ${load.toFixed(1)} before the run; at most ${budget} s for a row`;
const cold = isWanted('cold') ? await coldStarts() : [];
let text = outcomes.length > 0 ? racesTable(outcomes, about) : `${about}.\n`;
if (cold.length > 0) text += `\n${coldTable(cold)}`;
let against = {};
if (values.baseline !== undefined) {
  const { rows, ours, baseline } = await rowsAgainst(values.baseline, ['normed'], {
    budget,
    underLoad: true,
  });
  text += `\n${buildsTable(rows, { ours, baseline, machine: machine(), budget, underLoad: true })}`;
  against = { ours: withoutFolder(ours), baseline: withoutFolder(baseline), comparisons: rows };
}
console.log(text);
if (!values.dry) record('neurons', { load, budget, races: outcomes, cold, against }, text);
