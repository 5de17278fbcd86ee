// Races as Markdown, and beside them the rows against another build.

import { intervalText } from '../peers/against-build';

import type { RaceOutcome, Runner } from './race';

const digits = (value: number) => Number(value.toPrecision(3)).toString();
const time = ({ milliseconds }: Runner) => `${digits(milliseconds)} ms`;

/** Versions, once for each peer. */
function versions(outcomes: readonly RaceOutcome[]): string {
  const peers = new Map(outcomes.flatMap(({ leads }) => leads.map(({ peer }) => [peer.name, peer.facts])));
  return [...peers]
    .map(
      ([name, { torch, version }]) =>
        `${name}: ${version === undefined ? '' : `${version} on `}torch ${torch}`,
    )
    .join('; ');
}

export function racesTable(outcomes: readonly RaceOutcome[], about: string): string {
  const rows = outcomes.flatMap(({ title, rounds, leads, absent }) => [
    ...leads.map(({ ours, peer, ratio }) =>
      [title, ours.name, time(ours), peer.name, time(peer), intervalText(ratio), rounds].join(' | '),
    ),
    ...absent.map(({ name, why }) => [title, '', '', name, why, '', ''].join(' | ')),
  ]);
  return `# Neurons alone

${about}.

Processor time of one call. In each round every side works for one burst, in a process that stays, and which begins changes. The ratio
is the peer's time over ours, above 1 where ours needs less: the median of the rounds, with its 95 % interval between two order
statistics. Ours as images of 32x32 pixels and 16 channels, where spikes leave as bits, as in a network; and as one row, where they leave
as floats, as those of PyTorch do. Forward of all sides notes what backward will want. All but snnTorch, whose surrogate is its own, must
agree on firing rate and mean gradient.

${versions(outcomes)}.

| work | ours as | our time | beside | its time | ratio | rounds |
|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}
