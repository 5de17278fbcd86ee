// Neurons of a Python file: the smallest that shows everything, which needs nothing but Python, against the laws.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEERS } from '../../bench/laws/peers';
import { commandOf, type Row, rowOf } from '../../bench/laws/row';
import { tableOf, withLaw } from '../../bench/laws/table';
import { type PythonNeurons, pythonNeurons } from '../../src/testing/node/python';
import { needsOf } from '../support/needs';

const plain = 'bench/laws/python/plain.py';
const { missing, note } = needsOf('test/bench/laws.test.ts');

test('a law that is tried alone changes its own cell of a recorded row, and no other', () => {
  const reset = { law: 'reset', words: '', numbers: [] };
  const unasked = { law: 'reset', reason: "only 'rest' was asked for" };
  const old: Row = { peer: 'norse', neuron: 'A', held: ['binary'], broken: [reset], notChecked: [] };
  const now: Row = { peer: 'norse', neuron: 'A', held: ['rest'], broken: [], notChecked: [unasked] };
  expect(withLaw(old, now, 'rest')).toEqual({ ...old, held: ['binary', 'rest'] });
});

describe.skipIf(missing)(`neurons of a Python process${note}`, () => {
  let bridge: PythonNeurons;
  beforeAll(async () => {
    bridge = await pythonNeurons(plain);
  });
  afterAll(() => bridge.close());

  const options = { runs: 12, seed: 1 };
  const row = async (name: string): Promise<Row> => rowOf('plain', await bridge.neuron(name), options);

  test('keep their laws', async () => {
    const { held, broken, notChecked } = await row('Lif');
    expect(broken).toEqual([]);
    expect(held).toEqual(expect.arrayContaining(['pieces', 'decay', 'gradient', 'gradient in pieces']));
    expect(notChecked.map(({ law }) => law)).toEqual(['refractory', 'otherwise']);
  });

  test('show the smallest counterexample where they do not', async () => {
    const forgetful = await row('Forgetful');
    expect(forgetful.broken.map(({ law }) => law)).toEqual(['decay', 'pieces']);
    const cut = await row('Cut');
    expect(cut.broken.map(({ law }) => law)).toEqual(['gradient in pieces']);
    expect(cut.broken[0]!.numbers[1]).toMatch(/^cut before t = 1, dX at t = 0/);
    const late = await row('Late');
    expect(late.broken.map(({ law }) => law)).toContain('reset');
    const table = tableOf([
      { peer: PEERS[0]!.key, versions: { python: '3' }, runs: 12, rows: [forgetful, late] },
    ]);
    expect(table).toContain('| Forgetful |');
    expect(table).toContain(commandOf('plain', 'Late', 'reset'));
  });

  test('answer many questions in their own time, and tell what they raise', async () => {
    const neuron = await bridge.neuron('Lif');
    const of = (amount: number) => neuron.run({ data: [amount], shape: [1, 1, 1] });
    const answers = await Promise.all([of(2), of(0), of(Number.MAX_VALUE), of(-1)]);
    expect(answers.map(({ spikes }) => spikes)).toEqual([[1], [0], [1], [0]]);
    const far = await neuron.run({ data: [1e308, 1e308, 1e308, 1e308], shape: [4, 1, 1] });
    expect(far.membrane).toContain(Number.POSITIVE_INFINITY);
    await expect(neuron.run({ data: [], shape: [1, 1] })).rejects.toThrow('ValueError');
    await expect(bridge.neuron('Unknown')).rejects.toThrow('no neuron Unknown; there are Lif');
  });
});

describe.skipIf(missing)(`a Python file${note}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-file-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string) => {
    const path = join(folder, 'neurons.py');
    writeFileSync(path, text);
    return path;
  };

  test('needs a class with run and nothing else; what it prints and what it is not does no harm', async () => {
    const leaky = `
print("hello")
class Leaky:
    def run(self, currents, initial):
        print("asked")
        return {"spikes": [[[value >= 1 for value in row] for row in now] for now in currents]}
class Other:
    pass
`;
    const neurons = await pythonNeurons(file(leaky));
    expect(neurons.names).toEqual(['Leaky']);
    expect(Object.keys(neurons.versions)).toEqual(['python']);
    const { spikes } = await (await neurons.neuron()).run({ data: [2, 0, 1, -3], shape: [2, 1, 2] });
    expect(spikes).toEqual([1, 0, 1, 0]);
    await neurons.close();
  });

  test('that has no neuron, an error, or several is told so', async () => {
    await expect(pythonNeurons(file('x = 1'))).rejects.toThrow(
      'has no class with run(self, currents, initial)',
    );
    await expect(pythonNeurons(file('import nothing_of_that_name'))).rejects.toThrow(
      /ended without a word: .*No module named 'nothing_of_that_name'/s,
    );
    await expect(pythonNeurons(join(folder, 'none.py'))).rejects.toThrow('no file');
    await expect(pythonNeurons(plain, { python: 'no-such-python' })).rejects.toThrow('no-such-python');
    const neurons = await pythonNeurons(plain);
    await expect(neurons.neuron()).rejects.toThrow('which neuron? there are Lif | Forgetful | Late | Cut');
    await neurons.close();
  });
});
