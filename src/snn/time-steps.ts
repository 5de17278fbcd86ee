// How many times a network repeats its images: read, and changed between batches. Weights do not depend on it.

import { check } from '../errors';
import type { Module } from '../nn/module';
import { Direct } from './encoder';

const repeaters = (network: Module): Direct[] =>
  [...network.modules()].map(([, module]) => module).filter((module) => module instanceof Direct);

/** T of a network of images; undefined where nothing in it repeats them. */
export function timestepsOf(network: Module): number | undefined {
  return repeaters(network)[0]?.timesteps;
}

/** @throws where nothing in the network repeats images: recordings bring their time steps */
export function setTimesteps(where: string, network: Module, timesteps: number): void {
  const all = repeaters(network);
  check(
    all.length > 0,
    where,
    'nothing in the network repeats images over time (new Direct(T)), so that phases cannot change its time steps',
  );
  for (const one of all) one.timesteps = timesteps;
}
