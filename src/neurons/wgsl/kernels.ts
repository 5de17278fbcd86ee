// A neuron over T steps in WGSL: a thread is a neuron, with its states in registers. Backward runs forward once more,
// keeps the states before every step, in the thread where they are few and in an array where not, and goes back
// through time; gradients of parameters come out one a neuron. Functions that WGSL leaves open are called `js_…`;
// arrays and `params` are declared by whoever runs it.

import type { Expr } from '../graph/expression';
import { learnablesOf } from '../model';
import type { Arrangement, ArrayKind } from './arrays';
import type { GpuStep } from './lower';
import { type Dialect, written } from './statements';

/** Threads of a workgroup. */
export const THREADS = 64;

/**
 * What `params` has. `across`: workgroups in a row of them. Zero as a number that compilers do not know: they take
 * 0·x for 0, whatever x is.
 */
export const scalars = {
  size: 'u32',
  steps: 'u32',
  channels: 'u32',
  across: 'u32',
  infinity: 'f32',
  nan: 'f32',
  zero: 'f32',
} as const;

/** A kernel, but for the neuron. */
export interface KernelRun {
  readonly joined: Arrangement['joined'];
  /** Of each state, whether where it starts is given; of each output and last state, whether its gradient is. */
  readonly initial: readonly boolean[];
  readonly gOutput: readonly boolean[];
  readonly gLast: readonly boolean[];
  /** Of outputs0…, last0…; or of dx, dInitial0…, dParameter0… those that are written. */
  readonly writes: readonly string[];
  readonly steps: number;
}

/** Most states of all steps that a thread keeps to itself. */
const OWN = 64;

/** Whether backward keeps states in an array of [T, states, neurons], `kept`. */
export const keepsInArray = ({ next }: GpuStep, steps: number): boolean => steps * next.length > OWN;

/** WGSL; `params` has `infinity` and `nan`, which it cannot spell. */
export const wgsl: Dialect = {
  number(value) {
    const size = Number.isNaN(value)
      ? 'params.nan'
      : !Number.isFinite(value)
        ? 'params.infinity'
        : `${Math.abs(value)}f`;
    return value < 0 || Object.is(value, -0) ? `(-${size})` : size;
  },
  select: (condition, yes, no) => `select(${no}, ${yes}, ${condition})`,
  call: (name, argument) => `${name === 'abs' || name === 'floor' ? name : `js_${name}`}(${argument})`,
  declare: (name, value) => `let ${name} = ${value};`,
  hasConditions: true,
};

type Lines = readonly string[];
const block = (head: string, lines: Lines): string[] => [
  `${head} {`,
  ...lines.map((line) => `  ${line}`),
  '}',
];
const AT = 'let i = t * params.size + n;';
const FORTH = 'for (var t = 0u; t < params.steps; t++)';

/** The k-th of a kind; those that are not given are passed over. */
function reader(run: KernelRun, kind: ArrayKind, given: readonly boolean[], from = 0) {
  const [index, length] = kind === 'planes' ? ['n', 'params.size'] : ['i', 'params.steps * params.size'];
  return (k: number): string => {
    const place = from + given.slice(0, k).filter(Boolean).length;
    return run.joined.has(kind) ? `${kind}[${place}u * ${length} + ${index}]` : `${kind}${place}[${index}]`;
  };
}

function parameters({ model }: GpuStep, { joined }: KernelRun): Lines {
  const rates = learnablesOf(model).map(({ learnable }) => learnable!.per);
  return rates.map((rate, k) => {
    const index = rate === 'channel' ? 'n % params.channels' : '0u';
    if (!joined.has('parameters')) return `let p${k} = parameters${k}[${index}];`;
    const channels = rates.slice(0, k).filter((other) => other === 'channel').length;
    return `let p${k} = parameters[${k - channels}u + ${channels}u * params.channels + ${index}];`;
  });
}

function states({ model }: GpuStep, run: KernelRun): Lines {
  const read = reader(run, 'planes', run.initial);
  return model.states.map(
    ({ start }, k) => `var s${k} = ${run.initial[k] ? read(k) : wgsl.number(Math.fround(start))};`,
  );
}

const main = (neuron: GpuStep, run: KernelRun, lines: Lines): string => `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let n = (group.x + group.y * params.across) * ${THREADS}u + local;
  if (n >= params.size) { return; }
${[...parameters(neuron, run), ...states(neuron, run), ...lines].map((line) => `  ${line}`).join('\n')}
}`;

/** All are computed before any is assigned: values go where they came from. */
const assign = (letter: string, values: readonly string[]): Lines => [
  ...values.map((value, k) => `let next${k} = ${value};`),
  ...values.map((_, k) => `${letter}${k} = next${k};`),
];

/** Of values by name those that this run writes. */
const wanted = (run: KernelRun, name: string, values: readonly Expr[]) =>
  values.map((value, k) => ({ name: `${name}${k}`, value })).filter((one) => run.writes.includes(one.name));

export function forwardKernel(neuron: GpuStep, run: KernelRun): string {
  const outputs = wanted(run, 'outputs', neuron.outputs);
  const roots = [...outputs.map(({ value }) => value), ...neuron.next];
  const { before, lines, values } = written(roots, neuron.names, wgsl, 'e');
  return main(neuron, run, [
    ...before,
    ...block(FORTH, [
      AT,
      'let x0 = x[i];',
      ...lines,
      ...outputs.map(({ name }, k) => `${name}[i] = ${values[k]};`),
      ...assign('s', values.slice(outputs.length)),
    ]),
    ...wanted(run, 'last', neuron.next).map(({ name }) => `${name}[n] = ${name.replace('last', 's')};`),
  ]);
}

export function backwardKernel(neuron: GpuStep, run: KernelRun): string {
  const { next, names, dx, dState, dParameter } = neuron;
  const count = next.length;
  const isArray = keepsInArray(neuron, run.steps);
  const kept = (k: number) =>
    isArray ? `kept[(t * ${count}u + ${k}u) * params.size + n]` : `own[t * ${count}u + ${k}u]`;
  const forth = written(next, names, wgsl, 'e');
  const parts = wanted(run, 'dParameter', dParameter);
  const back = written([dx, ...dState, ...parts.map(({ value }) => value)], names, wgsl, 'b');
  const before = back.values.slice(1, 1 + count);
  const gOutput = reader(run, 'gradients', run.gOutput);
  const gLast = reader(run, 'planes', run.gLast, run.initial.filter(Boolean).length);
  const keep = [
    ...(isArray ? [] : [`var own : array<f32, ${run.steps * count}>;`]),
    ...block(FORTH, [
      ...next.map((_, k) => `${kept(k)} = s${k};`),
      'if (t + 1u == params.steps) { break; }',
      AT,
      'let x0 = x[i];',
      ...forth.lines,
      ...assign('s', forth.values),
    ]),
  ];
  return main(neuron, run, [
    ...forth.before,
    ...back.before,
    ...(count > 0 && run.steps > 0 ? keep : []),
    ...next.map((_, k) => `var d${k} = ${run.gLast[k] ? gLast(k) : '0.0'};`),
    ...parts.map(({ name }) => `var sum${name} = 0.0;`),
    ...block('for (var back = params.steps; back > 0u; back--)', [
      'let t = back - 1u;',
      AT,
      'let x0 = x[i];',
      ...neuron.outputs.map((_, k) => `let g${k} = ${run.gOutput[k] ? gOutput(k) : 'params.zero'};`),
      ...next.map((_, k) => `s${k} = ${kept(k)};`),
      ...back.lines,
      ...(run.writes.includes('dx') ? [`dx[i] = ${back.values[0]};`] : []),
      ...parts.map(({ name }, k) => `sum${name} += ${back.values[1 + count + k]};`),
      ...assign('d', before),
    ]),
    ...wanted(run, 'dInitial', dState).map(({ name }) => `${name}[n] = ${name.replace('dInitial', 'd')};`),
    ...parts.map(({ name }) => `${name}[n] = sum${name};`),
  ]);
}
