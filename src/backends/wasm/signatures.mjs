// What the kernels' sources say that TypeScript must know: the parameters of every exported function by name and
// type, and the constants that both languages use. Written into generated/signatures.ts by compile.mjs, so that a
// call with a missing or a misspelt argument does not compile, and a number stands in one place.
//
// A kernel's last parameter may be a record: an unmanaged class whose fields are addresses and whole numbers. For
// TypeScript they are parameters like the others; in memory they lie one behind the other, where threads/program.ts
// lays them.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an AssemblyScript type takes, in TypeScript's words. */
const TYPES = { usize: 'Address', i32: 'Count', f32: 'number', f64: 'number' };

const FUNCTION = /^(?:@inline )?export function (\w+)\(([^)]*)\): (\w+) \{/gm;
const CONSTANT = /^(?:\/\*\* (.*) \*\/\n)?export const ([A-Z][A-Z0-9_]*)(?:: (\w+))? = ([^;]+);/gm;

const RECORD = /^@unmanaged\n(?:export )?class (\w+)(?: extends (\w+))? \{\n([\s\S]*?)^\}/gm;
const FIELD = /^ {2}(\w+): (usize|i32);/gm;

/** Files whose constants TypeScript uses. */
const SHARED = ['elementwise/codes'];

/** The files that make up the module. */
export function kernelFiles(folder) {
  const index = readFileSync(join(folder, 'index.ts'), 'utf8');
  return [...index.matchAll(/from "\.\/([\w/-]+)"/g)].map(([, name]) => name);
}

/** @returns [name, base, fields as [name, type]] of every record */
export function recordsIn(source) {
  return [...source.matchAll(RECORD)].map(([, name, base, body]) => {
    return [name, base, [...body.matchAll(FIELD)].map(([, field, type]) => [field, type])];
  });
}

/** Records by name, those that others extend among them. */
export function recordsOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'));
  const all = files.sort().flatMap((name) => recordsIn(readFileSync(join(folder, name), 'utf8')));
  return new Map(all.map(([name, base, fields]) => [name, { base, fields }]));
}

/** A record's fields as they lie in memory. */
function fieldsOf(name, records) {
  const { base, fields } = records.get(name);
  return base === undefined ? fields : [...fieldsOf(base, records), ...fields];
}

/** @returns {{ name, positional, record, result }} of every function that takes numbers, and last perhaps a record */
export function signaturesIn(source) {
  return [...source.matchAll(FUNCTION)].flatMap(([, name, list, result]) => {
    const parameters = list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => entry.split(/:\s*/));
    const record =
      parameters.length > 0 && !(parameters.at(-1)[1] in TYPES) ? parameters.pop()[1] : undefined;
    // what takes another struct, or gives one, is the kernels' own
    return parameters.every(([, type]) => type in TYPES)
      ? [{ name, positional: parameters, record, result }]
      : [];
  });
}

/** @returns [name, value, remark] of every exported constant */
export function constantsIn(source) {
  return [...source.matchAll(CONSTANT)].map(([, remark, name, , value]) => [name, value, remark]);
}

const typed = (parameters) =>
  parameters.map(([parameter, type]) => `readonly ${parameter}: ${TYPES[type]}`).join('; ');

function interfaceOf(signatures) {
  const lines = signatures.map(({ name, positional, record }) => {
    return `  ${name}: { ${typed(positional)} }${record === undefined ? '' : ` & ${record}`};`;
  });
  return `export interface KernelArguments {\n${lines.join('\n')}\n}\n`;
}

/** The records that kernels take, and what those extend. */
function recordInterfaces(signatures, records) {
  const wanted = new Set(signatures.flatMap(({ record }) => record ?? []));
  for (const name of wanted) if (records.get(name).base !== undefined) wanted.add(records.get(name).base);
  return [...wanted].sort().map((name) => {
    const { base, fields } = records.get(name);
    return `export interface ${name}${base === undefined ? '' : ` extends ${base}`} { ${typed(fields)} }\n`;
  });
}

function orderOf(signatures, records) {
  const lines = signatures.map(({ name, positional, record }) => {
    const all = [...positional, ...(record === undefined ? [] : fieldsOf(record, records))];
    return `  ${name}: [${all.map(([parameter]) => `'${parameter}'`).join(', ')}],`;
  });
  return `export const parameterOrder = {\n${lines.join('\n')}\n} as const;\n`;
}

function positionalOf(signatures) {
  const taking = signatures.filter(({ record }) => record !== undefined);
  const lines = taking.map(({ name, positional }) => `  ${name}: ${positional.length},`);
  return `export const positionalCounts: Readonly<Record<string, number>> = {\n${lines.join('\n')}\n};\n`;
}

/** Those of a file, and those that it passes on from another. */
function signaturesOf(folder, given) {
  const name = existsSync(join(folder, `${given}.ts`)) ? given : join(given, 'index');
  const source = readFileSync(join(folder, `${name}.ts`), 'utf8');
  const passedOn = [...source.matchAll(/^export \{ ([^}]+) \} from "(\.[\w./-]+)";/gm)];
  return [
    ...signaturesIn(source),
    ...passedOn.flatMap(([, names, file]) =>
      signaturesOf(folder, join(dirname(name), file)).filter((known) =>
        names.split(/,\s*/).includes(known.name),
      ),
    ),
  ];
}

/** The whole module. @param folder of the kernels */
export function signatureModule(folder) {
  const signatures = kernelFiles(folder)
    .flatMap((name) => signaturesOf(folder, name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const records = recordsOf(folder);
  const constants = SHARED.flatMap((name) => constantsIn(readFileSync(join(folder, `${name}.ts`), 'utf8')));
  return `// Made by ../compile.mjs from ../kernels; not for reading.

import type { Address, Count } from '../argument';

${recordInterfaces(signatures, records).join('')}
/** What every kernel is given, by the names in its source. */
${interfaceOf(signatures)}
/** The order in which they are given: those of a record come last. */
${orderOf(signatures, records)}
/** Of kernels that take a record, how many come before it. */
${positionalOf(signatures)}
/** Constants of the kernels. */
export const constants = {
${constants.map(([name, value]) => `  ${name}: ${value},`).join('\n')}
} as const;
`;
}
