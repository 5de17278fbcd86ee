// The outcome in numbers and in words.

import { machine } from '../record';
import { EQUIVALENT } from './equivalent';
import { type Mutant, ROOMS } from './mutant';
import type { State } from './state';

/** Why no test can notice it, where that is known. */
function equivalence(mutant: Mutant): string | undefined {
  return EQUIVALENT.find(
    ({ file, text, change }) => file === mutant.file && text === mutant.text && mutant.key.endsWith(change),
  )?.reason;
}

interface Row {
  readonly room: string;
  readonly drawn: number;
  readonly run: number;
  readonly equivalent: number;
  readonly killed: number;
  readonly timeouts: number;
  readonly missed: number;
  readonly unreached: number;
}

function rowOf(room: string, mutants: readonly Mutant[], { outcomes }: State): Row {
  const run = mutants.filter(({ key }) => outcomes[key] !== undefined);
  const alive = run.filter(({ key }) => !['killed', 'timeout'].includes(outcomes[key]!.result));
  const counted = alive.filter((mutant) => equivalence(mutant) === undefined);
  const many = (list: readonly Mutant[], result: string) =>
    list.filter(({ key }) => outcomes[key]!.result === result).length;
  return {
    room,
    drawn: mutants.length,
    run: run.length,
    equivalent: alive.length - counted.length,
    killed: many(run, 'killed'),
    timeouts: many(run, 'timeout'),
    missed: many(counted, 'missed'),
    unreached: many(counted, 'unreached'),
  };
}

/** Of those that ran and are another program, how many were noticed, in percent. */
function share({ run, equivalent, killed, timeouts }: Row): number {
  return (100 * (killed + timeouts)) / (run - equivalent);
}

function rows(state: State): Row[] {
  const rooms = Object.keys(ROOMS).map((room) =>
    rowOf(
      room,
      state.mutants.filter((mutant) => mutant.room === room),
      state,
    ),
  );
  return [...rooms, rowOf('all', state.mutants, state)];
}

const secondsOf = ({ outcomes }: State) =>
  Object.values(outcomes).reduce((sum, { seconds }) => sum + seconds, 0);

/** What is kept as JSON. */
export function summary(state: State) {
  const { seed, places, sources, mutants, outcomes } = state;
  return {
    seed,
    places,
    sources,
    seconds: Math.round(secondsOf(state)),
    rooms: rows(state),
    mutants: mutants.map((mutant) => ({
      key: mutant.key,
      kind: mutant.kind,
      ...outcomes[mutant.key],
      equivalent: equivalence(mutant),
    })),
  };
}

/** What is kept as Markdown. */
export function report(state: State): string {
  const { mutants, outcomes, places, seed } = state;
  const alive = mutants.filter(({ key }) => ['missed', 'unreached'].includes(outcomes[key]?.result ?? ''));
  const line = (mutant: Mutant, end: string) => `- \`${mutant.key}\` in \`${mutant.text}\`${end}`;
  const same = alive.filter((mutant) => equivalence(mutant) !== undefined);
  const others = alive.filter((mutant) => equivalence(mutant) === undefined);
  return [
    '# Mutants',
    '',
    `\`npm run mutants\`: ${mutants.length} of ${places} places, drawn by seed ${seed}; each ran up to its first failing test.`,
    'What the tests had missed was run again against the tests written for it.',
    `${Math.round(secondsOf(state) / 60)} minutes in all (the machine was shared). ${machine()}.`,
    '',
    '| room | tests | drawn | run | killed | out of time | equivalent | not noticed | not reached | noticed |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows(state).map((row) => {
      const { room, drawn, run, killed, timeouts, equivalent, missed, unreached } = row;
      const cells = [
        drawn,
        run,
        killed,
        timeouts,
        equivalent,
        missed,
        unreached,
        `${share(row).toFixed(1)} %`,
      ];
      return `| ${room} | ${(ROOMS[room] ?? []).join(', ')} | ${cells.join(' | ')} |`;
    }),
    '',
    '## Equivalent, not counted',
    '',
    ...same.map((mutant) => line(mutant, `: ${equivalence(mutant)}`)),
    '',
    '## Noticed by no test',
    '',
    ...others.map((mutant) => line(mutant, ` (${outcomes[mutant.key]!.result})`)),
    '',
  ].join('\n');
}
