// What the kernels' sources say that TypeScript must know: the parameters of every exported function by name and
// type, and the constants that both languages use. Written into generated/signatures.ts by compile.mjs, so that a
// call with a missing or a misspelt argument does not compile, and a number stands in one place.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an AssemblyScript type takes, in TypeScript's words. */
const TYPES = { usize: 'Address', i32: 'Count', f32: 'number', f64: 'number' };

const FUNCTION = /^(?:@inline )?export function (\w+)\(([^)]*)\): (\w+) \{/gm;
const CONSTANT = /^(?:\/\*\* (.*) \*\/\n)?export const ([A-Z][A-Z0-9_]*)(?:: (\w+))? = ([^;]+);/gm;

/** Files whose constants TypeScript uses. */
const SHARED = ['elementwise/codes'];

/** The files that make up the module. */
export function kernelFiles(folder) {
  const index = readFileSync(join(folder, 'index.ts'), 'utf8');
  return [...index.matchAll(/from "\.\/([\w/-]+)"/g)].map(([, name]) => name);
}

/** @returns [name, [[parameter, type]], result] of every function that takes and gives numbers */
export function signaturesIn(source) {
  return [...source.matchAll(FUNCTION)].flatMap(([, name, list, result]) => {
    const parameters = list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => entry.split(/:\s*/));
    // a function of another type is the kernels' own: it takes a struct
    return parameters.every(([, type]) => type in TYPES) ? [[name, parameters, result]] : [];
  });
}

/** @returns [name, value, remark] of every exported constant */
export function constantsIn(source) {
  return [...source.matchAll(CONSTANT)].map(([, remark, name, , value]) => [name, value, remark]);
}

function interfaceOf(signatures) {
  const lines = signatures.map(([name, parameters]) => {
    const fields = parameters.map(([parameter, type]) => `readonly ${parameter}: ${TYPES[type]}`);
    return `  ${name}: { ${fields.join('; ')} };`;
  });
  return `export interface KernelArguments {\n${lines.join('\n')}\n}\n`;
}

function orderOf(signatures) {
  const lines = signatures.map(
    ([name, parameters]) => `  ${name}: [${parameters.map(([parameter]) => `'${parameter}'`).join(', ')}],`,
  );
  return `export const parameterOrder = {\n${lines.join('\n')}\n} as const;\n`;
}

/** Those of a file, and those that it passes on from another. */
function signaturesOf(folder, given) {
  const name = existsSync(join(folder, `${given}.ts`)) ? given : join(given, 'index');
  const source = readFileSync(join(folder, `${name}.ts`), 'utf8');
  const passedOn = [...source.matchAll(/^export \{ ([^}]+) \} from "(\.[\w./-]+)";/gm)];
  return [
    ...signaturesIn(source),
    ...passedOn.flatMap(([, names, file]) =>
      signaturesOf(folder, join(dirname(name), file)).filter(([known]) =>
        names.split(/,\s*/).includes(known),
      ),
    ),
  ];
}

/** The whole module. @param folder of the kernels */
export function signatureModule(folder) {
  const signatures = kernelFiles(folder)
    .flatMap((name) => signaturesOf(folder, name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const constants = SHARED.flatMap((name) => constantsIn(readFileSync(join(folder, `${name}.ts`), 'utf8')));
  return `// Made by ../compile.mjs from ../kernels; not for reading.

import type { Address, Count } from '../argument';

/** What every kernel is given, by the names in its source. */
${interfaceOf(signatures)}
/** The order in which they are given. */
${orderOf(signatures)}
/** Constants of the kernels. */
export const constants = {
${constants.map(([name, value]) => `  ${name}: ${value},`).join('\n')}
} as const;
`;
}
