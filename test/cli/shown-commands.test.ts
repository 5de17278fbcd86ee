// Commands that README and help show: those that train on drawn images learn, since they leave the settings alone, and those
// on real data are recorded or give what they were recorded with.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { dynamicsCommand } from '../../src/cli/paper/dynamics';
import { table1Command } from '../../src/cli/paper/table1';
import { trainCommand } from '../../src/cli/train';
import { GIVEN_SETTINGS } from '../../src/cli/training-options';
import { flagOf } from '../../src/train/setting';

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const texts = [
  readFileSync('README.md', 'utf8'),
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
  test('on drawn images are those of the defaults, which end at 90 % or more', () => {
    expect(onShapes.length).toBeGreaterThan(1);
    const settings = GIVEN_SETTINGS.map(flagOf);
    for (const words of onShapes)
      expect(
        words.split(' ').filter((word) => settings.includes(word)),
        words,
      ).toEqual([]);
    expect(JSON.parse(readFileSync('package.json', 'utf8')).scripts.start).toBe('tsx src/cli/main.ts train');
  });
});
