// Commands that documents and help show: those that train on drawn images learn, since they leave the settings alone,
// and those on real data are recorded or give what they were recorded with.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { dynamicsCommand } from '../../src/cli/paper/dynamics';
import { table1Command } from '../../src/cli/paper/table1';
import { addTrainingOptions, GIVEN_SETTINGS, givenSettings } from '../../src/cli/run/training-options';
import { trainCommand } from '../../src/cli/train';
import { shapes } from '../../src/data/shapes';
import { type CellRecord, sameSettings } from '../../src/paper/cell';
import { runSettings } from '../../src/train';
import { flagOf } from '../../src/train/settings/setting';

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const documents = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));
const texts = [
  ...['README.md', ...documents].map((path) => readFileSync(path, 'utf8')),
  readFileSync('src/cli/main.ts', 'utf8'),
  ...[trainCommand(), table1Command(), dynamicsCommand()].map(helpOf),
];
const shown = texts
  .join('\n')
  .replaceAll('\\\n', ' ')
  .matchAll(/spikegrad ((?:train|paper (?:table1|dynamics))\b[^\n`#]*)/g);
const onShapes = [...shown]
  .map(([, words]) => words!.split(/ {2,}|\\n/)[0]!)
  .filter((words) => !/--data |--help|--table-only|--resume|…|DIR/.test(words));

describe('commands that are shown', () => {
  test('on drawn images are those of the defaults, which end at 90 % or more, but for neuron and network', () => {
    expect(onShapes.length).toBeGreaterThan(1);
    const settings = GIVEN_SETTINGS.filter((name) => name !== 'neuron' && name !== 'arch').map(flagOf);
    for (const words of onShapes)
      expect(
        words.split(' ').filter((word) => settings.includes(word)),
        words,
      ).toEqual([]);
    expect(JSON.parse(readFileSync('package.json', 'utf8')).scripts.start).toBe(
      'tsx src/cli/main.ts train --recipe drawn',
    );
  });

  test.each([
    ['table1', 'bench/results/paper/cells'],
    ['dynamics', 'bench/results/paper/dynamics/cells'],
  ])('of paper %s on CIFAR-10 still name the cells that are recorded', (name, folder) => {
    const records = readdirSync(folder).map(
      (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as CellRecord,
    );
    const start = `spikegrad paper ${name} --dataset cifar10 --data DIR`;
    const words = readFileSync('docs/paper.md', 'utf8')
      .split('`')
      .find((part) => part.startsWith(start))!;
    const lists = ['timesteps', 'mpr', 'seed'] as const;
    const command = addTrainingOptions(new Command(), { without: name === 'table1' ? lists : ['seed'] });
    command.allowUnknownOption().allowExcessArguments().parse(words.split(' '), { from: 'user' });
    const given = givenSettings(command.opts());
    const images = shapes({ count: 10, seed: 1 }); // of CIFAR-10's size and number of classes
    const settings = runSettings({ timesteps: 2, ...given, dataset: 'cifar10' }, images);
    expect(records.length).toBeGreaterThan(0);
    for (const { settings: recorded } of records) {
      const { mpr, seed, dynamics } = recorded;
      expect(sameSettings({ ...settings, mpr, seed, dynamics }, recorded), words).toBe(true);
    }
  });
});
