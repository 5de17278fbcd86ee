// Learning rates over a run as values: what share of its base the rate has at each step. They compose, and can be
// listed and drawn; nothing here knows of optimisers.

import { check } from '../errors';
import { callback, checkKind, finite, instance, text, whole } from '../options';

/** The share at a step, counted from 0, of a number of steps. */
export type ShareAt = (step: number, steps: number) => number;

/** How a learning rate goes over a run of any length, as its share of a base rate. Immutable. */
export class Schedule {
  readonly #share: ShareAt;

  /**
   * @param name in words, for reports: `cosine to 0`
   * @param share of the base at a step, counted from 0, of a run of so many; linearly made, stepwise, whatever
   */
  constructor(
    readonly name: string,
    share: ShareAt,
  ) {
    checkKind('Schedule', 'name', text, name);
    checkKind('Schedule', 'share', callback<ShareAt>('a function (step, steps)'), share);
    this.#share = share;
    Object.freeze(this);
    if (Object.getPrototypeOf(new.target) === Function.prototype) Object.freeze(this);
  }

  /**
   * The share at a step.
   * @param step from 0; at `steps`, which no run reaches, is where the schedule ends
   */
  at(step: number, steps: number): number {
    checkKind('Schedule.at', 'step', finite({ least: 0 }), step);
    checkKind('Schedule.at', 'steps', finite({ least: 0 }), steps);
    check(step <= steps, 'Schedule.at', () => `step ${step} is not in 0..${steps}`);
    const share = this.#share(step, steps);
    check(
      finite({ least: 0 }).holds(share),
      'Schedule.at',
      () => `${this.name} gives ${share} at step ${step} of ${steps}: a share is a number >= 0`,
    );
    return share;
  }

  /** The shares of all steps, times `base`: to be listed, or drawn by `lineChart`. @param base default 1 */
  list(steps: number, base = 1): number[] {
    checkKind('Schedule.list', 'steps', whole({ least: 0 }), steps);
    checkKind('Schedule.list', 'base', finite({ least: 0 }), base);
    return Array.from({ length: steps }, (_, step) => base * this.at(step, steps));
  }

  /** This one for so large a share of the steps, then another over the rest. */
  until(share: number, next: Schedule): Schedule {
    checkKind('Schedule.until', 'share', finite({ least: 0, most: 1 }), share);
    checkSchedule('Schedule.until', next);
    const first = (steps: number) => Math.round(share * steps);
    return new Schedule(`${this.name} until ${share}, then ${next.name}`, (step, steps) => {
      const change = first(steps);
      return step < change ? this.at(step, change) : next.at(step - change, steps - change);
    });
  }

  /** The product of both. */
  times(other: Schedule): Schedule {
    checkSchedule('Schedule.times', other);
    return new Schedule(
      `${this.name} times ${other.name}`,
      (step, steps) => this.at(step, steps) * other.at(step, steps),
    );
  }

  /**
   * A linear rise in front: from `from` of where this one begins, over so many steps; then this one over the rest.
   * @param rise steps; no more than there are
   * @param from share of the first step, in the place of which PyTorch's LinearLR has 1/3. Default 0.01
   */
  warmUp(rise: number, from = 0.01): Schedule {
    checkKind('Schedule.warmUp', 'rise', finite({ least: 0 }), rise);
    checkKind('Schedule.warmUp', 'from', finite({ least: 0 }), from);
    if (rise === 0) return this;
    return new Schedule(`${this.name} after a warm-up of ${rise} steps`, (step, steps) => {
      const risen = Math.min(rise, steps);
      if (step >= risen) return this.at(step - risen, steps - risen);
      return this.at(0, steps - risen) * (from + (1 - from) * (step / risen));
    });
  }
}

export const aSchedule = /* @__PURE__ */ instance(Schedule, 'a Schedule, such as cosine()');

/** @throws unless the value is a schedule */
export function checkSchedule(where: string, value: unknown): asserts value is Schedule {
  checkKind(where, 'schedule', aSchedule, value);
}
