// Outcomes as Markdown: a row for each pair, then what each side said of itself and what was missing.

import type { Measured, Outcome } from './round-robin';

const digits = (value: number) => Number(value.toPrecision(3)).toString();

function time({ milliseconds }: Measured, { comparison: { gigaflop } }: Outcome): string {
  return gigaflop === undefined
    ? `${digits(milliseconds)} ms`
    : `${digits(milliseconds)} ms (${digits(gigaflop / (milliseconds / 1e3))} GFLOP/s)`;
}

function rows(outcome: Outcome): string[] {
  const { comparison, ours, peers, absent } = outcome;
  const unit = ` per ${comparison.unit}`;
  const measured = peers.map((peer) => {
    const { ratio, lowest, highest } = peer.speedup;
    const spread = peer.rounds.length === 1 ? 'one round' : `${digits(lowest)} .. ${digits(highest)}`;
    return [
      comparison.title,
      time(ours, outcome) + unit,
      peer.name,
      time(peer, outcome) + unit,
      `x${digits(ratio)}`,
      spread,
    ];
  });
  const others = absent.map(({ name, why }) => [
    comparison.title,
    time(ours, outcome) + unit,
    name,
    why,
    '',
    '',
  ]);
  return [...measured, ...others].map((cells) => `| ${cells.join(' | ')} |`);
}

/** What a side says of itself: `spikegrad: node v20.20.2, threads 2`. */
function facts({ name, facts }: Measured): string {
  return `${name}: ${Object.entries(facts)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`)
    .join(', ')}`;
}

/** The table of all outcomes. */
export function markdown(outcomes: readonly Outcome[], machine: string): string {
  const notes = outcomes.map(
    ({ comparison, ours, peers }) =>
      `- ${comparison.title}\n${[ours, ...peers].map((side) => `  - ${facts(side)}\n`).join('')}`,
  );
  return `# Beside other frameworks

${machine}. All sides of a row work in turn, one short burst each a round; the ratio is their median time over ours, the
spread the lowest and highest ratio within a round. A ratio above 1 means that spikegrad is faster. GFLOP/s are those of the dense
operation.

| work | spikegrad | beside | its time | ratio | spread |
|---|---|---|---|---|---|
${outcomes.flatMap(rows).join('\n')}

What each side says of itself. Those that start from the same weights must agree on the first image's loss, or they are left out.
"vectors" is what PyTorch's own kernels use; oneDNN, which does its convolutions, detects more.

${notes.join('')}`;
}
