import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { armName } from '../../src/paper/arm';
import { cellName } from '../../src/paper/cell';
import { GRID_FILES, GridFolder } from '../../src/paper/node/store';
import { PUBLISHED_ACCURACIES, publishedAccuracy } from '../../src/paper/published';
import { table1 } from '../../src/paper/table1';
import { table1Csv, table1Json, table1Markdown } from '../../src/paper/table1/files';
import { table1Report } from '../../src/paper/table1/report';
import { rowsWords, verdicts } from '../../src/paper/table1/words';
import { cell, SETTINGS } from '../support/records';

/** Arm 3 is ahead by 1, 2 and 3 points on the seeds 0, 1 and 2; seed 9 has no pair. */
const cells = [
  cell({ seed: 0 }, 0.5, 60),
  cell({ seed: 1 }, 0.6, 120),
  cell({ seed: 2 }, 0.7, 180),
  cell({ seed: 1, mpr: 3 }, 0.62),
  cell({ seed: 0, mpr: 3 }, 0.51),
  cell({ seed: 2, mpr: 3 }, 0.73),
  cell({ seed: 9, mpr: 3 }, 0.99),
];

describe('table 1', () => {
  test('has a row for each arm, none first, with mean, deviation, images and time over the seeds', () => {
    const [condition, ...more] = table1(cells);
    expect(more).toEqual([]);
    const [none, three] = condition!.rows;
    expect(condition!.rows.map(({ arm }) => armName(arm))).toEqual(['none', 'k3']);
    expect(none!.accuracy).toBeCloseTo(0.6, 12);
    expect(none!.deviation).toBeCloseTo(0.1, 12);
    expect(none!.seconds).toBe(120);
    expect(none!.imagesSeen).toBe(200);
    expect(none!.difference).toBeUndefined();
    expect(three!.cells.map(({ settings }) => settings.seed)).toEqual([0, 1, 2, 9]);
  });

  test('pairs by equal seeds alone', () => {
    const { difference } = table1(cells)[0]!.rows[1]!;
    expect(difference!.pairs).toBe(3);
    expect(difference!.mean).toBeCloseTo(0.02, 12);
    const half = (4.303 * 0.01) / Math.sqrt(3);
    expect(difference!.interval![0]).toBeCloseTo(0.02 - half, 12);
    expect(difference!.interval![1]).toBeCloseTo(0.02 + half, 12);
    const apart = table1([cell({ seed: 0 }, 0.5), cell({ seed: 1, mpr: 3 }, 0.6)]);
    expect(apart[0]!.rows[1]!.difference).toBeUndefined();
  });

  test('does not mix a cell with other settings in', () => {
    const [larger, smaller] = table1([...cells, cell({ seed: 0, mpr: 3, lr: 0.2, epochs: 1 }, 0.1)]);
    expect(larger!.rows[1]!.accuracy).toBeCloseTo((0.51 + 0.62 + 0.73 + 0.99) / 4, 12);
    expect(
      smaller!.rows.map(({ arm, accuracy, difference }) => [armName(arm), accuracy, difference]),
    ).toEqual([['k3', 0.1, undefined]]);
  });

  test('stands by time steps, and shows what is wanted and not there', () => {
    const wanted = [
      SETTINGS,
      { ...SETTINGS, seed: 4 },
      { ...SETTINGS, mpr: 5 },
      { ...SETTINGS, timesteps: 1 },
    ];
    const conditions = table1(cells, wanted);
    expect(conditions.map(({ settings }) => settings.timesteps)).toEqual([1, 2]);
    expect(conditions[1]!.rows.map(({ arm, missing }) => [armName(arm), missing])).toEqual([
      ['none', [4]],
      ['k3', []],
      ['k5', [0]],
    ]);
    expect(rowsWords(conditions[1]!)[0]![5]).toBe('0, 1, 2 (unfinished: 4)');
    expect(rowsWords(conditions[1]!)[2]).toEqual([
      'k = 5',
      '0.1',
      '–',
      '–',
      '–',
      '– (unfinished: 0)',
      '–',
      '–',
      '–',
    ]);
    expect(table1([])).toEqual([]);
  });

  test('puts the figure of the paper beside ours where it is known', () => {
    const published = [{ dataset: 'shapes', timesteps: 2, mpr: 3, accuracy: 0.9 }] as const;
    const rows = rowsWords(table1(cells, [], published)[0]!);
    expect(rows.map((row) => row[2])).toEqual(['–', '90.00']);
    expect(table1Markdown(table1(cells))).not.toContain("paper's column");
  });

  test('has the thirty figures that the paper prints, and says whose they are', () => {
    const gain = (dataset: 'cifar10' | 'cifar100', timesteps: number, mpr: number) =>
      100 *
      (publishedAccuracy({ dataset, timesteps, mpr })! -
        publishedAccuracy({ dataset, timesteps, mpr: null })!);
    expect(PUBLISHED_ACCURACIES).toHaveLength(30);
    // what the paper's text says of its table: k = 3 on CIFAR-10 at T = 2 and 4, k = 7 falling below none
    expect([2, 4].map((timesteps) => gain('cifar10', timesteps, 3).toFixed(2))).toEqual(['1.22', '1.43']);
    expect(gain('cifar100', 4, 3)).toBeCloseTo(3.16, 9);
    expect([2, 4, 6].map((timesteps) => gain('cifar10', timesteps, 7) < 0)).toEqual([true, true, true]);
    expect(publishedAccuracy({ dataset: 'cifar10', timesteps: 3, mpr: 3 })).toBeUndefined();
    const real = table1([cell({ dataset: 'cifar10' }, 0.5), cell({ dataset: 'cifar10', mpr: 5 }, 0.5)]);
    expect(rowsWords(real[0]!).map((row) => row[2])).toEqual(['89.29', '89.80']);
    expect(table1Markdown(real)).toMatch(/The paper's column is of its own network: a ResNet20 of width 64/);
    expect(table1Report(real)).toContain('of width 64');
  });
});

describe('its words', () => {
  const against = (...leads: number[]) =>
    verdicts(
      table1(leads.flatMap((lead, seed) => [cell({ seed }, 0.5), cell({ seed, mpr: 3 }, 0.5 + lead)]))[0]!,
    );

  test.each([
    [
      'beats',
      [0.02, 0.021, 0.022],
      /^k = 3 against none: \+2\.10 points, a gain beyond chance \(95 % interval \+1\.85 to \+2\.35, 3 pairs\)/,
    ],
    [
      'loses',
      [-0.02, -0.021, -0.022],
      /^k = 3 against none: −2\.10 points, a loss beyond chance .*−2\.35 to −1\.85/,
    ],
    [
      'cannot be told',
      [0.02, -0.01, 0.01],
      /^k = 3 against none: \+0\.67 points, which chance alone can give/,
    ],
    ['one pair', [0.02], /on one pair of runs, which says nothing of chance/],
  ])('say when an arm %s', (_, leads, sentence) => {
    expect(against(...leads)).toHaveLength(1);
    expect(against(...leads)[0]).toMatch(sentence);
  });

  test('a row has mean ± deviation in percent, and the interval in points', () => {
    expect(rowsWords(table1(cells)[0]!)[1]).toEqual([
      'k = 3',
      '0.1',
      '–',
      '–',
      '71.25 ± 20.56',
      '0, 1, 2, 9',
      '+2.00 [−0.48, +4.48], 3 pairs',
      '200',
      '1.0 min',
    ]);
  });
});

describe('its files', () => {
  test('Markdown holds every row under its condition and budget', () => {
    const text = table1Markdown(table1(cells));
    expect(text).toMatch(
      /## shapes, resnet20-small of width 4, T = 2\n\n2 epochs of batch 8, learning rate 0\.1, crop/,
    );
    expect(text).toMatch(
      /\n\| none \| 0\.1 \| – \| – \| 60\.00 ± 10\.00 \| 0, 1, 2 \| – \| 200 \| 2\.0 min \|\n/,
    );
  });

  test('CSV has a line for each cell, with as many fields as its head', () => {
    const quoted = {
      ...cell({ seed: 3 }, 0.4),
      environment: { ...cells[0]!.environment, processor: 'a "b", c' },
    };
    const lines = table1Csv(table1([...cells, quoted]))
      .trim()
      .split('\n');
    expect(lines.length).toBe(9);
    const fields = (line: string) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!.length - 1;
    for (const line of lines) expect(fields(line)).toBe(fields(lines[0]!));
    expect(lines.some((line) => line.includes('"a ""b"", c"'))).toBe(true);
  });

  test('JSON has the arms with their seeds and accuracies', () => {
    const [condition] = JSON.parse(table1Json(table1(cells))) as [
      { settings: object; arms: { arm: string; seeds: number[]; accuracies: number[] }[] },
    ];
    expect(condition.arms[1]).toMatchObject({ seeds: [0, 1, 2, 9], accuracies: [0.51, 0.62, 0.73, 0.99] });
    expect(condition.settings).not.toHaveProperty('seed');
  });

  test('the report draws a learning curve for each arm, and the lead over the pairs alone', () => {
    const html = table1Report(table1(cells));
    for (const title of ['Test accuracy', 'Training loss', 'Test loss']) expect(html).toContain(`>${title}<`);
    expect(html).toContain('k = 3 (4 seeds)');
    expect(html).toContain('Lead over none');
    expect(table1Report(table1([], [SETTINGS]))).toContain('nowhere yet');
  });
});

describe("a grid's folder", () => {
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'spikegrad-grid-'));
  });
  afterEach(() => rmSync(path, { recursive: true, force: true }));

  test('gives back the cells that it keeps, and writes the four files of the table', async () => {
    const grid = new GridFolder(path);
    expect(await grid.cells()).toEqual([]);
    for (const record of cells) await grid.keep(record);
    expect((await grid.cells()).length).toBe(cells.length);
    expect(await grid.cells()).toEqual(expect.arrayContaining(cells));
    await grid.writeTable(table1(cells), cells);
    expect(readdirSync(path).sort()).toEqual(['cells', ...Object.values(GRID_FILES)].sort());
    expect(readFileSync(join(path, GRID_FILES.markdown), 'utf8')).toBe(table1Markdown(table1(cells)));
  });

  test('names the file of a record that is cut off or not what its name says', async () => {
    const grid = new GridFolder(path);
    await grid.keep(cells[0]!);
    const file = join(path, 'cells', `${cellName(SETTINGS)}.json`);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, 500));
    await expect(grid.cells()).rejects.toThrow(`${file} is not JSON`);
    writeFileSync(file, text.replace('"seed": 0', '"seed": 1'));
    await expect(grid.cells()).rejects.toThrow(
      `${file} holds the cell ${cellName({ ...SETTINGS, seed: 1 })}, which belongs into a file of that name`,
    );
  });

  test('keeps no record that it could not read again', async () => {
    const broken = { ...cells[0]!, images: { train: Number.NaN, test: 5 } };
    await expect(new GridFolder(path).keep(broken)).rejects.toThrow(/images\.train must be/);
    expect(readdirSync(path)).toEqual([]);
  });
});
