// The training step in the hard-wired prototype, a built copy of which lies in the folder SPIKEGRAD_PROTOTYPE. Same
// network and batch, weights of its own.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve, timed } from '../protocol.ts';
import { imageBatch } from '../work/images.ts';

async function prepare({ threads, batch, timesteps }) {
  const path = join(resolve(process.env.SPIKEGRAD_PROTOTYPE ?? ''), 'parallel.mjs');
  if (process.env.SPIKEGRAD_PROTOTYPE === undefined || !existsSync(path)) {
    throw new Error('SPIKEGRAD_PROTOTYPE names no built copy of the prototype');
  }
  const { start } = await import(pathToFileURL(path).href);
  const engine = await start({ threads, N: batch, T: timesteps });
  const { images, labels, source } = await imageBatch(batch);
  engine.setBatch(images, Uint32Array.from(labels));
  const once = () => engine.step(0.05, 0.9);
  return {
    facts: { node: process.version, threads, images: source },
    run: (n) => timed(n, once),
  };
}

await serve(prepare);
