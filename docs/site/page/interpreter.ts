// Runs a program of the course: TypeScript as text, which imports what it is given by name. The page runs it in a
// worker and the tests in Node, both through this one function.

import { transform } from 'sucrase';

/** What a program may import, by name; what it exports is such a module itself. */
export type Modules = Readonly<Record<string, object>>;

type Body = (require: (name: string) => object, exports: object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...words: string[]) => Body;

/** A module that says which names it lacks, where JavaScript would go on with undefined. */
const strict = (name: string, module: object): object =>
  new Proxy(module, {
    get(target, key, receiver) {
      // what a loader may ask of any module
      const isKnown = key in target || typeof key === 'symbol' || /^(__esModule|default|then)$/.test(key);
      if (!isKnown) throw new Error(`${name} has no ${String(key)}`);
      return Reflect.get(target, key, receiver);
    },
  });

/**
 * Runs a program to its end.
 * @returns what it exports
 * @throws what the program throws, a SyntaxError for what is no TypeScript
 */
export async function runProgram(source: string, modules: Modules): Promise<object> {
  const { code } = transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true });
  const exports = {};
  const require = (name: string) => {
    const found = modules[name];
    if (found === undefined)
      throw new Error(`there is no ${name} here, only ${Object.keys(modules).join(', ')}`);
    return strict(name, found);
  };
  await new AsyncFunction('require', 'exports', code)(require, exports);
  return exports;
}

/** A program of an exercise and, behind it, its check, which imports the other as `./exercise`. */
export async function runCells(cells: readonly string[], modules: Modules): Promise<void> {
  let known = modules;
  for (const source of cells) known = { ...known, './exercise': await runProgram(source, known) };
}
