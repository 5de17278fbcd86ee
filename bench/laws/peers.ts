// The peers: what each is, and where the Python that runs it comes from.

import { fileURLToPath } from 'node:url';
import { pythonOf as exchangePython } from '../exchange/environment';
import { environment } from '../python';

export interface Peer {
  /** As `--peer` and python/peer_….py have it. */
  readonly key: string;
  readonly name: string;
  /** Draws for each law; Brian2 builds a run anew for each. */
  readonly runs: number;
}

export const PEERS: readonly Peer[] = [
  { key: 'snntorch', name: 'snnTorch', runs: 60 },
  { key: 'spikingjelly', name: 'SpikingJelly', runs: 60 },
  { key: 'norse', name: 'Norse', runs: 60 },
  { key: 'sinabs', name: 'Sinabs', runs: 60 },
  { key: 'brian2', name: 'Brian2', runs: 30 },
];

const folder = fileURLToPath(new URL('./python/', import.meta.url));

/** The file with a peer's neurons. */
export const scriptOf = (key: string): string => `${folder}peer_${key}.py`;

/**
 * An environment with all peers, made when it is first asked for: upon that of `npm run exchange`, which has PyTorch.
 * Sinabs asks for a nir of its own, which its neurons have no use for.
 */
export const pythonOf = (): string =>
  environment({
    name: 'laws',
    requirements: `${folder}requirements.txt`,
    withoutTheirs: ['sinabs==3.1.3'],
    upon: exchangePython(undefined),
  });
