// Folders tell what belongs together: no family of files shares a prefix where a folder would do, and what one
// command of the command line alone uses lies in that command's folder.

import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { filesUnder } from './files';

const source = resolve('src');
const files = filesUnder(source).map((file) => relative(source, file));
const known = new Set(files);

describe('prefixes', () => {
  /** Files that share a word at their beginning and are no family. */
  const strangers = ['node.ts', 'node-module.ts'];

  test('a file and what is named after it lie in a folder of that name', () => {
    const wrong = files.filter((file) => {
      if (strangers.includes(file) || file.endsWith('.d.ts')) return false;
      const [first, ...rest] = basename(file, '.ts').split('-');
      const folder = dirname(file);
      return rest.length > 0 && known.has(join(folder, `${first}.ts`));
    });
    expect(wrong).toEqual([]);
  });
});

describe('commands', () => {
  /** What each file of the command line imports, types included, with imports that are made when they are needed. */
  const readImports = (file: string): string[] =>
    ts.preProcessFile(readFileSync(join(source, file), 'utf8')).importedFiles.flatMap(({ fileName }) => {
      if (!fileName.startsWith('.')) return [];
      const path = join(dirname(file), fileName);
      return [`${path}.ts`, join(path, 'index.ts')].filter((to) => known.has(to) && to.startsWith('cli/'));
    });
  const imports = new Map(
    files.filter((file) => file.startsWith('cli/')).map((file) => [file, readImports(file)]),
  );
  const importsOf = (file: string) => imports.get(file)!;
  const commands = importsOf('cli/commands.ts').filter((file) => file !== 'cli/lazy.ts');

  /** Everything that a command needs of the command line, besides itself. */
  function neededBy(command: string): Set<string> {
    const needed = new Set([command]);
    for (const file of needed) for (const to of importsOf(file)) needed.add(to);
    needed.delete(command);
    return needed;
  }

  /** Both ends of what goes over a queue stand side by side: whoever changes a message changes both. */
  const elsewhere = ['cli/paper/queue/collect.ts', 'cli/paper/queue/work.ts'];

  test('what one command alone uses lives with it', () => {
    const needs = commands.map((command) => ({ command, needed: neededBy(command) }));
    const always = new Set(
      importsOf('cli/main.ts').flatMap((file) =>
        file === 'cli/commands.ts' ? [] : [file, ...neededBy(file)],
      ),
    );
    const wrong = files.flatMap((file) => {
      const users = needs.filter(({ needed }) => needed.has(file)).map(({ command }) => command);
      if (users.length !== 1 || always.has(file) || elsewhere.includes(file)) return [];
      const home = basename(users[0]!) === 'index.ts' ? `${dirname(users[0]!)}/` : users[0]!;
      return file.startsWith(home) ? [] : [`${file} is used by ${users[0]} alone`];
    });
    expect(commands.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });
});
