// Progress of long work on standard error: a bar on a terminal, now and then a line elsewhere. Neither is ever wider
// than the terminal: what there is no room for is left out, the least important first.

import { printableLine } from '../../printable';
import { columnsOf } from '.';
import { startBar } from './bar';

export interface Progress {
  /**
   * @param done of `total`
   * @param notes what else there is to say, the most important first
   */
  update(done: number, notes?: readonly string[]): void;
  stop(): void;
}

export interface ProgressOptions {
  /** Units done before, so that the time left is reckoned from the rate of this process only. Default 0. */
  from?: number;
  /** Seconds left, where somebody knows better than from the rate so far; undefined as long as nobody can know. */
  left?: () => number | undefined;
}

/** Seconds as `2m05s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}h${two(m)}m` : `${m}m${two(s)}s`;
}

/** Where some work stands. */
export interface Standing {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly notes: readonly string[];
  /** Seconds; undefined while it cannot be known. */
  readonly left: number | undefined;
}

const LEAST_BAR = 8;
const MOST_BAR = 24;

/** Where work stands on one line of at most `width` characters. @param bar whether to draw one where there is room */
export function progressLine(
  { label, done, total, notes, left }: Standing,
  width: number,
  bar: boolean,
): string {
  const share = total > 0 ? Math.min(done / total, 1) : 0;
  const head = bar ? `${Math.floor(100 * share)} %` : `${done}/${total}`;
  const end = left === undefined ? [] : [`${duration(left)} left`];
  const said: string[] = [];
  const line = (drawn = '') => [`${printableLine(label)} ${drawn}${head}`, ...said, ...end].join(' | ');
  for (const note of notes) {
    if (note === '') continue;
    said.push(note);
    if (line().length <= width) continue;
    said.pop();
    break;
  }
  const room = Math.min(MOST_BAR, width - line().length - 1);
  if (!bar || room < LEAST_BAR) return line().slice(0, width);
  const full = Math.round(share * room);
  return line(`${'█'.repeat(full)}${'░'.repeat(room - full)} `);
}

/** Milliseconds between lines where there is no terminal. */
const LINE_INTERVAL = 10_000;

export function startProgress(label: string, total: number, options: ProgressOptions = {}): Progress {
  const started = performance.now();
  const { from = 0 } = options;
  const ofRate = (done: number) =>
    done > from ? ((performance.now() - started) / 1000 / (done - from)) * (total - done) : undefined;
  let notes: readonly string[] = [];
  const line = (done: number, width: number, bar: boolean) =>
    progressLine({ label, done, total, notes, left: (options.left ?? (() => ofRate(done)))() }, width, bar);
  if (process.stderr.isTTY) {
    let at = from;
    const bar = startBar(process.stderr, () => line(at, columnsOf(process.stderr) - 1, true));
    return {
      update(done, more = []) {
        [at, notes] = [done, more];
        bar.update();
      },
      stop: () => bar.stop(),
    };
  }
  let last = started;
  return {
    update(done, more = []) {
      if (performance.now() - last < LINE_INTERVAL) return;
      last = performance.now();
      notes = more;
      process.stderr.write(`${line(done, columnsOf(process.stderr), false)}\n`);
    },
    stop() {},
  };
}
