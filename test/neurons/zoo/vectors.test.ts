// Every neuron of the zoo against PyTorch's autograd of its equations, written out by hand (vectors.py): outputs, last
// states, and the gradients of input, first states and learnable constants. And spike for spike against the libraries
// that have it (peers.py).

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { learnable, type NeuronModel, type ZooNeuron, zoo } from '../../../src';
import { learnablesOf } from '../../../src/neurons';
import { numberScan } from '../../../src/neurons/numbers/scan';
import { type ByName, expectNear, inOrder } from '../torch-vectors';

type Settings = Readonly<Record<string, number>>;

interface Vector {
  readonly name: string;
  readonly settings: Settings;
  readonly x: number[];
  readonly dx: number[];
  readonly initial: ByName;
  readonly gOutput: ByName;
  readonly gLast: ByName;
  readonly output: ByName;
  readonly last: ByName;
  readonly dInitial: ByName;
  readonly dLearnt: ByName;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `${name}.json`), 'utf8'));
const byName: Readonly<Record<string, ZooNeuron<string>>> = zoo;
const vectors = read('vectors') as Vector[];
const floats = (values: readonly number[]) => Float64Array.from(values);

test('every neuron of the zoo but the newest has its vectors', () => {
  const names = vectors.map(({ name }) => name);
  expect(Object.keys(zoo)).toEqual(expect.arrayContaining(names));
  expect(Object.keys(zoo).length - names.length).toBeLessThanOrEqual(1);
});

/** Learnable where the vector has a gradient. */
function modelOf({ name, settings, dLearnt }: Vector): NeuronModel {
  const { constants } = byName[name]!;
  const learnt = Object.entries(constants).flatMap(([key, { value, inEquations }]) =>
    Object.hasOwn(dLearnt, inEquations?.name ?? key)
      ? [[key, learnable(settings[key] ?? value)] as const]
      : [],
  );
  return byName[name]!({ ...settings, learns: false, ...Object.fromEntries(learnt) });
}

describe.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  const model = modelOf(vector);
  const states = model.states.map(({ name }) => name);
  const learnt = learnablesOf(model);
  const size = vector.gLast[states[0]!]!.length;
  const given = [
    floats(vector.x),
    { steps: vector.x.length / size, size, channels: size },
    learnt.map(({ value }) => floats([value])),
    inOrder(vector.initial, states),
  ] as const;

  test('forward and backward are those of its equations', () => {
    const scan = numberScan(model, 'f64');
    const { outputs, last } = scan.forward(...given);
    expectNear(outputs, vector.output, model.outputs);
    expectNear(last, vector.last, states);
    const [g, d] = [inOrder(vector.gOutput, model.outputs), inOrder(vector.gLast, states)];
    const back = scan.backward(...given, g, d);
    expectNear([back.x], { x: vector.dx }, ['x']);
    expectNear(back.initial, vector.dInitial, states);
    const names = learnt.map(({ name }) => name);
    expect([...names].sort()).toEqual(Object.keys(vector.dLearnt).sort());
    expectNear(back.parameters, vector.dLearnt, names);
  });
});

interface Peer {
  readonly peer: string;
  readonly name: string;
  readonly settings: Settings;
  readonly spread: number;
  readonly around: number;
  /** Of each neuron, a character a step. */
  readonly spikes: string[];
  /** Of recurrent neurons, whom test/snn/recurrent.test.ts takes. */
  readonly feedback?: unknown;
}
const { base, cases } = read('peers') as { base: number[]; cases: Peer[] };

const plain = cases.filter(({ feedback }) => feedback === undefined);
test.each(plain.map((peer) => [`${peer.name} ${JSON.stringify(peer.settings)}`, peer.peer, peer] as const))(
  '%s fires as that of %s',
  (_settings, _peer, { name, settings, spread, around, spikes }) => {
    const size = spikes.length;
    const x = floats(base.map((value) => value * 2 * spread + around));
    const model = byName[name]!({ ...settings, learns: false });
    const sequence = { steps: x.length / size, size, channels: size };
    const { outputs } = numberScan(model, 'f64').forward(
      x,
      sequence,
      [],
      model.states.map(() => undefined),
    );
    const found = spikes.map((row, i) =>
      Array.from(row, (_, t) => ({ 1: '1', 0: '0', [-1]: '-' })[outputs[0]![t * size + i]!]).join(''),
    );
    expect(found).toEqual(spikes);
  },
);
