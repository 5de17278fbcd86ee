// Two builds of spikegrad in turn: in every alternation each of them works in a process of its own that is started for
// it, so that what a process is born with (where its memory lies, what its compiler guessed) varies like all else and
// the ratios are independent. Within an alternation the two take short turns. Which goes first alternates too. What
// counts is processor time, user and system, of all threads: other programs take the clock's time, and hardly this.

import { Absent, Entrant, type EntrantPlan } from './entrant';
import { foreign, QUIET, usage } from './load';
import type { Facts } from './protocol';
import { checkSameWork } from './round-robin';
import { type Interval, median, medianInterval } from './statistics';
import { isOver, type Verdict, verdict } from './stopping';

/** How each side is started: the entrant's program, made for its build. */
export interface Sides {
  readonly ours: string;
  readonly baseline: string;
}

export interface Conditions {
  /** Seconds for one comparison. */
  readonly budget: number;
  /** Counts alternations in which other programs were at work as well. */
  readonly underLoad: boolean;
  tell(line: string): void;
}

export interface BuildOutcome {
  readonly verdict: Verdict;
  /** Processor time of the baseline over ours, above 1 where ours needs less: the median of all alternations. */
  readonly interval: Interval;
  readonly ratios: readonly number[];
  /** Medians of processor time in milliseconds for one unit. */
  readonly milliseconds: { readonly ours: number; readonly baseline: number };
  /** Alternations that do not count, since other programs were at work. */
  readonly disturbed: number;
  /** Processors that other programs kept busy in the meantime, the median. */
  readonly foreign: number;
  readonly seconds: number;
  readonly facts: { readonly ours: Facts; readonly baseline: Facts };
}

/** One side in an alternation. Milliseconds of processor time. */
interface Side {
  /** For one unit. */
  readonly counted: number;
  readonly lifetime: number;
  readonly facts: Facts;
}

/** Turns of each side in an alternation, and the part of a burst that each of them is. */
const TURNS = 12;
const PART = 1 / 4;

function start(plan: EntrantPlan, sides: Sides, side: keyof Sides): Promise<Entrant> {
  return Entrant.start({ ...plan, command: [process.execPath, sides[side]] }).catch((error) => {
    throw error instanceof Absent ? new Absent(`${side}: ${error.message}`) : error;
  });
}

/** What counts is the whole life of a process: each does its work alone. */
async function lives(plan: EntrantPlan, sides: Sides, order: readonly (keyof Sides)[]): Promise<Side[]> {
  const found: Side[] = [];
  for (const side of order) {
    const entrant = await start(plan, sides, side);
    try {
      const { lifetime } = await entrant.work(plan.repetitions);
      const counted = lifetime / (plan.units * plan.repetitions);
      found.push({ counted, lifetime, facts: entrant.facts });
    } finally {
      entrant.stop();
    }
  }
  return found;
}

/**
 * Both processes live side by side, warmed up, and work in short turns in the order ABBA ABBA: what neighbours and
 * clocks do within seconds falls on both alike.
 */
async function turns(plan: EntrantPlan, sides: Sides, order: readonly (keyof Sides)[]): Promise<Side[]> {
  const entrants: Entrant[] = [];
  try {
    for (const side of order) entrants.push(await start(plan, sides, side));
    const repetitions = Math.ceil(plan.repetitions * PART);
    const spent = entrants.map(() => ({ processor: 0, lifetime: 0, milliseconds: [] as number[] }));
    for (let turn = 0; turn < 2 * TURNS; turn++) {
      const which = ((turn + 1) >> 1) % 2;
      const { processor, lifetime, milliseconds } = await entrants[which]!.work(repetitions);
      spent[which]!.processor += processor;
      spent[which]!.lifetime = lifetime;
      spent[which]!.milliseconds.push(...milliseconds);
    }
    const all = repetitions * TURNS;
    return entrants.map(({ facts }, side) => {
      const { processor, lifetime, milliseconds } = spent[side]!;
      const once = plan.counts === 'measured' ? median(milliseconds) : processor / all;
      return { counted: once / plan.units, lifetime, facts };
    });
  } finally {
    for (const entrant of entrants) entrant.stop();
  }
}

interface Alternation {
  readonly ours: Side;
  readonly baseline: Side;
  /** Busy processors besides. */
  readonly foreign: number;
}

async function alternate(plan: EntrantPlan, sides: Sides, oursFirst: boolean): Promise<Alternation> {
  const before = usage();
  const begun = process.cpuUsage();
  const order = oursFirst ? (['ours', 'baseline'] as const) : (['baseline', 'ours'] as const);
  const [first, second] = await (plan.counts === 'whole' ? lives : turns)(plan, sides, order);
  const { user, system } = process.cpuUsage(begun);
  const own = (first!.lifetime + second!.lifetime) / 1e3 + (user + system) / 1e6;
  const [ours, baseline] = oursFirst ? [first!, second!] : [second!, first!];
  return { ours, baseline, foreign: foreign(before, usage(), own) };
}

/**
 * @throws Absent when a side fails, or the two compute something else
 */
export async function compareBuilds(
  name: string,
  plan: EntrantPlan,
  sides: Sides,
  { budget, underLoad, tell }: Conditions,
): Promise<BuildOutcome> {
  const begun = performance.now();
  const all: Alternation[] = [];
  const counted: Alternation[] = [];
  const ratios: number[] = [];
  for (;;) {
    const one = await alternate(plan, sides, all.length % 2 === 0);
    checkSameWork(one.baseline.facts, one.ours.facts);
    all.push(one);
    if (underLoad || one.foreign <= QUIET) {
      counted.push(one);
      ratios.push(one.baseline.counted / one.ours.counted);
    }
    const interval = medianInterval(ratios);
    const seconds = (performance.now() - begun) / 1e3;
    const alternations = ratios.length;
    tell(`${name}: ${alternations} alternations, ${Math.round(seconds)} s, ${intervalText(interval)}`);
    if (!isOver({ alternations, interval, seconds }, budget)) continue;
    const middle = (of: (one: Alternation) => number) => median(counted.map(of));
    return {
      verdict: verdict(alternations, interval),
      interval,
      ratios,
      milliseconds: {
        ours: middle(({ ours }) => ours.counted),
        baseline: middle(({ baseline }) => baseline.counted),
      },
      disturbed: all.length - counted.length,
      foreign: median(all.map((one) => one.foreign)),
      seconds,
      facts: { ours: one.ours.facts, baseline: one.baseline.facts },
    };
  }
}

/** `x1.013 (1.004 .. 1.021)` */
export function intervalText({ median, low, high }: Interval): string {
  const digits = (value: number) => (Number.isFinite(value) ? value.toFixed(3) : '?');
  return `x${digits(median)} (${digits(low)} .. ${digits(high)})`;
}
