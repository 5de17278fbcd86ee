// Neurons of equations against PyTorch's autograd of the same equations, written out by hand (vectors/neurons.py):
// outputs, last states, and the gradients of input, first states and learnable parameters.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'vitest';
import { learnable, mpr, neuron } from '../../src';
import { learnablesOf } from '../../src/neurons';
import { numberScan } from '../../src/neurons/numbers/scan';
import { arctan, fastSigmoid, rectangular, sigmoidal, triangular } from '../../src/neurons/surrogates';
import { type ByName, expectNear, inOrder } from './torch-vectors';

const surrogates = { arctan, rectangular, sigmoidal, triangular, fastSigmoid };

interface Vector {
  readonly name: string;
  readonly equations: string;
  readonly outputs: string[];
  readonly surrogate: keyof typeof surrogates;
  readonly constants: Record<string, number>;
  readonly learnable: Record<string, number>;
  readonly per: 'layer' | 'channel';
  readonly functions: string[];
  readonly x: number[];
  readonly dx: number[];
  readonly initial: ByName;
  readonly learnt: ByName;
  readonly gOutput: ByName;
  readonly gLast: ByName;
  readonly output: ByName;
  readonly last: ByName;
  readonly dInitial: ByName;
  readonly dLearnt: ByName;
}

const vectors = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'vectors/neurons.json'), 'utf8'),
) as Vector[];

const sequence = { steps: 12, size: 4, channels: 2 };

describe.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  const { per, outputs } = vector;
  const model = neuron(vector.equations, {
    parameters: {
      ...vector.constants,
      ...Object.fromEntries(Object.entries(vector.learnable).map(([k, v]) => [k, learnable(v, { per })])),
    },
    surrogate: surrogates[vector.surrogate](),
    functions: vector.functions.includes('mpr') ? { phi: mpr() } : {},
    outputs,
  });
  const states = model.states.map(({ name }) => name);
  const names = learnablesOf(model).map(({ name }) => name);
  const given = [
    Float64Array.from(vector.x),
    sequence,
    inOrder(vector.learnt, names),
    inOrder(vector.initial, states),
  ] as const;
  const scan = numberScan(model, 'f64');

  test('forward', () => {
    const { outputs: found, last } = scan.forward(...given);
    expectNear(found, vector.output, outputs);
    expectNear(last, vector.last, states);
  });

  test('backward', () => {
    const back = scan.backward(...given, inOrder(vector.gOutput, outputs), inOrder(vector.gLast, states));
    expectNear([back.x], { x: vector.dx }, ['x']);
    expectNear(back.initial, vector.dInitial, states);
    expectNear(back.parameters, vector.dLearnt, names);
  });
});
