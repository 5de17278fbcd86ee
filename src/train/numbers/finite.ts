// Whether a tensor's numbers are all finite, asked of the backend as few numbers:
//
//   Σ 0·x = 0 where every x is finite, NaN otherwise, since 0·∞ and 0·NaN are NaN and a sum of zeros cannot overflow.
//
// So nothing large is kept or read back, and a device is waited for once for many tensors. Each channel (last axis)
// has a sum of its own: columns are what backends add up fast.

import { scope } from '../../core/scope';
import { noGrad } from '../../core/tape';
import type { Tensor } from '../../core/tensor';
import { mul } from '../../ops/arithmetic';
import { sum } from '../../ops/reduce';

/** Σ 0·x of the numbers as they are now, to be read later and disposed of; undefined for spikes, which are finite. */
export function finiteProbe(x: Tensor): Tensor | undefined {
  if (x.isSpikes) return undefined;
  const rows = x.shape.length > 1 ? x.shape.slice(0, -1).map((_, axis) => axis) : undefined;
  return noGrad(() => scope(() => sum(mul(x, 0), rows))).keep();
}

/** What each probe found: true for finite. */
export async function readProbes(probes: readonly (Tensor | undefined)[]): Promise<boolean[]> {
  return Promise.all(
    probes.map(async (probe) => probe === undefined || (await probe.data()).every((total) => total === 0)),
  );
}

/** The name of the first tensor that holds a number that is not finite, if any does. */
export async function firstNonFinite(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>,
): Promise<string | undefined> {
  const named = [...tensors];
  const probes = named.map(([, tensor]) => finiteProbe(tensor));
  try {
    const finite = await readProbes(probes);
    return named.find((_, i) => !finite[i])?.[0];
  } finally {
    for (const probe of probes) probe?.dispose();
  }
}
