// What lies in a folder of results (Node only): the cells of every grid below it, and the gradients that were measured.

import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SpikegradError } from '../../errors';
import { type CellRecord, cellName } from '../cell';
import { parseCell } from '../cell/parse';
import { type NamedStudy, parseStudy } from '../claims/studies';

export interface Results {
  readonly cells: readonly CellRecord[];
  readonly studies: readonly NamedStudy[];
}

/** Folders that hold no records: weights of runs, and what is made of records. */
const PASSED_OVER = ['runs', 'arms', 'node_modules'];
const DEEPEST = 4;

/** @throws where there is no such folder, naming a record that cannot be read */
export async function readResults(folder: string): Promise<Results> {
  const found = await filesUnder(folder, 0).catch((cause: NodeJS.ErrnoException) => {
    throw new SpikegradError(
      'claims',
      `cannot read ${folder}: ${cause.message}; --results is the folder of a grid of paper table1, or of several`,
      { cause },
    );
  });
  const cells = new Map<string, CellRecord>();
  for (const file of found.filter((path) => /[/\\]cells[/\\][^/\\]+\.json$/.test(path))) {
    const record = parseCell(await readFile(file, 'utf8'), file);
    // a cell that two grids share counts once
    const key = `${cellName(record.settings)} ${record.environment.build} ${record.images.content}`;
    if (!cells.has(key)) cells.set(key, record);
  }
  const studies: NamedStudy[] = [];
  for (const file of found.filter((path) => /[/\\]gradients\.json$/.test(path)))
    studies.push(parseStudy(await readFile(file, 'utf8'), relative(folder, file)));
  return { cells: [...cells.values()], studies };
}

async function filesUnder(folder: string, depth: number): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && depth < DEEPEST && !PASSED_OVER.includes(entry.name))
      found.push(...(await filesUnder(path, depth + 1)));
  }
  return found;
}
