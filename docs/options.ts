// Writes docs/options.md: every public function that takes options, with the kind and default of each from the tables
// that check them, and the sentence that the interface says of it. `npm run docs:options`; a test holds the page
// current.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Option, OptionTable } from '../src/options';

type Table = OptionTable<Readonly<Record<string, Option<unknown, unknown>>>>;

/** One option of an interface, as its docstring and its table say. */
export interface DocumentedOption {
  readonly name: string;
  /** The docstring on one line. */
  readonly words: string;
  /** Undefined where the table lacks it. */
  readonly spec: Option<unknown, unknown> | undefined;
}

/** An interface of options, its table, and the public functions and classes that take it. */
export interface DocumentedOptions {
  readonly name: string;
  readonly words: string;
  /** Undefined where its module exports none under the interface's name. */
  readonly table: Table | undefined;
  readonly options: readonly DocumentedOption[];
  readonly takers: readonly string[];
}

const root = resolve(fileURLToPath(import.meta.url), '../..');
export const PAGE = resolve(root, 'docs/options.md');

/** What a type of options is called. */
const OPTIONS = /(Options|Constraints|Flags|Events|Definition)$/;

const { entryPoints } = JSON.parse(readFileSync(resolve(root, 'typedoc.json'), 'utf8')) as {
  entryPoints: string[];
};

/** How users import an entry point. */
const packageOf = (entry: string): string => {
  const part = entry.endsWith('index.ts') ? basename(resolve(entry, '..')) : basename(entry, '.ts');
  return part === 'src' || part === 'index' ? 'spikegrad' : `spikegrad/${part}`;
};

async function tableOf(name: string, file: string): Promise<Table | undefined> {
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const found = module[name[0]!.toLowerCase() + name.slice(1)];
  return typeof found === 'object' && found !== null && 'specs' in found ? (found as Table) : undefined;
}

let documented: Promise<Map<string, DocumentedOptions[]>> | undefined;

/** Every exported interface of options, by entry point, in the order of their export. Read once: it takes seconds. */
export function documentedOptions(): Promise<Map<string, DocumentedOptions[]>> {
  documented ??= readOptions();
  return documented;
}

async function readOptions(): Promise<Map<string, DocumentedOptions[]>> {
  const { config } = ts.readConfigFile(resolve(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const entries = entryPoints.map((entry) => resolve(root, entry));
  // the library of the language alone: browsers' and Node's take longer to read than all of ours
  const program = ts.createProgram(entries, { ...options, lib: ['lib.es2023.d.ts'], types: [] });
  const checker = program.getTypeChecker();
  const words = (symbol: ts.Symbol) =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim();
  const exportsOf = (entry: string) =>
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!)
      .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  const takers = new Map<ts.Symbol, string[]>();
  for (const symbol of entries.flatMap(exportsOf))
    for (const { taker, type } of takersOf(symbol, checker))
      takers.set(type, [...(takers.get(type) ?? []), taker]);
  const pages = new Map<string, DocumentedOptions[]>();
  for (const entry of entries) {
    const exported = exportsOf(entry);
    const found: DocumentedOptions[] = [];
    for (const symbol of exported) {
      if (!OPTIONS.test(symbol.name) || !(symbol.flags & ts.SymbolFlags.Type)) continue;
      const table = await tableOf(symbol.name, symbol.declarations![0]!.getSourceFile().fileName);
      found.push({
        name: symbol.name,
        words: words(symbol),
        table,
        options: checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).map((property) => ({
          name: property.name,
          words: words(property),
          spec: table?.specs[property.name],
        })),
        takers: takers.get(symbol) ?? [],
      });
    }
    pages.set(packageOf(entry), found);
  }
  return pages;
}

/** The types of options that a function, a class or its methods take. */
function* takersOf(
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
): Generator<{ taker: string; type: ts.Symbol }> {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return;
  const signatures = (type: ts.Type) => [...type.getCallSignatures(), ...type.getConstructSignatures()];
  const typesOf = (type: ts.Type): ts.Symbol[] =>
    signatures(type).flatMap((signature) =>
      signature.parameters.flatMap((parameter) => {
        const given = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, declaration));
        const parts = given.isUnionOrIntersection() ? given.types : [given];
        return parts.flatMap((part) => {
          const named = part.aliasSymbol ?? part.getSymbol();
          return named !== undefined && OPTIONS.test(named.name) ? [named] : [];
        });
      }),
    );
  const own = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  for (const type of new Set(typesOf(own)))
    yield { taker: isClass ? `new ${symbol.name}` : symbol.name, type };
  if (!isClass) return;
  const statics = own.getProperties().filter(({ flags }) => flags & ts.SymbolFlags.Method);
  for (const method of [...checker.getDeclaredTypeOfSymbol(symbol).getProperties(), ...statics]) {
    if (method.name.includes('#')) continue;
    // what is inherited stands under the class that has it
    if (!method.declarations?.some(({ parent }) => symbol.declarations?.includes(parent as ts.Declaration)))
      continue;
    const type = checker.getTypeOfSymbolAtLocation(method, declaration);
    for (const named of new Set(typesOf(type))) yield { taker: `${symbol.name}.${method.name}`, type: named };
  }
}

/** Links of docstrings as code. */
const plain = (text: string): string => text.replaceAll(/\{@link ([^}]+)\}/g, '`$1`');

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section({ name, words, options, takers }: DocumentedOptions): string {
  const rows = options.map(({ name: option, words: text, spec }) => {
    const value = spec?.required ? 'needed' : spec?.shown ? `\`${spec.shown.replaceAll('`', '')}\`` : '';
    return `| \`${option}\` | ${cell(spec?.kind.wanted ?? '')} | ${cell(value)} | ${cell(plain(text))} |`;
  });
  const head = takers.length > 0 ? takers.map((taker) => `\`${taker}\``).join(', ') : `\`${name}\``;
  return [
    `### ${head}`,
    '',
    `${plain(words)} (\`${name}\`)`,
    '',
    '| option | must be | default | |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** The whole page. */
export async function optionsPage(): Promise<string> {
  const parts = [...(await documentedOptions())]
    .filter(([, list]) => list.length > 0)
    .map(([entry, list]) => [`## \`${entry}\``, '', ...list.map(section)].join('\n'));
  return [
    '# Options',
    '',
    'Made by `npm run docs:options` from the tables that check them. An option that does not stand here is refused, and so is',
    'a value of another kind.',
    '',
    ...parts,
  ].join('\n');
}

if (argv[1] !== undefined && resolve(argv[1]) === fileURLToPath(import.meta.url))
  writeFileSync(PAGE, await optionsPage());
