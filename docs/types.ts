// Writes public-types.txt: what each entry of the package exports, as it is declared, without comments. Whoever
// changes what is public sees in its diff what users will see. Run: npm run docs:types

import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const OUT = fileURLToPath(new URL('./public-types.txt', import.meta.url));

/** What tsconfig.declarations.json leaves of the sources: declarations with their own names, a file each. */
const DECLARED = resolve('.cache/declarations/src');

/** By the name that users import. */
const ENTRIES: Readonly<Record<string, string>> = {
  spikegrad: 'index',
  'spikegrad/node': 'node',
  'spikegrad/gpu': 'gpu',
  'spikegrad/testing': 'testing/index',
  'spikegrad/nir': 'interop/nir/index',
  'spikegrad/onnx': 'interop/onnx/index',
};

const printer = ts.createPrinter({ removeComments: true });

/** A declaration on lines of its own; of a variable its whole statement. */
function printed(declaration: ts.Declaration): string {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const text = printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
  return text.replaceAll(/^export (default )?(declare )?/gm, '');
}

/** What an entry exports. */
export interface PublicEntry {
  readonly name: string;
  /** Sorted; what is passed on from another file is that file's. */
  readonly symbols: readonly ts.Symbol[];
}

/** What the package exports, of the declarations that a build has left. */
export function publicEntries(): { entries: readonly PublicEntry[]; checker: ts.TypeChecker } {
  const fileOf = (entry: string) => resolve(DECLARED, `${entry}.d.ts`);
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const program = ts.createProgram(Object.values(ENTRIES).map(fileOf), options);
  const checker = program.getTypeChecker();
  const symbolOf = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const entries = Object.entries(ENTRIES).map(([name, entry]) => {
    const file = program.getSourceFile(fileOf(entry));
    if (file === undefined)
      throw new Error(`${relative('.', fileOf(entry))} is not there: npm run build makes it`);
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
    exported.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { name, symbols: exported.map(symbolOf) };
  });
  return { entries, checker };
}

/** The report on them. */
export function reportOf(entries: readonly PublicEntry[]): string {
  const parts = entries.map(({ name, symbols }) => {
    const lines = symbols.flatMap(({ declarations = [] }) => declarations.map(printed));
    return `=== ${name}: ${symbols.length} names\n\n${lines.join('\n\n')}\n`;
  });
  return parts.join('\n');
}

/** The report that is committed. */
export const committedTypes = (): string => readFileSync(OUT, 'utf8');

if (argv[1] !== undefined && resolve(argv[1]) === fileURLToPath(import.meta.url))
  writeFileSync(OUT, reportOf(publicEntries().entries));
