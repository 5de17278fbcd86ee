// Which build of spikegrad this is: its version with a hash of its kernels, since two builds of one version may compute
// other bits.

import { createHash } from 'node:crypto';
import { version } from '../../package.json';

/** `0.1.0+4b99c155dc24`. */
export async function buildName(): Promise<string> {
  const { plain, relaxed } = await import('../backends/wasm/generated/kernels');
  return `${version}+${createHash('sha256').update(plain).update(relaxed).digest('hex').slice(0, 12)}`;
}
