// The lines of a run's metrics.jsonl: what they are, and which of them belong to a checkpoint. Files are other files'
// business.

import type { TrainerProgress } from './trainer/events';

/** One line of metrics.jsonl. */
export interface MetricsLine {
  readonly kind: 'step' | 'epoch';
  readonly step: number;
  readonly [key: string]: unknown;
}

/**
 * The lines of a metrics.jsonl that are lines of metrics; one that a crash cut off, or that says something else, is
 * left out.
 */
export function parseMetrics(text: string): MetricsLine[] {
  return text.split('\n').flatMap((line) => lineIn(line) ?? []);
}

function lineIn(text: string): MetricsLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, step } = value as Partial<MetricsLine>;
  return (kind === 'step' || kind === 'epoch') && typeof step === 'number'
    ? (value as MetricsLine)
    : undefined;
}

/** Whether a text is metrics: all its whole lines are; the last one may be cut off. */
export function isMetrics(text: string): boolean {
  return text
    .split('\n')
    .slice(0, -1)
    .every((line) => lineIn(line) !== undefined);
}

/** The text of a metrics.jsonl. */
export function metricsText(lines: readonly MetricsLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What a run's metrics are where its checkpoint stands. */
export interface MetricsOfCheckpoint {
  readonly lines: MetricsLine[];
  /** Steps that the checkpoint counts and that have no line: nobody knows their losses any more. */
  readonly lost: number;
}

/**
 * The lines up to a checkpoint; steps and epochs after it will be done again. An epoch's line that is gone is taken
 * from the checkpoint, which holds all of them.
 */
export function metricsOfCheckpoint(
  lines: readonly MetricsLine[],
  { step, epoch, history }: Pick<TrainerProgress, 'step' | 'epoch' | 'history'>,
): MetricsOfCheckpoint {
  const kept = lines.filter((line) =>
    line.kind === 'step' ? line.step <= step : Number(line.epoch) < epoch,
  );
  const there = new Set(kept.filter(({ kind }) => kind === 'epoch').map((line) => line.epoch));
  const gone = history.filter((done) => !there.has(done.epoch));
  const steps = new Set(kept.filter(({ kind }) => kind === 'step').map((line) => line.step));
  const restored = gone.map((done): MetricsLine => ({ kind: 'epoch', ...done }));
  const all = restored.length === 0 ? kept : [...kept, ...restored].sort(inOrder);
  return { lines: all, lost: step - steps.size };
}

/** By step; an epoch's line comes behind its last step's. */
function inOrder(a: MetricsLine, b: MetricsLine): number {
  return a.step - b.step || Number(a.kind === 'epoch') - Number(b.kind === 'epoch');
}
