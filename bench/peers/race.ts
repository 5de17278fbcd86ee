// Several sides of one piece of work in turn, each a process that stays: in every round each works for one burst, and
// the next round begins with another. What counts is processor time, and told is the median of the rounds' ratios
// with its interval.

import { Absent, Entrant, type EntrantPlan } from './entrant';
import type { Facts } from './protocol';
import { type Interval, median, medianInterval } from './statistics';
import { FEWEST, isOver } from './stopping';

export interface Race {
  readonly name: string;
  readonly title: string;
  /** Our own side, in each layout that is told of. */
  readonly ours: readonly EntrantPlan[];
  readonly peers: readonly EntrantPlan[];
}

/** Of one side: milliseconds of processor time, the median of its bursts for one unit. */
export interface Runner {
  readonly name: string;
  readonly facts: Facts;
  readonly milliseconds: number;
}

/** A peer beside one of our sides. */
export interface Lead {
  readonly ours: Runner;
  readonly peer: Runner;
  /** The peer's time over ours. */
  readonly ratio: Interval;
}

export interface RaceOutcome {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly leads: readonly Lead[];
  readonly absent: readonly { readonly name: string; readonly why: string }[];
}

/**
 * What sides must agree on, and how far they may be from each other: last bits flip a spike here and there, which moves
 * a mean by less than the loss of a few images.
 */
const SAME = { rate: 1e-3, gradient: 1e-3, sum: 1e-4, firstLoss: 1e-2, secondLoss: 1e-2 } as const;

/** @throws Absent when a peer computes something else */
export function checkSame(theirs: Facts, ours: Facts): void {
  for (const [fact, tolerance] of Object.entries(SAME)) {
    const [a, b] = [theirs[fact], ours[fact]];
    if (a !== undefined && b !== undefined && !(Math.abs(Number(a) / Number(b) - 1) < tolerance))
      throw new Absent(`it does other work: its ${fact} is ${a}, ours ${b}`);
  }
}

interface Side {
  readonly entrant: Entrant;
  readonly isOurs: boolean;
  readonly times: number[];
}

/** @param budget seconds after which it ends in any case, warm-ups not among them */
export async function run(
  { name, title, ours, peers }: Race,
  budget: number,
  tell: (line: string) => void,
): Promise<RaceOutcome> {
  const sides: Side[] = [];
  const absent: { name: string; why: string }[] = [];
  try {
    for (const plan of [...ours, ...peers]) {
      tell(`${name}: ${plan.name} warms up`);
      try {
        const entrant = await Entrant.start(plan);
        sides.push({ entrant, isOurs: ours.includes(plan), times: [] });
        checkSame(entrant.facts, sides[0]!.entrant.facts);
      } catch (error) {
        if (!(error instanceof Absent) || ours.includes(plan)) throw error;
        absent.push({ name: plan.name, why: error.message });
      }
    }
    const others = sides.filter(
      ({ isOurs, entrant }) => isOurs || absent.every((a) => a.name !== entrant.plan.name),
    );
    const leads = (): Lead[] =>
      others
        .filter(({ isOurs }) => !isOurs)
        .flatMap((peer) => others.filter(({ isOurs }) => isOurs).map((own) => leadOf(own, peer)));
    const begun = performance.now();
    for (let round = 0; ; round++) {
      for (let turn = 0; turn < others.length; turn++) {
        const { entrant, times } = others[(turn + round) % others.length]!;
        const { repetitions, units } = entrant.plan;
        times.push((await entrant.work(repetitions)).processor / (repetitions * units));
      }
      const alternations = round + 1;
      const seconds = (performance.now() - begun) / 1e3;
      tell(`${name}: round ${alternations}, ${Math.round(seconds)} s`);
      const isDone = ({ ratio: interval }: Lead) => isOver({ alternations, interval, seconds }, budget);
      if (alternations >= FEWEST || seconds > budget) {
        const all = leads();
        if (all.every(isDone)) return { name, title, rounds: alternations, leads: all, absent };
      }
    }
  } finally {
    for (const { entrant } of sides) entrant.stop();
  }
}

function leadOf(ours: Side, peer: Side): Lead {
  const runner = ({ entrant, times }: Side): Runner => ({
    name: entrant.plan.name,
    facts: entrant.facts,
    milliseconds: median(times),
  });
  const ratio = medianInterval(peer.times.map((time, i) => time / ours.times[i]!));
  return { ours: runner(ours), peer: runner(peer), ratio };
}
