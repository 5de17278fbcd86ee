// Comments have at most 120 columns: a line that a reader takes in at once. Code has a formatter, which does not
// break texts.

import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { filesUnder } from './files';

const COLUMNS = 120;
/** A line that is a comment, or ends in one. Addresses have `//` too. */
const COMMENT = /^\s*(?:\/\/|\/\*|\*)|[^:'"`/]\/\/ /;

test('no comment has more than 120 columns', () => {
  const files = ['src', 'test', 'bench', 'examples', 'docs', '.ci/release'].flatMap((folder) =>
    filesUnder(resolve(folder)),
  );
  const wrong = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        line.length > COLUMNS && COMMENT.test(line) ? [`${relative('.', file)}:${index + 1}`] : [],
      ),
  );
  expect(files.length).toBeGreaterThan(900);
  expect(wrong).toEqual([]);
});
