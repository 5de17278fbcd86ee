// Progress of long work on standard error: a bar on a terminal, now and then a line elsewhere.

import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** @param done of `total` */
  update(done: number, note: string): void;
  stop(): void;
}

/** Seconds as `2m05s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}h${two(m)}m` : `${m}m${two(s)}s`;
}

/** How fast images go by. The first step compiles and warms up; it counts only as long as it is the only one. */
export class ImageRate {
  readonly #started = performance.now();
  #warm: number | undefined;
  #first = 0;
  #images = 0;

  /** @returns seconds that the first step took, when this was it */
  add(images: number): number | undefined {
    if (this.#warm !== undefined) {
      this.#images += images;
      return undefined;
    }
    this.#warm = performance.now();
    this.#first = images;
    return (this.#warm - this.#started) / 1000;
  }

  toString(): string {
    const [images, since] = this.#images > 0 ? [this.#images, this.#warm!] : [this.#first, this.#started];
    return `${((images * 1000) / (performance.now() - since)).toFixed(1)} images/s`;
  }
}

/** Milliseconds between lines where there is no terminal. */
const LINE_INTERVAL = 10_000;

/**
 * @param from units done before, so that the time left is reckoned from the rate of this process only
 */
export function startProgress(label: string, total: number, from = 0): Progress {
  const started = performance.now();
  const eta = (done: number) =>
    ((performance.now() - started) / 1000 / Math.max(done - from, 1)) * (total - done);
  if (process.stderr.isTTY) {
    const bar = new SingleBar(
      {
        format: `${label} {bar} {percentage}% | {value}/{total} | {note} | {left} left`,
        hideCursor: true,
        clearOnComplete: true,
        stream: process.stderr,
      },
      Presets.shades_classic,
    );
    bar.start(total, from, { note: '', left: '?' });
    return {
      update: (done, note) => bar.update(done, { note, left: duration(eta(done)) }),
      stop: () => bar.stop(),
    };
  }
  let last = started;
  return {
    update(done, note) {
      if (performance.now() - last < LINE_INTERVAL) return;
      last = performance.now();
      process.stderr.write(`${label} ${done}/${total} | ${note} | ${duration(eta(done))} left\n`);
    },
    stop() {},
  };
}
