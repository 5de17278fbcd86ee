// Interleaved measuring: in every round each entrant works for one short burst, and the next round begins with
// another of them, so that neighbours on the machine, clock and temperature fall on all alike.

import { Absent, Entrant, type EntrantPlan } from './entrant';
import type { Facts } from './protocol';
import { median, type Ratio, speedup } from './statistics';

export interface Comparison {
  /** In short, for records and progress. */
  readonly name: string;
  readonly title: string;
  /** What a time is for: an image, a call. */
  readonly unit: string;
  /** 10⁹ operations in a unit, where a rate is of interest. */
  readonly gigaflop?: number;
  readonly ours: EntrantPlan;
  readonly peers: readonly EntrantPlan[];
}

/** Of one entrant. */
export interface Measured {
  readonly name: string;
  readonly facts: Facts;
  /** Median of every round's burst, milliseconds for one unit. */
  readonly rounds: readonly number[];
  readonly milliseconds: number;
}

export interface Outcome {
  readonly comparison: Comparison;
  readonly ours: Measured;
  readonly peers: readonly (Measured & { readonly speedup: Ratio })[];
  readonly absent: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Another order of summation can flip a spike, and then the loss of an image moves by 5e-3; where none flips, by
 * 1e-7. Other weights move it by 3e-2.
 */
const TOLERANCE = 1e-2;

/** @throws Absent when both started from the same weights and computed another loss */
export function checkSameWork({ lossOfFirstImage: theirs }: Facts, { lossOfFirstImage: ours }: Facts): void {
  if (theirs === undefined || ours === undefined) return;
  if (Math.abs(Number(theirs) - Number(ours)) > TOLERANCE) {
    throw new Absent(`it does other work: its loss of the first image is ${theirs}, ours ${ours}`);
  }
}

/** An entrant at work. */
interface Side {
  readonly entrant: Entrant;
  readonly times: number[];
}

/**
 * Runs a comparison. A peer that is missing or breaks down is left out and named.
 * @param tell progress, a line at a time
 * @throws Absent when our own side fails
 */
export async function compare(
  comparison: Comparison,
  rounds: number,
  tell: (line: string) => void,
): Promise<Outcome> {
  const sides: Side[] = [];
  const absent: { name: string; why: string }[] = [];
  /** Runs `work`; a peer that fails in it is out. */
  const attempt = async (plan: EntrantPlan, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Absent) || plan === comparison.ours) throw error;
      absent.push({ name: plan.name, why: error.message });
    }
  };
  try {
    for (const plan of [comparison.ours, ...comparison.peers]) {
      tell(`${comparison.name}: ${plan.name} warms up`);
      await attempt(plan, async () => {
        const entrant = await Entrant.start(plan);
        sides.push({ entrant, times: [] });
        checkSameWork(entrant.facts, sides[0]!.entrant.facts);
      });
    }
    for (let round = 0; round < rounds; round++) {
      tell(`${comparison.name}: round ${round + 1} of ${rounds}`);
      for (let turn = 0; turn < sides.length; turn++) {
        const { entrant, times } = sides[(turn + round) % sides.length]!;
        const { plan } = entrant;
        const out = round >= (plan.rounds ?? rounds) || absent.some(({ name }) => name === plan.name);
        if (out) continue;
        await attempt(plan, async () => {
          times.push(median(await entrant.burst(plan.repetitions)));
        });
      }
    }
    const [ours, ...peers] = sides
      .filter(({ times }) => times.length > 0)
      .map(({ entrant: { plan, facts }, times }): Measured => {
        return { name: plan.name, facts, rounds: times, milliseconds: median(times) };
      });
    return {
      comparison,
      ours: ours!,
      peers: peers.map((peer) => ({ ...peer, speedup: speedup(peer.rounds, ours!.rounds) })),
      absent,
    };
  } finally {
    for (const { entrant } of sides) entrant.stop();
  }
}
