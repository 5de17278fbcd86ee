// What nothing had noticed when a draw was recorded, found again in today's texts by its line and its change: files
// and lines may have moved since. So tests written for survivors can be tried without running the other mutants once
// more.

import { readFileSync } from 'node:fs';
import type { Mutant, Outcome } from './mutant';
import { type Account, isAlive, type Recorded } from './report';

interface Kept {
  readonly results: Omit<Account, 'outcomes' | 'mutants'> & {
    readonly mutants: readonly (Recorded & Outcome)[];
  };
}

/** The recorded account, and where each survivor is in today's texts. */
export function recordedSurvivors(today: readonly Mutant[]): {
  account: Account;
  places: ReadonlyMap<string, Mutant | undefined>;
} {
  const { results } = JSON.parse(readFileSync('bench/results/mutants.json', 'utf8')) as Kept;
  const { seed, places, sources } = results;
  const mutants = results.mutants.map(({ key, room, kind, text }) => ({ key, room, kind, text }));
  const outcomes = Object.fromEntries(
    results.mutants.map(({ key, result, by, seconds, again }) => [key, { result, by, seconds, again }]),
  );
  const alive = mutants.filter(({ key }) => isAlive(outcomes[key]));
  return {
    account: { seed, places, sources, mutants, outcomes },
    places: new Map(alive.map((mutant) => [mutant.key, placeOf(mutant, today)])),
  };
}

/** The account with what became of the survivors now, under their names of now. Equivalent ones have not run. */
export function withSurvivors(
  account: Account,
  places: ReadonlyMap<string, Mutant | undefined>,
  now: Readonly<Record<string, Outcome>>,
): Account {
  const again = new Date().toISOString().slice(0, 10);
  const outcomes: Record<string, Outcome> = {};
  const mutants = account.mutants.map((mutant) => {
    const before = account.outcomes[mutant.key]!;
    const place = places.get(mutant.key) ?? mutant;
    const isGone = places.has(mutant.key) && places.get(mutant.key) === undefined;
    const outcome = now[place.key];
    outcomes[place.key] = isGone
      ? { result: 'gone', seconds: before.seconds, again }
      : outcome === undefined
        ? before
        : { ...outcome, seconds: before.seconds + outcome.seconds, again };
    const { key, room, kind, text } = place;
    return { key, room, kind, text };
  });
  return { ...account, mutants, outcomes };
}

/** `src/a.ts:3:7 0 -> 1` without the place. */
const changeOf = ({ key }: Pick<Mutant, 'key'>) => key.slice(key.indexOf(' ') + 1);
const columnOf = ({ key }: Pick<Mutant, 'key'>) => Number(key.split(' ')[0]!.split(':').at(-1));

/** The same mutant in today's texts; undefined where its line is gone. */
export function placeOf(recorded: Recorded, today: readonly Mutant[]): Mutant | undefined {
  const alike = today.filter(
    (mutant) =>
      mutant.room === recorded.room &&
      mutant.kind === recorded.kind &&
      changeOf(mutant) === changeOf(recorded) &&
      (mutant.text.startsWith(recorded.text) || recorded.text.startsWith(mutant.text)),
  );
  const same = alike.filter((mutant) => mutant.text === recorded.text);
  const [only, ...others] = same.length > 0 ? same : alike;
  if (only === undefined || others.length === 0) return only;
  return [only, ...others].find((mutant) => columnOf(mutant) === columnOf(recorded)) ?? only;
}
