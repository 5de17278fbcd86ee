// The update of parameters by an optimiser's equations. In WGSL one kernel in place; by gpu.js a kernel for the
// parameter and one for each state, whose results take the places of the old ones.

import type { UpdateRule } from '../../neurons';
import { updateStatements } from '../../neurons/update/wgsl';
import { wgsl } from '../../neurons/wgsl/kernels';
import type { Dialect } from '../../neurons/wgsl/statements';
import type { Operand, UpdateKernels, UpdateOperands } from '../backend';
import {
  type Driver,
  fold,
  type JsKernel,
  jsKernel,
  mathematics,
  type WgslKernel,
  wgslKernel,
} from './driver';
import { view } from './handle';

const THREADS = 64;

/** What WGSL cannot spell. */
const LIMITS = { infinity: Number.POSITIVE_INFINITY, nan: Number.NaN };

/** s0, s1, … and c0, c1, …, as neurons/update/wgsl.ts calls them. */
const numbered = <T>(letter: string, list: readonly T[]) =>
  Object.fromEntries(list.map((value, k) => [`${letter}${k}`, value]));

/** The array of a state s0, s1, …. No _: gpu.js declares such names for WebGL2 otherwise than it uses them. */
const kept = (state: string) => state.replace('s', 'atS');

function wgslOf(rule: UpdateRule): WgslKernel {
  const { before, lines, values } = updateStatements(rule, wgsl);
  const states = rule.states.map((_, k) => `s${k}`);
  const constants = rule.constants.map((_, k) => `c${k}`);
  const text = `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let i = (group.x + group.y * params.across) * ${THREADS}u + local;
  if (i >= params.size) { return; }
  let p0 = p[i];
  let g0 = g[i];
  ${states.map((name) => `let ${name} = ${kept(name)}[i];`).join('\n  ')}
  ${constants.map((name) => `let ${name} = params.${name};`).join('\n  ')}
  ${[...before, ...lines].join('\n  ')}
  ${['p', ...states.map(kept)].map((name, k) => `${name}[i] = ${values[k]};`).join('\n  ')}
}`;
  const scalars = { size: 'u32', across: 'u32', infinity: 'f32', nan: 'f32' } as const;
  return wgslKernel<string, string, string>(
    'update',
    {
      inputs: { g: 'f32' },
      outputs: { p: 'f32', ...Object.fromEntries(states.map((name) => [kept(name), 'f32'])) },
      scalars: { ...scalars, ...Object.fromEntries(constants.map((name) => [name, 'f32' as const])) },
    },
    `${mathematics('wgsl', text)}\n${text}`,
  );
}

function update(
  driver: Driver,
  kernel: WgslKernel,
  { parameter, gradient, states, constants }: UpdateOperands,
): void {
  const { size } = parameter.handle;
  const groups = fold(Math.ceil(size / THREADS));
  driver.wgsl(kernel, {
    inputs: { g: gradient },
    outputs: { p: parameter, ...numbered('atS', states) },
    scalars: { size, across: groups[0], ...LIMITS, ...numbered('c', constants) },
    groups,
  });
}

/** Numbers of the equations are scalars: gpu.js takes whole ones for integers, and its languages know no infinity. */
interface UpdateTwin {
  readonly kernels: readonly JsKernel[];
  readonly numbers: Readonly<Record<string, number>>;
}

function twinOf(rule: UpdateRule): UpdateTwin {
  const names = new Map<number, string>();
  const dialect: Dialect = {
    number(value) {
      const name = names.get(value) ?? `n${names.size}`;
      names.set(value, name);
      return name;
    },
    select: (condition, yes, no) => `(${condition} ? ${yes} : ${no})`,
    call: (name, argument) => `Math.${name}(${argument})`,
    declare: (name, value) => `const ${name} = ${value};`,
    hasConditions: false,
  };
  const states = rule.states.map((_, k) => `s${k}`);
  const reads = ['p', 'g', ...states.map(kept)];
  const bodies = ['p', ...states].map((_, which) => {
    const { before, lines, values } = updateStatements(rule, dialect, which);
    const variables = reads.map(
      (array) => `const ${array.replace('atS', 's').replace(/^[pg]$/, '$&0')} = ${array}[this.thread.x];`,
    );
    return [...variables, ...before, ...lines, `return ${values[0]};`].join('\n');
  });
  const scalars = Object.fromEntries(
    [...rule.constants.map((_, k) => `c${k}`), ...names.values()].map((name) => [name, 'float' as const]),
  );
  return {
    kernels: bodies.map((body) => jsKernel<string, string>('update', { arrays: reads, scalars }, body)),
    numbers: Object.fromEntries([...names].map(([value, name]) => [name, value])),
  };
}

/** The same by gpu.js's kernels alone: all are computed from the old numbers before any is replaced. */
function updateTwin(
  driver: Driver,
  { kernels, numbers }: UpdateTwin,
  { parameter, gradient, states, constants }: UpdateOperands,
): void {
  const output = [parameter.handle.size];
  const flat = (operand: Operand) => view(operand, output);
  const arrays = { p: flat(parameter), g: flat(gradient), ...numbered('atS', states.map(flat)) };
  const scalars = { ...numbered('c', constants), ...numbers };
  const fresh = kernels.map((kernel) => driver.js(kernel, { arrays, scalars, output }));
  for (const [k, { handle }] of [parameter, ...states].entries()) driver.replace(handle, fresh[k]!);
}

/** Kernels by rule: a rule is made once for its text. */
function remembered<T>(make: (rule: UpdateRule) => T): (rule: UpdateRule) => T {
  const known = new WeakMap<UpdateRule, T>();
  return (rule) => {
    const found = known.get(rule) ?? make(rule);
    known.set(rule, found as T & WeakKey);
    return found;
  };
}

const wgslKernelOf = remembered(wgslOf);
const twinKernelsOf = remembered(twinOf);

export const wgslUpdate = (driver: Driver): UpdateKernels => ({
  update: (rule, operands) => update(driver, wgslKernelOf(rule), operands),
});

export const twinUpdate = (driver: Driver): UpdateKernels => ({
  update: (rule, operands) => updateTwin(driver, twinKernelsOf(rule), operands),
});

export const updateKernels = (driver: Driver): UpdateKernels =>
  driver.hasWgsl ? wgslUpdate(driver) : twinUpdate(driver);
