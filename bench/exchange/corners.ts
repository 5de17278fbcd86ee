// Corners of NIR: networks that the matrix does not have, each written by its tool and run here by the tool's
// convention, value for value.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NirConvention } from '../../src/interop/nir';
import { run } from './environment';
import { readOurs } from './ours';

/** A network as its tool wrote and ran it. */
export interface Corner {
  readonly tool: NirConvention;
  readonly name: string;
  readonly file: string;
  /** [T,…], channels first. */
  readonly input: never;
  /** [T,K]: spikes, or membranes of a read-out. */
  readonly values: readonly (readonly number[])[];
}

/** A row of the table. */
export interface CornerRow {
  readonly tool: string;
  readonly name: string;
  /** Of all values there. */
  readonly sum: number;
  /** The largest difference of a value, or why it does not run here. */
  readonly off: number | string;
}

export async function cornersTable(python: string, folder: string) {
  mkdirSync(folder, { recursive: true });
  run(python, 'corners.py', folder);
  const corners = JSON.parse(readFileSync(join(folder, 'corners.json'), 'utf8')) as Corner[];
  const rows = await Promise.all(
    corners.map(async ({ tool, name, file, input, values }): Promise<CornerRow> => {
      const told = await readOurs(join(folder, `${file}.nir`), input, { convention: tool });
      const wanted = values.flat();
      const sum = wanted.reduce((all, value) => all + Math.abs(value), 0);
      if ('error' in told) return { tool, name, sum, off: told.error };
      const given = told.spikes.flat();
      return { tool, name, sum, off: Math.max(...wanted.map((value, i) => Math.abs(value - given[i]!))) };
    }),
  );
  return { corners, rows };
}
