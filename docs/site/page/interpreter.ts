// Runs a program of the course: TypeScript as text, which imports what it is given by name. The page runs it in a
// worker and the tests in Node, both through this one function.

import { transform } from 'sucrase';
import { suggestion } from '../../../src/options/nearest';

/** What a program may import, by name; what it exports is such a module itself. */
export type Modules = Readonly<Record<string, object>>;

type Body = (require: (name: string) => object, exports: object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...words: string[]) => Body;

/** What programs are called in stacks: that of a cell, and the check behind that of an exercise. */
export const PROGRAM = 'program';
const CHECK = 'check';

/** As which a check imports the program before it. */
const EXERCISE = './exercise';

/** A module that says which names it lacks, where JavaScript would go on with undefined. */
const strict = (name: string, module: object): object =>
  new Proxy(module, {
    get(target, key, receiver) {
      // what a loader may ask of any module
      const isKnown = key in target || typeof key === 'symbol' || /^(__esModule|default|then)$/.test(key);
      if (isKnown) return Reflect.get(target, key, receiver);
      if (name === EXERCISE) throw new Error(`the program exports no ${key}, which its check asks for`);
      const isAlike = (one: string) => one[0] === key[0]; // Lif is a layer, lif a function
      const names = Object.keys(target).sort((a, b) => Number(isAlike(b)) - Number(isAlike(a)));
      throw new Error(`${name} has no ${key}${suggestion(key, names)}`);
    },
  });

/**
 * Runs a program to its end.
 * @returns what it exports
 * @throws what the program throws, a SyntaxError for what is no TypeScript
 */
export async function runProgram(source: string, modules: Modules, called = PROGRAM): Promise<object> {
  const filePath = `${called}.course`;
  const { code } = transform(source, {
    transforms: ['typescript', 'imports'],
    disableESTransforms: true,
    filePath,
  });
  const exports = {};
  const require = (name: string) => {
    const found = modules[name];
    if (found === undefined)
      throw new Error(`there is no ${name} here, only ${Object.keys(modules).join(', ')}`);
    return strict(name, found);
  };
  await new AsyncFunction('require', 'exports', `${code}\n//# sourceURL=${filePath}`)(require, exports);
  return exports;
}

/** A program and, for an exercise, its check behind it, which imports the program as `./exercise`. */
export async function runCells([program, check]: readonly string[], modules: Modules): Promise<void> {
  const made = await runProgram(program!, modules);
  if (check !== undefined) await runProgram(check, { ...modules, [EXERCISE]: made }, CHECK);
}
