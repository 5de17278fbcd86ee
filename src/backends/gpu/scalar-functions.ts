// Rectifiers, surrogates and other functions of one variable as sources that the GPU can run. The library's own stand
// here, in the formulas of snn/rectifier.ts and snn/surrogate.ts; any other brings its `source`, whatever its name.

import { check } from '../../errors';
import type { ScalarFunction } from '../backend';
import { type BuiltInName, builtInOf } from '../built-in';

type Expressions = Readonly<Record<'value' | 'derivative', string>>;

const LOGISTIC = '(z >= 0 ? 1 : Math.exp(-Math.abs(z))) / (1 + Math.exp(-Math.abs(z)))';

/** Statements of the parameters before, and the expression of x. */
const known: Readonly<Record<BuiltInName, Expressions>> = {
  mpr: {
    value: 'return Math.tanh(k * (x - centre)) / (2 * Math.tanh(k / 2)) + centre;',
    // sech from e^-|z|: 1 - tanh² has lost every digit where tanh is close to 1
    derivative: `const decay = Math.exp(-Math.abs(k * (x - centre)));
      const sech = (2 * decay) / (1 + decay * decay);
      return (k / (2 * Math.tanh(k / 2))) * sech * sech;`,
  },
  rectangular: {
    value: 'return scale * Math.min(1, Math.max(0, x / window + 0.5));',
    derivative: 'return Math.abs(x) < window / 2 ? scale / window : 0;',
  },
  triangular: {
    value: `const side = Math.max(0, 1 - Math.abs(x) / width);
      return scale * (x < 0 ? (side * side) / 2 : 1 - (side * side) / 2);`,
    derivative: 'return (scale * Math.max(0, 1 - Math.abs(x) / width)) / width;',
  },
  sigmoidal: {
    value: `const z = alpha * x;
      return scale * (${LOGISTIC});`,
    derivative: `const decay = Math.exp(-Math.abs(alpha * x));
      return (scale * alpha * decay) / ((1 + decay) * (1 + decay));`,
  },
  arctan: {
    value: `return scale * (Math.atan(${Math.PI / 2} * alpha * x) / ${Math.PI} + 0.5);`,
    derivative: `const z = ${Math.PI / 2} * alpha * x;
      return (scale * alpha) / 2 / (1 + z * z);`,
  },
  fastSigmoid: {
    value: 'return (scale * x) / (1 + beta * Math.abs(x));',
    derivative: `const z = 1 + beta * Math.abs(x);
      return scale / (z * z);`,
  },
};

/**
 * A function `name(x)` in gpu.js's JavaScript, behind the helpers that it calls: for `jsKernel`'s functions, or through
 * `functionsAsWgsl` for a WGSL kernel. The parameters are constants in it.
 * @throws when it is not one of the library's and brings no source
 */
export function sourceOf(
  where: string,
  f: ScalarFunction,
  which: 'value' | 'derivative',
  name: string,
): string[] {
  const ours = builtInOf(f);
  const own = f.source?.[which];
  const body =
    ours !== undefined ? known[ours.name][which] : own === undefined ? undefined : `return ${own};`;
  check(
    body !== undefined,
    where,
    () =>
      `function '${f.name}' runs on the gpu backend only with source: { value, derivative }, two expressions in x and its parameters such as 'Math.tanh(x)'; or use backend 'wasm' or 'cpu'`,
  );
  const parameters = Object.entries((ours ?? f).parameters).map(([key, value]) => {
    check(
      /^[A-Za-z]\w*$/.test(key) && key !== 'x' && Number.isFinite(value),
      where,
      () => `parameter ${key} of function '${f.name}' must have a plain name other than x and a finite value`,
    );
    return `const ${key} = ${value};`;
  });
  const source = `function ${name}(x) {\n${[...parameters, body].join('\n')}\n}`;
  return [source];
}

/** Tells apart functions whose sources differ, for caches of kernels. */
export function keyOf(f: ScalarFunction): string {
  const ours = builtInOf(f);
  return JSON.stringify(ours === undefined ? [f.parameters, f.source] : [ours.name, ours.parameters]);
}
