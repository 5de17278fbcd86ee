// The bodies of the twin's kernels in gpu.js's JavaScript: a loop over the steps before the thread's own, or from the
// last one back to it.

import { learnablesOf } from '../../../../neurons';
import type { ArrayKind } from '../../../../neurons/wgsl/arrays';
import type { Lowered } from '../../../../neurons/wgsl/lower';
import { type Dialect, written } from '../../../../neurons/wgsl/statements';

/** How arrays lie, and which are given: states at the beginning, or gradients of the last ones and of outputs. */
export interface TwinInputs {
  readonly joined: ReadonlySet<ArrayKind>;
  readonly planes: readonly boolean[];
  readonly gradients: readonly boolean[];
}

const HERE = '[this.thread.y][this.thread.x]';

function parameters({ model }: Lowered, { joined }: TwinInputs): string[] {
  const rates = learnablesOf(model).map(({ learnable }) => learnable!.per);
  return rates.map((rate, k) => {
    const index = rate === 'channel' ? 'this.thread.x' : '0';
    if (!joined.has('parameters')) return `const p${k} = parameters${k}[${index}];`;
    const channels = rates.slice(0, k).filter((other) => other === 'channel').length;
    return `const p${k} = parameters[${k - channels} + ${channels} * channels + ${index}];`;
  });
}

/** The k-th of what is given for each neuron; for each neuron and step where a step is named. */
function read({ joined, planes, gradients }: TwinInputs, kind: ArrayKind, k: number, step?: string): string {
  const among = kind === 'planes' ? planes : kind === 'gradients' ? gradients : undefined;
  const place = among === undefined ? k : among.slice(0, k).filter(Boolean).length;
  const own = step === undefined ? '' : `[${step}]`;
  const other = step === undefined ? `[${place}]` : `[${place} * steps + ${step}]`;
  return joined.has(kind) ? `${kind}${other}${HERE}` : `${kind}${place}${own}${HERE}`;
}

/** All are computed before any is assigned: values go where they came from. */
const assign = (letter: string, values: readonly string[]): string[] => [
  ...values.map((value, k) => `const next${k} = ${value};`),
  ...values.map((_, k) => `${letter}${k} = next${k};`),
];

const loop = (rounds: string, lines: readonly string[]) => `for (let i = 0; i < ${rounds}; i++) {
${lines.join('\n')}
}`;

/** @param write outputsK of the thread's step, statesK before it, or lastK behind all */
export function forwardBody(neuron: Lowered, given: TwinInputs, write: string, dialect: Dialect): string {
  const [, kind, place] = /^(outputs|states|last)(\d+)$/.exec(write)!;
  const roots = kind === 'outputs' ? [neuron.outputs[Number(place)]!] : [];
  const { before, lines, values } = written([...roots, ...neuron.next], neuron.names, dialect, 'e');
  const rounds = { outputs: 'this.thread.z + 1', states: 'this.thread.z', last: 'steps' }[kind!]!;
  const starts = neuron.model.states.map(
    ({ start }, k) =>
      `let s${k} = ${given.planes[k] ? read(given, 'planes', k) : dialect.number(Math.fround(start))};`,
  );
  return [
    ...parameters(neuron, given),
    ...starts,
    ...before,
    `let result = ${dialect.number(0)};`,
    loop(rounds, [
      `const x0 = x[i]${HERE};`,
      ...lines,
      ...(kind === 'outputs' ? [`result = ${values[0]};`] : []),
      ...assign('s', values.slice(roots.length)),
    ]),
    `return ${kind === 'outputs' ? 'result' : `s${place}`};`,
  ].join('\n');
}

/** @param write dx of the thread's step, dInitialK, or dParameterK */
export function backwardBody(neuron: Lowered, given: TwinInputs, write: string, dialect: Dialect): string {
  const [, kind, place] = /^(dx|dInitial|dParameter)(\d*)$/.exec(write)!;
  const roots = { dx: [neuron.dx], dInitial: [], dParameter: [neuron.dParameter[Number(place)]!] }[kind!]!;
  const { before, lines, values } = written([...roots, ...neuron.dState], neuron.names, dialect, 'b');
  const zero = dialect.number(0);
  const step = 'steps - 1 - i';
  const { outputs, next } = neuron;
  return [
    ...parameters(neuron, given),
    ...next.map((_, k) => `let d${k} = ${given.planes[k] ? read(given, 'planes', k) : zero};`),
    ...before,
    `let result = ${zero};`,
    loop(kind === 'dx' ? 'steps - this.thread.z' : 'steps', [
      `const x0 = x[${step}]${HERE};`,
      ...next.map((_, k) => `const s${k} = ${read(given, 'states', k, step)};`),
      ...outputs.map(
        (_, k) => `const g${k} = ${given.gradients[k] ? read(given, 'gradients', k, step) : zero};`,
      ),
      ...lines,
      ...(kind === 'dInitial' ? [] : [`result ${kind === 'dx' ? '=' : '+='} ${values[0]};`]),
      ...assign('d', values.slice(roots.length)),
    ]),
    `return ${kind === 'dInitial' ? `d${place}` : 'result'};`,
  ].join('\n');
}
