// Text from outside in whatever it is written into: a terminal, CSV, Markdown. HTML and SVG have tests of their own
// (test/plot).

import { describe, expect, test } from 'vitest';
import { plainMessage } from '../../src/cli/exit';
import { progressLine } from '../../src/cli/terminal/progress';
import { textTable } from '../../src/cli/terminal/table';
import { SpikegradError } from '../../src/errors';
import { init } from '../../src/init';
import { describeNir, integers, nirNode } from '../../src/interop/nir';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { loadState } from '../../src/interop/state';
import { Linear } from '../../src/nn';
import { notice, tellNotices } from '../../src/notices';
import { csv } from '../../src/paper/csv';
import { markdownTable, markdownText } from '../../src/paper/markdown';
import { table1 } from '../../src/paper/table1';
import { table1Csv, table1Markdown } from '../../src/paper/table1/files';
import { printable, printableJson, printableLine } from '../../src/printable';
import { cell } from '../support/records';

/** Clears the screen, sets the title, writes over the line, turns text around, breaks lines; 8-bit CSI; half a pair. */
const HOSTILE = '\u001b[2J\u001b]0;x\u0007a\rb\u202egnp.\u2066c\u009b31m\u2028d\u200be\u007f\ud800';
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe('a terminal', () => {
  test('shows what it would do', () => {
    expect(printable(HOSTILE)).toBe(
      '\\u001b[2J\\u001b]0;x\\u0007a\\u000db\\u202egnp.\\u2066c\\u009b31m\\u2028d\\u200be\\u007f\\ud800',
    );
    expect(printable('α → β, 😀\nline')).toBe('α → β, 😀\nline');
    expect(printableLine('a\nb')).toBe('a\\nb');
    const value = { name: HOSTILE, list: ['\u0085', 'é'] };
    expect(printableJson(value)).not.toMatch(UNSEEN);
    expect(JSON.parse(printableJson(value))).toEqual(value);
  });

  test.each<[string, () => string]>([
    ['an error', () => new SpikegradError('f', HOSTILE).message],
    ['an error of a command', () => plainMessage(new SpikegradError(`${HOSTILE}.json`, HOSTILE))],
    ['a table', () => textTable(['name', HOSTILE], [[HOSTILE, 1]], 200)],
    [
      'a line of progress',
      () => progressLine({ label: HOSTILE, done: 1, total: 2, notes: [], left: 1 }, 200, false),
    ],
    [
      'a notice',
      () => {
        let told = '';
        tellNotices((text) => {
          told = text;
        });
        notice(HOSTILE);
        tellNotices(undefined);
        return told;
      },
    ],
  ])('gets nothing unseen from %s', (_, write) => {
    const text = write();
    expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
    expect(text).toContain('\\u001b[2J');
  });

  test('a line feed in a name makes no row of a table', () => {
    expect(textTable(['name'], [['a\nerror: b']], 200).split('\n')).toHaveLength(3);
  });

  test('names of tensors and of nodes come escaped', async () => {
    await init({ backend: 'cpu' });
    const file = writeSafetensors([['\u001b[2Jw', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]);
    expect(() => loadState(new Linear(1, 1), readSafetensors(file).tensors)).toThrow(/\\u001b\[2Jw/);
    const graph = {
      nodes: new Map([['\u001bn', nirNode('Input', { shape: integers([1]) })]]),
      edges: [['\u001bn', 'm\u009b']] as [string, string][],
      metadata: new Map(),
    };
    const rows = describeNir(graph).map(({ name, faults }) => [name, faults.join('; ')]);
    const table = textTable(['name', 'faults'], rows, 400);
    expect(table).toContain('\\u001bn');
    expect(table.replaceAll('\n', '')).not.toMatch(UNSEEN);
  });
});

describe('CSV', () => {
  test.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1+2', "'+1+2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-cmd', "'-cmd"],
    ['\tx', "'\tx"],
    ['a\rb', '"a\rb"'],
    ['a\nb', '"a\nb"'],
    ['a "b", c', '"a ""b"", c"'],
    ['-0.5', '-0.5'],
    ['+3e-2', '+3e-2'],
    ['plain', 'plain'],
  ])('%j is written as %j', (text, written) => {
    expect(csv(['x'], [[text]])).toBe(`x\n${written}\n`);
  });

  test('numbers stay numbers', () => {
    expect(csv(['x', 'y'], [[-1.5, 2]])).toBe('x,y\n-1.5,2\n');
  });
});

describe('Markdown', () => {
  test.each([
    ['a | b', 'a \\| b'],
    ['`code` *b* _c_', '\\`code\\` \\*b\\* \\_c\\_'],
    ['<img src=x onerror=1> & co', '&lt;img src=x onerror=1&gt; &amp; co'],
    ['[x](javascript:1)', '[x]\\(javascript:1)'],
    ['![x](y)', '\\![x]\\(y)'],
    ['a\n# b\n| c |', 'a # b \\| c \\|'],
    ['# head', '\\# head'],
    ['back\\|slash', 'back\\\\\\|slash'],
    ['- item', '\\- item'],
    ['1. one', '1\\. one'],
    ['+2.00 [−0.48, +4.48], 3 pairs', '+2.00 [−0.48, +4.48], 3 pairs'],
  ])('%j is written as %j', (text, written) => {
    expect(markdownText(text)).toBe(written);
  });

  test('a cell stays one cell of its row', () => {
    const [, , row] = markdownTable(['a', 'b'], [['x|y\nz', '1']]).split('\n');
    expect(row!.match(/(?<!\\)\|/g)).toHaveLength(3);
  });
});

test('records of a queue reach no table unescaped', () => {
  const record = cell({ rateRule: 'x |\n<script>' }, 0.5);
  const environment = {
    ...record.environment,
    processor: '=cmd|"/c"!A1',
    backend: 'x | <img>\u001b',
    build: '[b](http://x)',
  };
  const cells = [{ ...record, environment }, cell({ rateRule: 'x |\n<script>', seed: 1 }, 0.5)];
  const text = table1Markdown(table1(cells));
  expect(text).not.toMatch(/<script>|<img>|\]\(http/);
  expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
  expect(table1Csv(table1(cells))).toContain(`"'=cmd|""/c""!A1"`);
});
