// A grid's folder on disk (Node only): `cells/` with a record of each finished cell, `runs/` with the run folders,
// and the table made of them. Records are small; runs can be kept elsewhere, or thrown away.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeError } from '../../disk/errors';
import { makeFolder } from '../../disk/folders';
import { sweep } from '../../disk/temporary';
import { writeAtomically } from '../../disk/write';
import { check, SpikegradError } from '../../errors';
import type { RunSettings } from '../../train';
import { type CellRecord, cellName } from '../cell';
import { parseCell } from '../cell/parse';
import { rateStudies } from '../rates';
import type { Condition } from '../table1';
import { table1Csv, table1Json, table1Markdown } from '../table1/files';
import { table1Report } from '../table1/report';
import { refuseForeign } from './ours';

export const GRID_FILES = {
  markdown: 'table1.md',
  csv: 'table1.csv',
  json: 'table1.json',
  report: 'table1.html',
} as const;

export class GridFolder {
  readonly #cells: string;

  /** @param runs where the run folders are; default `runs` in the grid's folder */
  constructor(
    readonly path: string,
    readonly runs = join(path, 'runs'),
  ) {
    this.#cells = join(path, 'cells');
  }

  /** Every finished cell. What killed processes left half written goes. @throws naming a file that is none */
  async cells(): Promise<CellRecord[]> {
    await this.#sweep();
    const names = await readdir(this.#cells).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return [];
      throw new SpikegradError('GridFolder', `cannot read ${this.#cells}: ${cause.message}`, { cause });
    });
    return Promise.all(
      names
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => this.#cell(name)),
    );
  }

  /** The name is checked so that no cell counts twice. */
  async #cell(fileName: string): Promise<CellRecord> {
    const file = join(this.#cells, fileName);
    const record = parseCell(await readFile(file, 'utf8'), file);
    const name = cellName(record.settings);
    check(
      fileName === `${name}.json`,
      'GridFolder',
      () => `${file} holds the cell ${name}, which belongs into a file of that name`,
    );
    return record;
  }

  /** The folder of a cell's run. */
  runPath(settings: RunSettings): string {
    return join(this.runs, cellName(settings));
  }

  /** The file of a finished cell's record. */
  recordPath(settings: RunSettings): string {
    return join(this.#cells, `${cellName(settings)}.json`);
  }

  /** @throws for a record that could not be read again */
  async keep(cell: CellRecord): Promise<void> {
    const text = `${JSON.stringify(cell, null, 1)}\n`;
    parseCell(text, cellName(cell.settings));
    await this.#write(this.recordPath(cell.settings), text);
  }

  /** Ask before long work. @throws naming a file in the table's place that is none of ours */
  checkTable(): Promise<void> {
    return refuseForeign(Object.values(GRID_FILES).map((name) => join(this.path, name)));
  }

  /** @param cells those of the conditions, from which the table of learning rates is made */
  async writeTable(conditions: readonly Condition[], cells: readonly CellRecord[]): Promise<void> {
    await this.checkTable();
    const studies = rateStudies(cells);
    const file = (name: keyof typeof GRID_FILES) => join(this.path, GRID_FILES[name]);
    await this.#write(file('markdown'), table1Markdown(conditions, studies));
    await this.#write(file('csv'), table1Csv(conditions));
    await this.#write(file('json'), table1Json(conditions));
    await this.#write(file('report'), table1Report(conditions, studies));
  }

  async #sweep(): Promise<void> {
    const runs = await readdir(this.runs).catch(() => []);
    for (const folder of [this.path, this.#cells, ...runs.map((name) => join(this.runs, name))])
      await sweep(folder);
  }

  async #write(file: string, content: string): Promise<void> {
    const folder = join(file, '..');
    await makeFolder(folder).catch((cause: unknown) => {
      throw writeError('GridFolder', folder, cause);
    });
    await writeAtomically(file, content);
  }
}
