import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

// What typedoc asks of all exports (`npm run docs`), asked of their symbols alone, which takes seconds.

const { entryPoints } = JSON.parse(readFileSync('typedoc.json', 'utf8')) as { entryPoints: string[] };

test('every export of the package has a description', () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const program = ts.createProgram(entryPoints, options);
  const checker = program.getTypeChecker();
  const exported = entryPoints.flatMap((entry) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    return checker
      .getExportsOfModule(module)
      .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  });
  expect(exported.length).toBeGreaterThan(200);
  const bare = exported.filter((symbol) => symbol.getDocumentationComment(checker).length === 0);
  expect(
    bare.map(({ name, declarations }) => `${name} in ${declarations?.[0]?.getSourceFile().fileName}`),
  ).toEqual([]);
});
