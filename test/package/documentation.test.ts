import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

// What typedoc asks of all exports (`npm run docs`), asked of their symbols alone, in the declarations that are
// published: they have the comments of the sources, and are read in a tenth of the time.

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { import: { types: string } }>;
};
const declared = Object.values(exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [entry.import.types],
);

test('every export of the package has a description', () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const program = ts.createProgram(declared, options);
  const checker = program.getTypeChecker();
  const exported = declared.flatMap((entry) => {
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
