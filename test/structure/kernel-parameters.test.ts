// The AssemblyScript kernels are called by names, and among themselves by records where a list of numbers would be too
// long to be read: no function there has more than nine parameters, and a record has room where threads lay it.

import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { parameterOrder, positionalCounts } from '../../src/backends/wasm/generated/signatures';
import { recordWords } from '../../src/backends/wasm/threads/program';
import { filesUnder } from './files';

const MOST = 9;
const folder = resolve('src/backends/wasm/kernels');

/** The functions of a file, inner ones too, with how many parameters they have. */
function functionsIn(file: string): { name: string; count: number }[] {
  const found: { name: string; count: number }[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node)) {
      const name = node.name?.getText(parsed) ?? 'without a name';
      found.push({ name: `${name} (${relative(folder, file)})`, count: node.parameters.length });
    }
    ts.forEachChild(node, visit);
  };
  const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  visit(parsed);
  return found;
}

test(`no kernel, and no function inside one, has more than ${MOST} parameters`, () => {
  const functions = filesUnder(folder).flatMap(functionsIn);
  expect(functions.length).toBeGreaterThan(300);
  expect(functions.filter(({ count }) => count > MOST)).toEqual([]);
});

test('every record fits where a thread lays it, with room for what its kernel puts behind it', () => {
  const room = recordWords(new WebAssembly.Memory({ initial: 16 }), 0).length;
  const lengths = Object.entries(positionalCounts).map(([name, positional]) => ({
    name,
    words: parameterOrder[name as keyof typeof parameterOrder].length - positional,
  }));
  expect(lengths.length).toBeGreaterThan(30);
  expect(lengths.filter(({ words }) => words === 0 || 2 * words > room)).toEqual([]);
});
