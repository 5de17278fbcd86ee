// The errors that the download files share: stopped by the caller, a disk that refuses, and the reason inside an error
// of fetch. No policy: who retries what is decided in fetch.ts.

import { diskWords, errorCode } from '../../../disk/errors';
import { SpikegradError } from '../../../errors';
import { WHERE } from '../sources';

/** The caller's signal fired. The signal's reason is the cause, so that callers can tell a stop from a failure. */
export function stopped(signal: AbortSignal, kept: string): SpikegradError {
  return new SpikegradError(WHERE, `stopped; ${kept}`, { cause: signal.reason });
}

/** Throws {@link stopped} once the signal has fired. */
export function throwIfStopped(signal: AbortSignal | undefined, kept: string): void {
  if (signal?.aborted) throw stopped(signal, kept);
}

/**
 * What to throw for a failure while writing: a full disk and every other error of the file system become a
 * {@link SpikegradError} that says what was kept; any other error stays itself.
 */
export function diskError(error: unknown, path: string, kept: string): unknown {
  const code = errorCode(error);
  if (
    error instanceof SpikegradError ||
    code === undefined ||
    !(error instanceof Error && 'syscall' in error)
  )
    return error;
  const problem =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? `no space is left on the disk for ${path} (${code}); ${kept}, so free some space and run it again`
      : `the file system refuses ${path}: ${diskWords(error) ?? error.message}; ${kept}`;
  return new SpikegradError(WHERE, problem, { cause: error });
}

/** The innermost reason of an error of fetch, which itself only says "fetch failed". */
export function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  return inner.message || errorCode(inner) || inner.name;
}
