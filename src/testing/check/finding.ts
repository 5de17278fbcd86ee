// What one check of a backend finds, and the errors that it makes of what does not hold.

import type { Backend } from '../../backends/backend';
import { check, SpikegradError } from '../../errors';
import type { ConformanceCase } from '../probe';

/** What does not hold on this machine is `fails`; what this machine or backend gives no way to try is `not tried`. */
export type Verdict = 'holds' | 'fails' | 'not tried';

/** What a check says when it has not thrown. */
export interface Finding {
  readonly verdict: Exclude<Verdict, 'fails'>;
  readonly found: string;
}

export const holds = (found: string): Finding => ({ verdict: 'holds', found });
export const notTried = (found: string): Finding => ({ verdict: 'not tried', found });

/** Made anew with other threads or less memory. */
export interface Remade {
  readonly threads?: number;
  /** Bytes that it may take. */
  readonly memoryLimit?: number;
}

/** What the checks work with. */
export interface CheckedBackend {
  readonly backend: Backend;
  readonly reference: Backend;
  /** How to make the same backend with other settings, where there is a way. */
  readonly remake: ((setting: Remade) => Backend | Promise<Backend>) | undefined;
  readonly threads: readonly number[];
  /** Why there is one thread alone here, where that is so. */
  readonly noThreads: string | undefined;
}

/**
 * Runs all cases against the reference.
 * @throws after all of them, with the first difference and the kernels that have one
 */
export async function againstReference(
  cases: readonly ConformanceCase[],
  { reference, backend }: Pick<CheckedBackend, 'reference' | 'backend'>,
): Promise<void> {
  const failed = new Map<string, string>();
  for (const { kernel, run } of cases) {
    try {
      await run(reference, backend);
    } catch (error) {
      if (!failed.has(kernel)) failed.set(kernel, wordsOf(error));
    }
  }
  const [first, ...more] = failed.values();
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and wrong too: ${[...failed.keys()].slice(1).join(', ')})`;
  throw new SpikegradError('checkBackend', `${first}${others}`);
}

export function wordsOf(error: unknown): string {
  if (error instanceof SpikegradError && error.where === 'checkBackend') return error.problem;
  return error instanceof Error ? error.message : String(error);
}

/** @throws where two outcomes of the same work are not the same bits */
export function checkSameBits(
  where: string,
  first: Readonly<Record<string, ArrayLike<number>>>,
  second: Readonly<Record<string, ArrayLike<number>>>,
): void {
  for (const [part, numbers] of Object.entries(first)) {
    const others = second[part]!;
    const at = Array.from(numbers).findIndex((value, i) => !Object.is(value, others[i]));
    check(at < 0, where, () => `${part}[${at}] was ${numbers[at]} and then ${others[at]}`);
  }
}

/** Ends a backend that was made for a check, where it has an end. */
export function close(backend: Backend): void {
  if ('close' in backend && typeof backend.close === 'function') backend.close();
}

/** Bytes in use, where a backend tells. */
export function memoryOf(backend: Backend): { used: number; limit: number | undefined } | undefined {
  if (!('memory' in backend) || typeof backend.memory !== 'function') return undefined;
  const { used, limit } = backend.memory() as { used?: unknown; limit?: unknown };
  return typeof used === 'number'
    ? { used, limit: typeof limit === 'number' ? limit : undefined }
    : undefined;
}
