// Races as Markdown: their rows, the peers' versions, and the page of networks and sparse convolutions.

import { intervalText } from './against-build';
import type { RaceOutcome, Runner } from './race';

const digits = (value: number) => Number(value.toPrecision(3)).toString();
const time = ({ milliseconds }: Runner) => `${digits(milliseconds)} ms`;

/** Versions, once for each peer. */
export function versions(outcomes: readonly RaceOutcome[]): string {
  const peers = new Map(outcomes.flatMap(({ leads }) => leads.map(({ peer }) => [peer.name, peer.facts])));
  return [...peers]
    .map(
      ([name, { torch, version }]) =>
        `${name}: ${version === undefined ? '' : `${version} on `}torch ${torch}`,
    )
    .join('; ');
}

/** A table's rows, a pair of sides each. */
export function raceRows(outcomes: readonly RaceOutcome[]): string {
  const rows = outcomes.flatMap(({ title, rounds, leads, absent }) => [
    ...leads.map(({ ours, peer, ratio }) =>
      [title, ours.name, time(ours), peer.name, time(peer), intervalText(ratio), rounds].join(' | '),
    ),
    ...absent.map(({ name, why }) => [title, '', '', name, why, '', ''].join(' | ')),
  ]);
  return rows.map((row) => `| ${row} |`).join('\n');
}

/** What both sides came to, where they say so: `losses 2.3056, 2.2981; firing rate 0.16`. */
function work({ title, leads }: RaceOutcome): string[] {
  const ours = leads[0]?.ours.facts;
  if (ours?.firstLoss === undefined) return [];
  const losses = [ours, ...leads.map(({ peer }) => peer.facts)].map(
    ({ firstLoss, secondLoss }) => `${digits(Number(firstLoss))}, ${digits(Number(secondLoss))}`,
  );
  return [
    `- ${title}: the first two losses of each side ${losses.join('; ')}; firing rate ${ours.firingRate}, images ${ours.images}`,
  ];
}

export function peersRaced(outcomes: readonly RaceOutcome[], about: string): string {
  return `# By processor time beside other frameworks

${about}.

Processor time, user and system, of all threads, of one call. In each round every side works for one burst, in a process that stays, and
which begins changes. The ratio is the peer's time over ours, above 1 where ours needs less: the median of the rounds, with its 95 %
interval between two order statistics. Networks start from the same weights and images and must agree on the losses of their first two
steps, convolutions on the mean of what comes out, or they are left out. SpikingJelly's threads sleep where they wait.

${versions(outcomes)}.

| work | ours as | our time | beside | its time | ratio | rounds |
|---|---|---|---|---|---|---|
${raceRows(outcomes)}

${outcomes.flatMap(work).join('\n')}
`;
}
