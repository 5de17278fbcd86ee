// `npm run mutants`: 300 programs that differ from ours in one place, drawn by a seed from core, ops, snn and train.
// Which of them do the tests of their room notice? A stopped run goes on where it was.
//
//   --count N     default 300
//   --seed N      default 1
//   --fresh       forget what was found before
//   --again       run those once more that nothing noticed, after new tests
//   --survivors   those of the recorded outcome, wherever their lines are now, and put what became of them there
//   --tests F,G   with it: against these test files alone
//   --write       the outcome goes to bench/results/mutants.{md,json}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { record } from '../record';
import { allMutants, drawMutants, hashOf } from './draw';
import { type Account, equivalence, isAlive, report, summary } from './report';
import { readState, type State, writeState } from './state';
import { recordedSurvivors, withSurvivors } from './survivors';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    fresh: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    survivors: { type: 'boolean', default: false },
    tests: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const path = values.survivors ? '.cache/mutants-survivors.json' : '.cache/mutants.json';

const sourcesOf = ({ mutants }: Pick<State, 'mutants'>) =>
  hashOf([...new Set(mutants.map(({ file }) => file))].sort().map((file) => readFileSync(file, 'utf8')));

function begin(): State {
  const all = allMutants(process.cwd());
  const mutants = drawMutants(all, count, seed);
  return { seed, places: all.length, sources: sourcesOf({ mutants }), mutants, outcomes: {} };
}

/** What was begun before, where it is the same draw from the same texts. */
function goOn(): State | undefined {
  const kept = values.fresh ? undefined : readState(path);
  if (kept === undefined || kept.seed !== seed || kept.mutants.length !== count) return undefined;
  return kept.sources === sourcesOf(kept) ? kept : undefined;
}

/** Runs all that has not run. The process that does ends itself after each mutant that never ends. */
function runAll(): State {
  let stops = 0;
  for (;;) {
    const before = Object.keys(readState(path)!.outcomes).length;
    const { status, signal } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'bench/mutants/run.ts', path],
      { stdio: 'inherit' },
    );
    if (status === 0) return readState(path)!;
    if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130);
    if (readState(path)!.reach === undefined) process.exit(1); // a test fails without any mutant
    stops = Object.keys(readState(path)!.outcomes).length > before ? 0 : stops + 1;
    if (stops === 3) throw new Error('three starts in a row have run no mutant');
  }
}

/** The recorded outcome, with that of its survivors anew. */
function survivors(): Account {
  const { account, places } = recordedSurvivors(allMutants(process.cwd()));
  const mutants = [...places.values()].flatMap((place) => place ?? []);
  const toRun = mutants.filter((mutant) => equivalence(mutant) === undefined);
  writeState(path, {
    seed,
    places: 0,
    sources: '',
    mutants: toRun,
    tests: values.tests?.split(','),
    outcomes: {},
  });
  return withSurvivors(account, places, runAll().outcomes);
}

function drawn(): Account {
  const state = goOn() ?? begin();
  if (values.again) {
    state.reach = undefined;
    for (const [key, outcome] of Object.entries(state.outcomes))
      if (isAlive(outcome)) delete state.outcomes[key];
  }
  writeState(path, state);
  return runAll();
}

const ended = values.survivors ? survivors() : drawn();
console.log(report(ended));
if (values.write) record('mutants', summary(ended), report(ended));
