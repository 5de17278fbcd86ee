// No file imports itself by way of others, save for types: a circle of values makes the order in which files are loaded
// matter, and a room with one cannot be read from its beginning. Circles that are wanted stand here with their reason.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const source = resolve('src');

/** Files of a circle, sorted, and why it is. */
const ALLOWED: readonly { readonly files: readonly string[]; readonly why: string }[] = [
  {
    files: ['arithmetic', 'compare', 'functions', 'layout', 'reduce'].map((name) => `ops/${name}.ts`),
    why: "gradients are operators themselves: that of a sum broadcasts, that of a broadcast sums, and either's is differentiable again",
  },
];

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory())
      return name === 'generated' || name === 'kernels' ? [] : filesUnder(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** What a file imports or passes on besides types, within src. */
function importsOf(file: string): string[] {
  const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return parsed.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    if (!moduleSpecifier.text.startsWith('.') || isOnlyTypes(statement)) return [];
    const path = resolve(dirname(file), moduleSpecifier.text);
    return [`${path}.ts`, join(path, 'index.ts')].filter((candidate) => known.has(candidate));
  });
}

function isOnlyTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement;
    if (statement.isTypeOnly) return true;
    return exportClause !== undefined && ts.isNamedExports(exportClause)
      ? exportClause.elements.every(({ isTypeOnly }) => isTypeOnly)
      : false;
  }
  const clause = statement.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const names = clause.namedBindings;
  if (clause.name !== undefined || names === undefined || !ts.isNamedImports(names)) return false;
  return names.elements.every(({ isTypeOnly }) => isTypeOnly);
}

const known = new Set(filesUnder(source));
const imports = new Map([...known].map((file) => [file, importsOf(file)]));

/** The strongly connected parts with more than one file (Tarjan, 1972). */
function circles(): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const next of imports.get(file)!) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const part = stack.splice(stack.indexOf(file));
    if (part.length > 1) found.push(part.map((path) => relative(source, path)).sort());
  };
  for (const file of known) if (!index.has(file)) visit(file);
  return found.sort();
}

test('errors are raised as SpikegradError, which names the function', () => {
  const bare = [...known].filter((file) =>
    /\bthrow new (Type|Range)?Error\(/.test(readFileSync(file, 'utf8')),
  );
  expect(bare.map((file) => relative(source, file))).toEqual([]);
});

test('no circles of imports but those that are listed', () => {
  expect(known.size).toBeGreaterThan(300);
  expect(circles()).toEqual(ALLOWED.map(({ files }) => [...files].sort()));
});
