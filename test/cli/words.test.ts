// What the command line says, line by line: nothing wider than the terminal, nothing broken within a word.

import { describe, expect, test, vi } from 'vitest';
import { plainMessage, reportError } from '../../src/cli/exit';
import { threadsRemark } from '../../src/cli/run/backend';
import { duration, progressLine } from '../../src/cli/terminal/progress';
import { counted, textTable } from '../../src/cli/terminal/table';
import { reflow, wrap } from '../../src/cli/terminal/wrap';
import { remarksOn } from '../../src/cli/train/remarks';
import { epochLine } from '../../src/cli/train/teller';
import { SpikegradError } from '../../src/errors';
import { SETTINGS } from '../support/records';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('wrapping', () => {
  test('breaks between words, and indents what follows as its line was', () => {
    expect(wrap('  one two three four', 12)).toBe('  one two\n  three four');
    expect(wrap('short\nlines stay', 12)).toBe('short\nlines stay');
  });

  test('leaves a word that is longer than the line whole, and a number with its per cent sign', () => {
    expect(wrap('at /a/long/path/to/a/file now', 12)).toBe('at\n/a/long/path/to/a/file\nnow');
    expect(wrap('accuracy is 99.5 % here', 15)).toBe('accuracy is\n99.5 % here');
  });

  test('breaks a command as a shell allows it, and no option from its value', () => {
    expect(reflow('  $ spikegrad train --epochs 4 \\\n      --batch 32 --lr 0.1', 34)).toBe(
      '  $ spikegrad train --epochs 4 \\\n      --batch 32 --lr 0.1',
    );
  });

  test('sets a paragraph anew, and leaves lists and examples alone', () => {
    expect(reflow('one two three\nfour five\n\nExamples:\n  a\n  b', 18)).toBe(
      'one two three four\nfive\n\nExamples:\n  a\n  b',
    );
  });
});

describe('tables', () => {
  test('break cells of words where a line would be too wide, and no number', () => {
    const table = textTable(
      ['name', 'count', 'note'],
      [['gpu', 1234567, 'not here, since there is no driver']],
      32,
    );
    expect(widest(table)).toBeLessThanOrEqual(32);
    expect(table.replace(/-+$/m, '---')).toBe(
      'name    count  note\n----  -------  ---\ngpu   1234567  not here, since\n               there is no\n               driver',
    );
  });

  test('go on below, with the first column again, where there is no room at all', () => {
    const head = ['layer', ...Array.from({ length: 12 }, (_, i) => `column${i}`)];
    const table = textTable(head, [['first', ...head.slice(1).map((_, i) => 1000 + i)]], 40);
    expect(widest(table)).toBeLessThanOrEqual(40);
    for (const name of head.slice(1)) expect(table.split(name).length).toBeGreaterThan(1);
    expect(table.match(/^first/gm)!.length).toBeGreaterThan(1);
  });

  test('that fit are as they are', () => {
    expect(textTable(['a', 'b'], [['x  y', 1]], 80)).toBe('a     b\n----  -\nx  y  1');
  });
});

describe('progress', () => {
  const standing = {
    label: 'train',
    done: 123_456,
    total: 999_999,
    notes: [
      'epoch 1000/1000',
      'loss 12.3456',
      '123456.7 images/s',
      'and a note that is long enough to be left out',
    ],
    left: 360_000,
  };

  test.each([40, 60, 80, 120])('fits %i columns, with the time left', (width) => {
    for (const bar of [true, false]) {
      const line = progressLine(standing, width, bar);
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).toMatch(/100h00m left$/);
    }
  });

  test('leaves the last notes out first, and says nothing of a time that nobody knows', () => {
    const line = progressLine({ ...standing, left: undefined }, 72, true);
    expect(line).toMatch(/12 % \| epoch 1000\/1000 \| loss 12\.3456 \| 123456\.7 images\/s$/);
    expect(line).not.toMatch(/\?|left/);
    expect(line.slice(0, 7)).toBe('train █');
  });

  test('the line of an epoch fits whatever the numbers, the last columns left out first', () => {
    const cells = ['123.4567', '100.0 %', '123.4567', '100.0 %', '23h59m', '99h59m', '99999.9'];
    expect(epochLine('epoch 300/300', cells, 80)).toMatch(/^epoch 300\/300 .* 99999\.9$/);
    for (const width of [40, 80])
      expect(epochLine('epoch 100000/100000', cells, width).length).toBeLessThanOrEqual(width);
  });

  test('durations are short', () => {
    expect([3, 125, 3725].map(duration)).toEqual(['3s', '2m05s', '1h02m']);
  });
});

describe('words', () => {
  test('one is not many', () => {
    expect([counted(1, 'epoch'), counted(2, 'epoch'), counted(2, 'batch', 'batches')]).toEqual([
      '1 epoch',
      '2 epochs',
      '2 batches',
    ]);
  });

  test('an error reaches the user without names of functions, those of its causes too', () => {
    const inner = new SpikegradError('readSafetensors', 'the header is cut off');
    const outer = new SpikegradError('readCheckpoint', `a.safetensors: ${inner.message}`, { cause: inner });
    expect(plainMessage(outer)).toBe('a.safetensors: the header is cut off');
    expect(plainMessage(new SpikegradError('Trainer.run', '--png: needs x.json'))).toBe(
      '--png: needs x.json',
    );
    // nothing is guessed from how a name is written
    expect(plainMessage(new SpikegradError('probe: record', 'neurons must be 1'))).toBe('neurons must be 1');
  });

  test('an array that no memory holds is told as too little memory, anything unforeseen with its stack', () => {
    const said: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    for (const fault of [
      () => new Float32Array(9e10),
      () => new ArrayBuffer(2 ** 53),
      () => (undefined as unknown as { x: number }).x,
    ]) {
      try {
        fault();
      } catch (error) {
        expect(reportError(error)).toBe(1);
      }
    }
    write.mockRestore();
    expect(said[0]).toMatch(/^error: .*memory[\s\S]*--width/);
    expect(said[1]).toMatch(/^error: .*memory[\s\S]*--width/);
    expect(said[2]).toMatch(/please report it[\s\S]*\n\s+at /);
  });

  test('odd settings get a word, usual ones none', () => {
    expect(remarksOn({ ...SETTINGS, lr: 0.1, batch: 32, momentum: 0.9, timesteps: 4 }, 2000)).toEqual([]);
    const odd = remarksOn({ ...SETTINGS, lr: 0, batch: 100_000, momentum: 1, epochs: 1 }, 64);
    expect(odd.join('\n')).toMatch(
      /--batch 100000 is more than the 64 training images.*1 step in all\n--lr 0 .*\n--momentum 1 /,
    );
    expect(remarksOn({ ...SETTINGS, lr: 0.1, epochs: 2, warmup: 2 }, 2000)).toEqual([
      '--warmup 2 is all of the 2 epochs: the rate never reaches 0.1',
    ]);
    expect(threadsRemark(64, 2)).toMatch(/^64 threads on 2 cores/);
    expect([threadsRemark(2, 2), threadsRemark(undefined, 2)]).toEqual([undefined, undefined]);
  });
});
