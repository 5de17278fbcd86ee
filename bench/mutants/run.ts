// The process that runs mutants (started by index.ts, again and again until it has nothing left). Tests run in a
// thread of it, so that it can watch over them: a mutant that never ends, or fills the memory, ends the process,
// which counts as noticed.
//
//   tsx bench/mutants/run.ts STATE

import { readdirSync } from 'node:fs';
import type { TestModule } from 'vitest/node';
import { type Mutant, type Outcome, ROOMS } from './mutant';
import type { Shown } from './plugin';
import { readState, type State, writeState } from './state';
import { startTests, type Tests } from './tests';

const root = process.cwd();
const path = process.argv[2]!;
const state = readState(path)!;
const MEMORY = 5 * 2 ** 30;
/** A test may take so much longer on a machine that is busy. */
const SLOWER = 8;

const shown: Shown = { mutant: undefined, probed: [] };

/** Which test files reach which mutant, and what each takes; all must pass without a mutant. */
async function firstPass(): Promise<void> {
  shown.probed = state.mutants;
  const tests = await startTests(root, shown, true, 180_000);
  const files: Record<string, string[]> = Object.fromEntries(state.mutants.map(({ key }) => [key, []]));
  const milliseconds: Record<string, number> = {};
  for (const [room, folders] of Object.entries(ROOMS)) {
    if (!state.mutants.some((mutant) => mutant.room === room)) continue;
    const paths = folders.flatMap((folder) =>
      readdirSync(`${root}/${folder}`, { encoding: 'utf8', recursive: true })
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `${folder}/${name}`)
        .filter((name) => state.tests?.includes(name) ?? true),
    );
    const { modules, errors } = await tests.run(paths);
    const failed = failureOf(modules) ?? (errors.length > 0 ? String(errors[0]) : undefined);
    if (failed !== undefined) throw new Error(`without a mutant: ${failed}`);
    for (const module of modules) {
      const name = paths.find((one) => module.moduleId.endsWith(one))!;
      const { duration, collectDuration } = module.diagnostic();
      milliseconds[name] = Math.round(duration + collectDuration);
      for (const index of module.meta().reached ?? []) {
        const mutant = state.mutants[index]!;
        if (mutant.room === room) files[mutant.key]!.push(name);
      }
    }
  }
  state.reach = { files, milliseconds };
  writeState(path, state);
  await tests.close();
}

/** The first test that failed, or the file that could not be read. */
function failureOf(modules: readonly TestModule[]): string | undefined {
  for (const module of modules) {
    const file = module.moduleId.slice(root.length + 1);
    for (const test of module.children.allTests('failed')) return `${file}: ${test.fullName}`;
    if (module.state() === 'failed') return `${file}: ${module.errors()[0]?.message ?? 'failed'}`;
  }
  return undefined;
}

function settle(mutant: Mutant, outcome: Outcome): void {
  state.outcomes[mutant.key] = outcome;
  writeState(path, state);
  const done = Object.keys(state.outcomes).length;
  const seconds = outcome.seconds.toFixed(1);
  console.log(
    `${done}/${state.mutants.length} ${outcome.result} (${seconds} s) ${mutant.key}  ${outcome.by ?? ''}`,
  );
}

/** Runs the tests that reach it, the quickest first. */
async function attempt(tests: Tests, mutant: Mutant, reach: NonNullable<State['reach']>): Promise<void> {
  const files = reach.files[mutant.key]!;
  if (files.length === 0) return settle(mutant, { result: 'unreached', seconds: 0 });
  const order = files.toSorted((a, b) => reach.milliseconds[a]! - reach.milliseconds[b]!);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const usual = order.reduce((sum, file) => sum + reach.milliseconds[file]!, 0);
  const giveUp = (by: string) => {
    settle(mutant, { result: 'timeout', by, seconds: seconds() });
    process.exit(1);
  };
  const clock = setTimeout(giveUp, 60_000 + SLOWER * usual, 'out of time');
  const watch = setInterval(() => process.memoryUsage().rss > MEMORY && giveUp('out of memory'), 500);
  shown.mutant = mutant;
  tests.changed(mutant.file);
  const { modules, errors } = await tests.run(order);
  shown.mutant = undefined;
  tests.changed(mutant.file);
  clearTimeout(clock);
  clearInterval(watch);
  const by = failureOf(modules) ?? (errors.length > 0 ? String(errors[0]).slice(0, 100) : undefined);
  settle(mutant, { result: by === undefined ? 'missed' : 'killed', by, seconds: seconds() });
}

if (state.reach === undefined) await firstPass();
const left = state.mutants.filter(({ key }) => state.outcomes[key] === undefined);
if (left.length > 0) {
  const tests = await startTests(root, shown, false, 60_000);
  for (const mutant of left) await attempt(tests, mutant, state.reach!);
  await tests.close();
}
process.exit(0);
