// The vectors that test/interop/nir keeps: files as the tools wrote them, packed, with the spikes that the tools gave
// of their own networks, and a file with every kind of note that nir takes.
//
// usage: npm run exchange -- --only nir --vectors

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Corner } from './corners';
import { run } from './environment';
import { type NirCell, spikesIn } from './nir';
import { type Raster, shapeOf } from './ours';

const vectors = fileURLToPath(new URL('../../test/interop/nir/peers/', import.meta.url));

/** Spikes as a digit a neuron, a text a step. */
const packed = (spikes: Raster) => spikes.map((row) => row.flat(Number.POSITIVE_INFINITY).join(''));

/** @param folder with the files of a matrix */
export function keepVectors(
  python: string,
  folder: string,
  cells: readonly NirCell[],
  corners: readonly Corner[],
  versions: Readonly<Record<string, unknown>>,
): void {
  rmSync(vectors, { recursive: true, force: true });
  mkdirSync(vectors, { recursive: true });
  const keep = (name: string) => {
    const bytes = gzipSync(readFileSync(join(folder, `${name}.nir`)), { level: 9 });
    writeFileSync(join(vectors, `${basename(name)}.nir.gz`), bytes);
  };
  const { inputs } = JSON.parse(readFileSync(join(folder, 'written.json'), 'utf8')) as {
    inputs: Record<string, unknown>;
  };
  const spikes: Record<string, string[]> = {};
  for (const { exporter, network, own, convention } of cells) {
    const found = spikesIn(own);
    // what a file does not hold, no reader knows
    const isWhole = JSON.stringify(found) === JSON.stringify(spikesIn(convention));
    if (found === undefined || !isWhole || exporter === 'spikegrad') continue;
    keep(`${exporter}-${network}`);
    spikes[`${exporter}-${network}`] = packed(found);
  }
  run(python, 'odd.py', join(folder, 'odd.nir'));
  keep('odd');
  const kept = Object.fromEntries(
    corners.map(({ tool, file, input, values }) => {
      keep(`corners/${file}`);
      const whole = values.every((row) => row.every((value) => Number.isInteger(value) && value < 10));
      const each = whole
        ? packed(values)
        : values.map((row) => row.map((value) => Number(value.toPrecision(7))));
      return [file, { tool, shape: shapeOf(input).slice(1), input: packed(input), values: each }];
    }),
  );
  const content = { versions, inputs, spikes, corners: kept };
  writeFileSync(join(vectors, 'spikes.json'), `${JSON.stringify(content)}\n`);
}
