// Every network that README, docs and examples build goes to ONNX and NIR and gives there what it gives here, or is
// refused by name. The networks are taken from the texts themselves: one that is added is tried too.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { noGrad } from '../../src/core/tape';
import * as sg from '../../src/index';
import { fromNir, readNir, toNir, writeNir } from '../../src/interop/nir';
import { toOnnx } from '../../src/interop/onnx';
import { compare, numbers, settled } from './onnx/runtime';

beforeAll(() => sg.init({ backend: 'cpu', precision: 'f64', seed: 1 }));

const neuron = { rectifier: sg.mpr({ k: 3 }) };
/** What the texts have around their networks. */
const AROUND: Readonly<Record<string, () => unknown>> = {
  neuron: () => neuron,
  surrogate: () => sg.arctan(),
  first: () => new sg.Linear(2, 8, { deviation: 1 }),
  weights: () => new sg.Random(1),
  random: () => new sg.Random(1),
  timesteps: () => 2,
  width: () => 8,
  k: () => 3,
  DIRECTIONS: () => [0, 1, 2, 3],
  layers: () =>
    [1, 2].map(() => [new sg.Linear(8, 8, { deviation: 1 }), new sg.TdBatchNorm(8), new sg.Lif()]),
  hidden: () => [
    [new sg.Linear(2, 8, { deviation: 1 }), new sg.Direct(2), new sg.TdBatchNorm(8), new sg.Lif(neuron)],
  ],
  smoothstep: () => ({
    name: 'smoothstep',
    parameters: {},
    value: (u: number) => u,
    derivative: () => 1,
  }),
};
/** One image of those that are not 32x32 RGB, by file or code; and which are sequences. */
const INPUTS: readonly (readonly [
  RegExp,
  { readonly shape: readonly number[]; readonly sequence?: true },
])[] = [
  [/Recurrent/, { shape: [12], sequence: true }],
  [/^README\.md|^examples\/(03|own-rectifier)|rooms\/network/, { shape: [2] }],
  [/^examples\/06/, { shape: [8], sequence: true }],
  [/^examples\/(07)/, { shape: [28, 28, 1] }],
  [/^examples\/event-camera|rooms\/events/, { shape: [34, 34, 2], sequence: true }],
  [/^examples\/0[89]/, { shape: [8, 8, 3] }],
];
/** What no file can hold, and how it is told. */
const REFUSED: readonly (readonly [RegExp, RegExp])[] = [
  [/smoothstep/, /layer 2: its rectifier smoothstep may change spikes/],
];

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // the course's networks are put together over several cells, which its own tests run
    if (entry.isDirectory())
      return /dist|node_modules|course/.test(entry.name) ? [] : filesUnder(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

/** The calls of `sequential` and `resnet20` in a program, those within others left out. */
function* networksIn(program: string): Generator<string> {
  const source = ts.createSourceFile('program.ts', program, ts.ScriptTarget.Latest, true);
  const queue: ts.Node[] = [source];
  for (const node of queue) {
    const isNetwork = ts.isCallExpression(node) && /^(sequential|resnet20)$/.test(node.expression.getText());
    if (isNetwork) yield node.getText();
    else node.forEachChild((child) => void queue.push(child));
  }
}

const programs = [
  ...filesUnder('examples', /\.ts$/).map((file) => ({ file, text: readFileSync(file, 'utf8') })),
  ...['README.md', ...filesUnder('docs', /\.md$/), ...filesUnder('examples', /\.md$/)].flatMap((file) =>
    [...readFileSync(resolve(file), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text]) => ({
      file,
      text: text!,
    })),
  ),
];
const networks = programs.flatMap(({ file, text }) => [...networksIn(text)].map((code) => ({ file, code })));

/** The network of a piece of program. */
function built(code: string): sg.Module {
  const needed = Object.keys(AROUND).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const names = [...Object.keys(sg), ...needed];
  const values = [...Object.values(sg), ...needed.map((name) => AROUND[name]!())];
  const { outputText } = ts.transpileModule(`(${code})`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  return new Function(...names, `return ${outputText}`)(...values) as sg.Module;
}

test('there are networks in README or docs, and in most examples', () => {
  expect(networks.some(({ file }) => file.endsWith('.md'))).toBe(true);
  expect(new Set(networks.map(({ file }) => file)).size).toBeGreaterThan(7);
});

describe.each(networks)('$file: $code', ({ file, code }) => {
  const { shape, sequence } = INPUTS.find(([pattern]) => pattern.test(`${file}: ${code}`))?.[1] ?? {
    shape: [32, 32, 3],
  };
  const refused = REFUSED.find(([pattern]) => pattern.test(code))?.[1];

  test('to ONNX and NIR', async () => {
    const network = built(code);
    const options = { inputShape: shape };
    const timesteps = network.describe().timesteps ?? 3;
    const onnx = () => toOnnx(network, { ...options, timesteps, input: sequence ? 'sequence' : 'image' });
    if (refused !== undefined) {
      await expect(onnx()).rejects.toThrow(refused);
      await expect(toNir(network, options)).rejects.toThrow(refused);
      return;
    }
    const x = numbers([...(sequence ? [timesteps] : []), 2, ...shape], 1);
    settled(network, x, /^resnet20/.test(code) ? 30 : 3); // through many layers statistics take long to settle
    await compare(network, await onnx(), x);
    const back = fromNir(await readNir(await writeNir(await toNir(network, options))));
    const given = tensor(x.data, x.shape);
    const mine = noGrad(() => network.call(given));
    const steps = noGrad(() => back.call(sequence ? given : sg.direct(given, timesteps)));
    const theirs = steps.shape.length > mine.shape.length ? sg.mean(steps, 0) : steps;
    expect(theirs.shape).toEqual(mine.shape);
    Array.from(mine.dataSync()).forEach((value, i) => {
      expect(theirs.dataSync()[i]).toBeCloseTo(value, 5);
    });
  });
});
