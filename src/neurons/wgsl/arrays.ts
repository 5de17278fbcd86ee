// Which arrays a kernel reads and writes. A device binds few at once: what is too many is joined, kind by kind, and
// what does not fit then is left to another run of the same neuron.

/**
 * Kinds of what a kernel reads besides x: one of a layer or channel; of a neuron; of a neuron and step, the last two.
 */
export type ArrayKind = 'parameters' | 'planes' | 'states' | 'gradients';

export interface Arrangement {
  /** Kinds that lie one behind the other in one array. */
  readonly joined: ReadonlySet<ArrayKind>;
  /** What each run writes. */
  readonly runs: readonly (readonly string[])[];
}

/**
 * @param counts how many there are of each kind, in the order in which they are joined: the smallest first
 * @param writes names of what is to be written
 * @param room how many arrays may be bound besides x
 */
export function arrange(
  counts: readonly (readonly [ArrayKind, number])[],
  writes: readonly string[],
  room: number,
): Arrangement {
  const joined = new Set<ArrayKind>();
  const left = () => counts.reduce((sum, [kind, n]) => sum - (joined.has(kind) ? 1 : n), room);
  for (const [kind, n] of counts) if (n > 1 && left() < writes.length) joined.add(kind);
  const each = left();
  const runs = Array.from({ length: Math.ceil(writes.length / each) }, (_, i) =>
    writes.slice(i * each, (i + 1) * each),
  );
  return { joined, runs };
}
