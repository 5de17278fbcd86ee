import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { manualSeed } from '../../src/core/engine';
import { batches } from '../../src/data/batches';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { Flatten, Linear } from '../../src/nn/layers';
import { sequential } from '../../src/nn/sequential';
import { direct, Lif, mpr, resnet20, TimeMean } from '../../src/snn';
import { Direct } from '../../src/snn/encoder';
import { gradientNorms } from '../../src/train/gradients/norms';
import { overall, watchSurrogate } from '../../src/train/gradients/surrogate-gain';

beforeAll(async () => {
  await init({ backend: 'cpu', precision: 'f64' });
});

const batchOf = (images: number[], labels: number[]) => ({
  images: Float32Array.from(images),
  shape: [labels.length, 1, 1, 1],
  labels: Int32Array.from(labels),
  indices: Uint32Array.from(labels.keys()),
  index: 0,
  count: 1,
});

describe('gradient norms by layer', () => {
  test('are those that one computes by hand on a network of one neuron', async () => {
    const neuron = { rectifier: mpr({ k: 7 }) };
    const [inner, outer] = [new Linear(1, 1), new Linear(1, 2)];
    const network = sequential(new Direct(1), new Flatten(3), inner, new Lif(neuron), outer, new TimeMean());
    inner.weight.overwrite([0.5]);
    outer.weight.overwrite([0.3, -0.8]);
    const x = 1.25; // H = X = w·x = 0.625 fires and lies in the window
    const { losses, layers } = await gradientNorms(network, [batchOf([x], [1])]);
    // O = 1, so the logits are the outer weights; dL/dlogit = softmax - label
    const [a, b] = [Math.exp(0.3), Math.exp(-0.8)];
    const g = [a / (a + b), b / (a + b) - 1] as const;
    expect(losses[0]).toBeCloseTo(-Math.log(b / (a + b)), 12);
    expect(layers.map(({ name, kind }) => [name, kind])).toEqual([
      ['2', 'linear'],
      ['4', 'linear'],
    ]);
    expect(layers[1]!.norms[0]).toBeCloseTo(Math.hypot(...g), 12);
    const slope = (7 / (2 * Math.tanh(3.5))) * (1 - Math.tanh(7 * 0.125) ** 2);
    expect(layers[0]!.norms[0]).toBeCloseTo(Math.abs((g[0] * 0.3 - g[1] * 0.8) * slope * x), 12);
  });

  test('come batch by batch, and leave mode, weights and gradients as they were', async () => {
    const network = resnet20({ width: 2, timesteps: 2 }).evaluate();
    const weights = () => network.parameters().map((parameter) => Array.from(parameter.dataSync()));
    const before = weights();
    const images = shapes({ count: 12, seed: 1, split: 'train' });
    const order = batches(images, { batchSize: 4, seed: 3, epoch: 0, shuffle: true, augment: [] });
    const seen: number[] = [];
    const { losses, layers } = await gradientNorms(network, order, (done) => seen.push(done));
    expect(seen).toEqual([1, 2, 3]);
    expect(losses.length).toBe(3);
    expect(layers.length).toBe(22);
    expect(layers[0]!.name).toBe('stem.0.conv');
    expect(layers.at(-1)!.name).toBe('fc');
    for (const { norms } of layers) expect(new Set(norms).size).toBe(3);
    expect(network.training).toBe(false);
    expect(weights()).toEqual(before);
    expect(network.parameters().every(({ grad }) => grad === null)).toBe(true);
  });

  test('of the classifier do not depend on k, and those below do', async () => {
    const images = shapes({ count: 4, seed: 1, split: 'train' });
    const of = async (k: number | null) => {
      manualSeed(5);
      const network = resnet20({
        width: 2,
        timesteps: 2,
        neuron: { rectifier: k === null ? null : mpr({ k }) },
      });
      const order = batches(images, { batchSize: 4, seed: 0, epoch: 0, shuffle: false, augment: [] });
      const { losses, layers } = await gradientNorms(network, order);
      return { loss: losses[0], head: layers.at(-1)!.norms[0], stem: layers[0]!.norms[0] };
    };
    const [none, one, seven] = [await of(null), await of(1), await of(7)];
    expect(one).toMatchObject({ loss: none.loss, head: none.head });
    expect(seven).toMatchObject({ loss: none.loss, head: none.head });
    expect(new Set([none.stem, one.stem, seven.stem]).size).toBe(3);
  });
});

describe('what the neurons let through', () => {
  const currents = [-0.2, 0.1, 0.5, 0.8, 1.3];
  const look = async (layer: Lif) => {
    const watch = watchSurrogate(layer);
    layer.call(direct(tensor(currents, [1, 5]), 1));
    return (await watch.report())[0]!;
  };

  test('without a rectifier it is the share in the window, and nothing is flat', async () => {
    const seen = await look(new Lif());
    expect(seen).toMatchObject({ values: 5, open: 0.6, flat: 0 });
    expect(seen.gain).toBeCloseTo(Math.sqrt(3 / 5), 12);
  });

  test('with MPR the same share, each with its slope', async () => {
    const k = 5;
    const slopes = [0.1, 0.5, 0.8].map(
      (h) => (k / (2 * Math.tanh(k / 2))) * (1 - Math.tanh(k * (h - 0.5)) ** 2),
    );
    const seen = await look(new Lif({ rectifier: mpr({ k }) }));
    expect(seen.open).toBe(0.6);
    expect(slopes.map((slope) => slope < 0.1)).toEqual([false, false, false]);
    expect(seen.flat).toBe(0);
    expect(seen.gain).toBeCloseTo(Math.sqrt(slopes.reduce((sum, slope) => sum + slope ** 2, 0) / 5), 12);
    const steep = await look(new Lif({ rectifier: mpr({ k: 12 }) }));
    expect(steep.open).toBe(0.6);
    expect(steep.flat).toBe(0.4); // all but the one at the threshold
  });

  test('a layer weighs as much as it has neurons', () => {
    const layer = (values: number, open: number, gain: number) => ({ name: '', values, open, flat: 0, gain });
    const all = overall([layer(30, 0.2, 1), layer(10, 0.6, 3)]);
    expect(all.values).toBe(40);
    expect(all.open).toBeCloseTo(0.3, 12);
    expect(all.gain).toBeCloseTo(Math.sqrt(3), 12);
  });

  test('a rectifier made of operators has no slope to look at, and that is said', async () => {
    const watch = watchSurrogate(new Lif());
    expect(await watch.report()).toEqual([]);
    const layer = new Lif({ rectifier: (h) => h });
    const other = watchSurrogate(sequential(layer));
    layer.call(tensor([0.4], [1, 1]));
    await expect(other.report()).rejects.toThrow(/^watchSurrogate: 0 has a rectifier made of operators/);
  });
});
