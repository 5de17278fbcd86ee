// The peers: what each is, how it is installed, and where the Python that runs it comes from.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

export interface Peer {
  /** As `--peer` and python/peer_….py have it. */
  readonly key: string;
  readonly name: string;
  /** Draws for each law; Brian2 builds a run anew for each. */
  readonly runs: number;
  /** Exact versions for pip. */
  readonly packages: readonly string[];
}

const torch = ['torch==2.15.0', 'numpy==2.4.6'];

export const PEERS: readonly Peer[] = [
  { key: 'snntorch', name: 'snnTorch', runs: 30, packages: [...torch, 'snntorch==1.0.0'] },
  { key: 'spikingjelly', name: 'SpikingJelly', runs: 20, packages: [...torch, 'spikingjelly==2.0.0'] },
  { key: 'norse', name: 'Norse', runs: 30, packages: [...torch, 'norse==1.1.0'] },
  { key: 'sinabs', name: 'Sinabs', runs: 30, packages: [...torch, 'sinabs==3.1.3'] },
  { key: 'brian2', name: 'Brian2', runs: 12, packages: ['brian2==2.9.0', 'numpy==2.3.5'] },
];

/** An environment of the peer's own under .cache, made when it is first asked for. */
export function pythonOf({ key, packages }: Peer): string {
  const folder = `.cache/laws/${key}`;
  const python = `${folder}/bin/python`;
  // pip's last act: a folder without it was left half made
  const done = `${folder}/${packages.join(' ')}`;
  if (existsSync(done)) return python;
  console.error(`${folder}: pip install ${packages.join(' ')}`);
  mkdirSync('.cache/laws', { recursive: true });
  execFileSync('python3', ['-m', 'venv', '--clear', folder], { stdio: 'inherit' });
  execFileSync(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...packages], {
    stdio: 'inherit',
  });
  mkdirSync(done);
  return python;
}
