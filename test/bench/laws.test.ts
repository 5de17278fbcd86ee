// The bridge to neurons in Python: the smallest file of a peer, which needs nothing but Python, against the laws.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bridge } from '../../bench/laws/bridge';
import { PEERS } from '../../bench/laws/peers';
import { commandOf, type Row, rowOf } from '../../bench/laws/row';
import { tableOf } from '../../bench/laws/table';
import { needsOf } from '../support/needs';

const { missing, note } = needsOf('test/bench/laws.test.ts');

describe.skipIf(missing)(`neurons of a Python process${note}`, () => {
  let bridge: Bridge;
  beforeAll(async () => {
    bridge = await Bridge.start('python3', 'plain');
  });
  afterAll(() => bridge.stop());

  const options = { runs: 12, seed: 1 };
  const row = async (name: string): Promise<Row> => rowOf('plain', await bridge.neuron(name), options);

  test('keep their laws', async () => {
    const { held, broken, notChecked } = await row('Lif');
    expect(broken).toEqual([]);
    expect(held).toEqual(expect.arrayContaining(['pieces', 'decay', 'gradient']));
    expect(notChecked.map(({ law }) => law)).toEqual(['refractory', 'otherwise']);
  });

  test('show the smallest counterexample where they do not', async () => {
    const forgetful = await row('Forgetful');
    expect(forgetful.broken.map(({ law }) => law)).toEqual(['decay', 'pieces']);
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
    await expect(bridge.neuron('Unknown')).rejects.toThrow('KeyError');
  });
});

test.skipIf(missing)(`a process that ends without a word is told${note}`, async () => {
  await expect(Bridge.start('python3', 'no_such_peer')).rejects.toThrow('ended without a word');
});
