// Which buffers live, over all backends: those that a tensor or the tape holds. core/storage.ts enters and strikes them
// out; here they are counted, for `memory()` and for whoever runs out.

import type { Handle } from './backend';

/** Each buffer once, however many tensors read it. */
export const live = new Set<Handle>();

/** Bytes that these buffers hold now, and those that they are still to be computed from. */
export function bytesHeldBy(handles: Iterable<Handle>): number {
  const found = new Set(handles);
  let bytes = 0;
  for (const handle of found) {
    bytes += handle.bytes;
    for (const source of handle.sources ?? []) found.add(source); // which this loop comes to as well
  }
  return bytes;
}
