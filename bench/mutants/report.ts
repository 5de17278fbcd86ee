// The outcome in numbers and in words.

import { machine } from '../record';
import { EQUIVALENT } from './equivalent';
import { type Mutant, type Outcome, ROOMS } from './mutant';

/** What is kept of a mutant. */
export type Recorded = Pick<Mutant, 'key' | 'room' | 'kind' | 'text'>;

/** What is told: a draw and what became of it. */
export interface Account {
  readonly seed: number;
  readonly places: number;
  readonly sources: string;
  readonly mutants: readonly Recorded[];
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

/** Why no test can notice it, where that is known. */
export function equivalence({ key, text }: Recorded): string | undefined {
  return EQUIVALENT.find(
    (one) => key.startsWith(`${one.file}:`) && text === one.text && key.endsWith(one.change),
  )?.reason;
}

/** Whether no test noticed it. */
export function isAlive(outcome: Outcome | undefined): boolean {
  return outcome?.result === 'missed' || outcome?.result === 'unreached';
}

interface Row {
  readonly room: string;
  readonly drawn: number;
  readonly run: number;
  readonly equivalent: number;
  readonly gone: number;
  readonly killed: number;
  readonly timeouts: number;
  readonly missed: number;
  readonly unreached: number;
}

function rowOf(room: string, mutants: readonly Recorded[], { outcomes }: Account): Row {
  const run = mutants.filter(({ key }) => outcomes[key] !== undefined);
  const alive = run.filter(({ key }) => isAlive(outcomes[key]));
  const counted = alive.filter((mutant) => equivalence(mutant) === undefined);
  const many = (list: readonly Recorded[], result: Outcome['result']) =>
    list.filter(({ key }) => outcomes[key]!.result === result).length;
  return {
    room,
    drawn: mutants.length,
    run: run.length,
    equivalent: alive.length - counted.length,
    gone: many(run, 'gone'),
    killed: many(run, 'killed'),
    timeouts: many(run, 'timeout'),
    missed: many(counted, 'missed'),
    unreached: many(counted, 'unreached'),
  };
}

/** Of those that ran and are another program, how many were noticed, in percent. */
function share({ run, equivalent, gone, killed, timeouts }: Row): number {
  return (100 * (killed + timeouts)) / (run - equivalent - gone);
}

function rows(state: Account): Row[] {
  const rooms = Object.keys(ROOMS).map((room) =>
    rowOf(
      room,
      state.mutants.filter((mutant) => mutant.room === room),
      state,
    ),
  );
  return [...rooms, rowOf('all', state.mutants, state)];
}

const secondsOf = ({ outcomes }: Account) =>
  Object.values(outcomes).reduce((sum, { seconds }) => sum + seconds, 0);

/** What is kept as JSON. */
export function summary(state: Account) {
  const { seed, places, sources, mutants, outcomes } = state;
  return {
    seed,
    places,
    sources,
    seconds: Math.round(secondsOf(state)),
    rooms: rows(state),
    mutants: mutants.map((mutant) => ({
      key: mutant.key,
      room: mutant.room,
      kind: mutant.kind,
      text: mutant.text,
      ...outcomes[mutant.key],
      equivalent: equivalence(mutant),
    })),
  };
}

/** What is kept as Markdown. */
export function report(state: Account): string {
  const { mutants, outcomes, places, seed } = state;
  const alive = mutants.filter(({ key }) => isAlive(outcomes[key]));
  const again = Object.values(outcomes).flatMap((outcome) => outcome.again ?? []);
  const days = [...new Set(again)].join(', ');
  const line = (mutant: Recorded, end: string) => `- \`${mutant.key}\` in \`${mutant.text}\`${end}`;
  const same = alive.filter((mutant) => equivalence(mutant) !== undefined);
  const others = alive.filter((mutant) => equivalence(mutant) === undefined);
  return [
    '# Mutants',
    '',
    `\`npm run mutants\`: ${mutants.length} of ${places} places, drawn by seed ${seed}; each ran up to its first failing test.`,
    'What the tests had missed was run again against the tests written for it.',
    ...(again.length > 0
      ? [`${again.length} of them once more on ${days}, found by their lines in the texts of that day.`]
      : []),
    `${Math.round(secondsOf(state) / 60)} minutes in all (the machine was shared). ${machine()}.`,
    '',
    '| room | tests | drawn | run | killed | out of time | equivalent | gone | not noticed | not reached | noticed |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows(state).map((row) => {
      const { room, drawn, run, killed, timeouts, equivalent, gone, missed, unreached } = row;
      const cells = [
        drawn,
        run,
        killed,
        timeouts,
        equivalent,
        gone,
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
    '## Gone: their lines are in the texts no more, not counted',
    '',
    ...mutants.filter(({ key }) => outcomes[key]?.result === 'gone').map((mutant) => line(mutant, '')),
    '',
    '## Noticed by no test',
    '',
    ...others.map((mutant) => line(mutant, ` (${outcomes[mutant.key]!.result})`)),
    '',
  ].join('\n');
}
