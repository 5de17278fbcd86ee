// Races as Markdown, and beside them the rows against another build.

import type { RaceOutcome } from '../peers/race';
import { raceRows, versions } from '../peers/race-report';

export function racesTable(outcomes: readonly RaceOutcome[], about: string): string {
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
${raceRows(outcomes)}
`;
}
