// `npm run bench:peers`: the same work in spikegrad and in other frameworks, or in another build of spikegrad,
// interleaved on this machine.
//
//   --group NAME      one group (again for more); --help lists them
//   --dry             print, write nothing; without it the outcome goes to bench/results/peers.{md,json},
//                     that of some groups to peers-NAME.{md,json}, and with --baseline to baseline-NAME.{md,json}
//   --rounds N        beside other frameworks: default 7
//   --baseline DIR    against the build in DIR: a checkout after `npm run build`, or an unpacked package
//   --seconds N       for each comparison at most: against a build, default 900; raced by processor time, default 120
//   --under-load      against a build: also while other programs are at work
//
// Peers are no dependencies: what is missing is named with the command that brings it. SPIKEGRAD_PEERS names a folder
// with npm peers in its node_modules, SPIKEGRAD_PROTOTYPE a built prototype, PYTHON an interpreter with PyTorch.

import { parseArgs } from 'node:util';
import { measureBuild } from './baseline';
import { againstBuild, besidePeers } from './comparisons';
import { measurePeers } from './peers';
import { racesBesidePeers } from './races';

const { values } = parseArgs({
  options: {
    group: { type: 'string', multiple: true },
    dry: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    baseline: { type: 'string' },
    seconds: { type: 'string' },
    'under-load': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const { baseline, dry } = values;
const known = Object.keys(baseline === undefined ? { ...besidePeers, ...racesBesidePeers } : againstBuild);

function refuseOthers(names: readonly (keyof typeof values)[], why: string): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given !== undefined) throw new Error(`--${given} ${why}`);
}

function numberOf(name: 'rounds' | 'seconds', fallback: number): number {
  const value = Number(values[name] ?? fallback);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} ${values[name]} is no whole number above 0`);
  return value;
}

if (values.help) {
  console.log(`groups beside other frameworks: ${Object.keys(besidePeers).join(', ')}`);
  console.log(`and raced by processor time: ${Object.keys(racesBesidePeers).join(', ')}`);
  console.log(`groups with --baseline: ${Object.keys(againstBuild).join(', ')}`);
  process.exit();
}
const unknown = values.group?.find((group) => !known.includes(group));
if (unknown !== undefined) {
  const where = baseline === undefined ? 'beside other frameworks' : 'with --baseline';
  throw new Error(`no group "${unknown}" ${where}; there are ${known.join(', ')}`);
}
const groups = values.group ?? known;
const suffix = values.group === undefined ? '' : `-${groups.join('-')}`;
if (baseline === undefined) {
  refuseOthers(['under-load'], 'goes with --baseline DIR');
  await measurePeers({
    groups,
    rounds: numberOf('rounds', 7),
    budget: numberOf('seconds', 120),
    name: dry ? undefined : `peers${suffix}`,
  });
} else {
  refuseOthers(['rounds'], 'is for other frameworks; with --baseline the interval decides, and --seconds');
  await measureBuild({
    folder: baseline,
    groups,
    budget: numberOf('seconds', 900),
    underLoad: values['under-load'] === true,
    name: dry ? undefined : `baseline${suffix}`,
  });
}
