// A training in words: what it has, and what it is at.

import type { Ready } from './messages';

const HELD = {
  drawn: 'drawn for testing',
  'own file': 'of your test file',
  'held back': 'held back for testing, the last of your file',
} as const;

export function describe({ parameters, train, test, held }: Ready): string {
  const count = (value: number) => value.toLocaleString('en');
  return `${count(parameters)} parameters; ${count(train)} images to learn from, ${count(test)} ${HELD[held]}`;
}

/** Milliseconds without a step after which it is said that one is under way. */
const LONG = 1500;

/** Where a training that plays stands. */
export interface Pace {
  readonly step: number;
  readonly steps: number;
  /** Images a step, and a second; 0 before the first step. */
  readonly batch: number;
  readonly rate: number;
  /** Milliseconds since anything was heard of it. */
  readonly silent: number;
}

/** What it is at, and when it will be done as far as its pace tells. */
export function describePace({ step, steps, batch, rate, silent }: Pace): { word: string; busy: boolean } {
  const left = rate > 0 ? `about ${duration(((steps - step) * batch) / rate)} left` : '';
  if (silent < LONG) return { word: left, busy: false };
  const seconds = Math.floor(silent / 1000);
  return {
    word: `step ${step + 1} is under way, ${seconds} s so far${left === '' ? '' : `; ${left}`}`,
    busy: true,
  };
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
