// Comparisons of two builds as Markdown.

import { type BuildOutcome, intervalText } from './against-build';
import type { Row } from './baseline';
import type { Build } from './builds';
import { QUIET } from './load';

export interface Circumstances {
  readonly ours: Build;
  readonly baseline: Build;
  readonly machine: string;
  /** Seconds for a comparison. */
  readonly budget: number;
  readonly underLoad: boolean;
}

/** `0.1.0, commit d79ba47, dist 0123456789ab` */
function nameOf({ version, commit, digest }: Build): string {
  return [version, commit && `commit ${commit}`, `dist ${digest}`].filter(Boolean).join(', ');
}

const digits = (value: number) => Number(value.toPrecision(3)).toString();

/** The verdict, in full where nothing can be said. */
function said({ verdict, disturbed }: BuildOutcome): string {
  const left = disturbed === 0 ? '' : `; ${disturbed} alternations under load left out`;
  if (verdict === 'the same') return `the same within 1 %${left}`;
  if (verdict !== 'cannot be told') return `${verdict}${left}`;
  return `cannot be told to 1 % in this time${left}`;
}

export function buildsTable(rows: readonly Row[], about: Circumstances): string {
  const lines = rows.map((row) => {
    const { ours, baseline } = row.milliseconds;
    const times = [ours, baseline].map((time) => `${digits(time)} ms`);
    return [row.title, row.unit, ...times, intervalText(row.interval), row.ratios.length, said(row)];
  });
  const load = about.underLoad
    ? 'measured under whatever load there was'
    : `alternations in which other programs kept more than ${QUIET} of a processor busy do not count`;
  return `# Against another build

${about.machine}; ${load}; at most ${about.budget} s for a row.

- this build: ${nameOf(about.ours)}
- baseline: ${nameOf(about.baseline)}

Processor time, user and system, of all threads. In each alternation both builds work in short turns, each in a new process, and which
begins alternates. The ratio is the baseline's time over this build's, above 1 where this build needs less: the median of
the alternations, with its 95 % interval between two order statistics.

| work | per | this build | baseline | ratio | alternations | this build is |
|---|---|---|---|---|---|---|
${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`;
}
