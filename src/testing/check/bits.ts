// The same work gives the same bits: twice on one backend, whatever was computed in between, and on any number of
// threads.

import { check } from '../../errors';
import { sizedCases } from '../cases/sized';
import type { ConformanceCase } from '../probe';
import {
  againstReference,
  type CheckedBackend,
  checkSameBits,
  close,
  type Finding,
  holds,
  notTried,
} from './finding';

/** Long enough for the parts of several threads. */
const LONG = 33_021;

/** @param cases small ones; long ones are added */
export async function checkDeterminism(
  { backend }: CheckedBackend,
  cases: readonly ConformanceCase[],
): Promise<Finding> {
  // long sums are where parts meet in whatever order
  const work = [
    ...cases.map((one) => [one, 2] as const),
    ...sizedCases(LONG).map((one) => [one, 3] as const),
  ];
  for (const [{ kernel, name, measure }, times] of work) {
    const first = await measure(backend);
    for (let time = 1; time < times; time++) {
      // other addresses, other numbers in what is free
      const between = backend.full(997 * time, time);
      const again = await measure(backend);
      backend.free(between);
      checkSameBits(`${kernel} (${name}), run again`, first, again);
    }
  }
  return holds(`${work.length} kernels gave the same bits again`);
}

/** Whether the parts of large work are all done, and whether the number of threads shows in the numbers. */
export async function checkThreads(subject: CheckedBackend): Promise<Finding> {
  const { backend, remake, threads, noThreads } = subject;
  const cases = sizedCases(LONG);
  await againstReference(cases, subject);
  const own = 'threads' in backend && typeof backend.threads === 'number' ? backend.threads : 1;
  if (noThreads !== undefined) return notTried(`large work is right; ${noThreads}`);
  if (remake === undefined) {
    if (own === 1)
      return notTried('large work is right; one thread, and no way to make the backend with more');
    return holds(`large work is right on ${own} threads; no way to make the backend with others`);
  }
  const others = threads.filter((one) => one !== own);
  const first: Awaited<ReturnType<ConformanceCase['measure']>>[] = [];
  for (const { measure } of cases) first.push(await measure(backend));
  for (const count of others) {
    const other = await remake({ threads: count });
    try {
      const got = 'threads' in other ? other.threads : count;
      check(got === count, 'threads', () => `asked for ${count}, the backend has ${got}`);
      for (const [i, { kernel, name, measure }] of cases.entries())
        checkSameBits(
          `${kernel} (${name}) on ${own} and on ${count} threads`,
          first[i]!,
          await measure(other),
        );
    } finally {
      close(other);
    }
  }
  return holds(`large work is right, and the same bits on ${[own, ...others].join(', ')} threads`);
}
