// The training behind the Network room, without a page.

import { beforeAll, describe, expect, test } from 'vitest';
import { GRID, REACH } from '../../examples/playground/src/rooms/network/messages';
import { networkCodec, type ShapeName, shapes } from '../../examples/playground/src/rooms/network/state';
import { spikingMlp, Training } from '../../examples/playground/src/rooms/network/training';
import { init, Lif, memory, tensor } from '../../src/index';

const small = { ...networkCodec.initial, layers: 1, width: 4, T: 3 };

async function trainedFor(steps: number[], settings = small) {
  const training = new Training(settings);
  for (const count of steps) training.advance(count);
  const snapshot = await training.snapshot();
  training.dispose();
  return snapshot;
}

beforeAll(async () => {
  await init({ backend: 'cpu' });
});

describe('a training', () => {
  test('gives the same picture for the same seed, in whatever portions it is asked for', async () => {
    const once = await trainedFor([12]);
    expect(await trainedFor([5, 1, 6])).toEqual(once);
    expect((await trainedFor([12], { ...small, seed: 2 })).networks).not.toEqual(once.networks);
  });

  test('starts as one network with MPR and without, which part by their gradients alone', async () => {
    const [on, off] = (await trainedFor([])).networks;
    expect(on!.decision).toEqual(off!.decision);
    expect(on!.layers[0]!.spikes).toEqual(off!.layers[0]!.spikes);
    expect(on!.layers[0]!.error!.after).toBeLessThan(off!.layers[0]!.error!.after);
    const [later, laterOff] = (await trainedFor([10])).networks;
    expect(later!.train.loss).not.toBe(laterOff!.train.loss);
  });

  test('shows one network alone as it is beside the other', async () => {
    const { networks } = await trainedFor([8]);
    expect((await trainedFor([8], { ...small, networks: 'on' })).networks).toEqual([networks[0]]);
    expect((await trainedFor([8], { ...small, networks: 'off' })).networks).toEqual([networks[1]]);
  });

  test.each(Object.keys(shapes) as ShapeName[])('tells the classes of %s apart', async (shape) => {
    // a spiral winds: it takes more neurons than the rest
    const width = shape === 'spirals' ? 12 : 8;
    const { networks, history } = await trainedFor([140], { ...networkCodec.initial, T: 4, width, shape });
    const first = history[0]!;
    networks.forEach(({ train, test: asked }, i) => {
      expect(train.loss).toBeLessThan(first.train[i]! / 2);
      expect(asked.loss).toBeLessThan(first.test[i]!);
      expect(asked.right).toBeGreaterThan(0.85);
    });
  });

  test('gives back every tensor that it made', async () => {
    const before = memory();
    await trainedFor([6]);
    expect(memory()).toEqual(before);
  });

  test('keeps losses at fixed steps, whenever it is asked', async () => {
    const { history } = await trainedFor([3, 4, 5]);
    expect(history.map(({ step }) => step)).toEqual([0, 5, 10]);
  });
});

test('the grid runs from left to right and from top to bottom', async () => {
  const [picture] = (await trainedFor([])).networks;
  const network = spikingMlp(small, 'with').evaluate();
  let spikes: ArrayLike<number> = [];
  for (const layer of network.layers)
    if (layer instanceof Lif)
      layer.onForward((_, output) => {
        spikes = output.dataSync();
      });
  const { neurons, spikes: seen } = picture!.layers[0]!;
  for (const [column, row] of [
    [0, 0],
    [GRID - 1, 0],
    [7, 30],
  ] as const) {
    const place = (index: number) => ((2 * index) / (GRID - 1) - 1) * REACH;
    network.call(tensor([place(column), -place(row)], [1, 2]));
    const cell = row * GRID + column;
    const there = Array.from({ length: small.T }, (_, t) => {
      const from = (t * GRID * GRID + cell) * neurons;
      return [...seen.subarray(from, from + neurons)];
    });
    expect(there.flat()).toEqual(Array.from(spikes));
  }
});
