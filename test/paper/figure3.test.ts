import { beforeAll, describe, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { type Figure3Network, figure3, figure3Cells } from '../../src/paper/figure3';
import { layerMembranes, neuronLayer } from '../../src/paper/figure3/membranes';
import { figure3Page } from '../../src/paper/figure3/page';
import { buildNetwork, imageSettings, type RunSettings } from '../../src/train';
import { named, parsePicture } from '../plot/markup';
import { SETTINGS } from '../support/records';

const images = shapes({ count: 10, seed: 1, split: 'test' });

const settings: RunSettings = {
  ...SETTINGS,
  ...imageSettings(images),
  width: 2,
  mpr: 3,
  epochs: 1,
  batch: 10,
  augment: [],
};

beforeAll(async () => {
  await init({ backend: 'cpu', seed: 7 });
});

async function measured(more: Partial<RunSettings>, layer?: string): Promise<Figure3Network> {
  const own = { ...settings, ...more };
  return {
    settings: own,
    membranes: await layerMembranes(buildNetwork(own), images, { batchSize: 10, layer }),
  };
}

describe('the membranes of a layer', () => {
  test('are those of the last neurons of the first block, unless another layer is named', () => {
    const network = buildNetwork(settings);
    expect(neuronLayer(network).name).toBe('stages.0.0.lif2');
    expect(neuronLayer(network, 'stem.0.lif').name).toBe('stem.0.lif');
    expect(() => neuronLayer(network, 'lif9')).toThrow(
      /figure3: the network has no neuron layer lif9; it has stem\.0\.lif, stages\.0\.0\.lif1, /,
    );
  });

  test('are counted once for each neuron, time step and image, and do not depend on the batch', async () => {
    const network = buildNetwork(settings);
    const [whole, parts] = [
      await layerMembranes(network, images, { batchSize: 10 }),
      await layerMembranes(network, images, { batchSize: 3 }),
    ];
    const neurons = images.height * images.width * settings.width;
    const total = whole.membrane.before.reduce((sum, count) => sum + count, 0);
    expect(total).toBe(images.length * settings.timesteps * neurons);
    expect(parts.membrane).toEqual(whole.membrane);
    expect(parts.quantization.before.squared).toBeCloseTo(whole.quantization.before.squared, 6);
  });

  test('come nearer to their spikes by MPR and stay where they are without', async () => {
    const { before, after } = (await measured({})).membranes.quantization;
    expect(after.absolute).toBeLessThan(before.absolute);
    expect(after.squared).toBeLessThan(before.squared);
    const none = (await measured({ mpr: null })).membranes;
    expect(none.quantization.after).toEqual(none.quantization.before);
  });

  test('are measured in evaluation, and the network goes on as it was', async () => {
    const network = buildNetwork(settings).train();
    const modes: boolean[] = [];
    network.onForward(() => modes.push(network.training));
    await layerMembranes(network, images, { batchSize: 5 });
    expect(modes).toEqual([false, false]);
    expect(network.training).toBe(true);
  });
});

describe('figure 3', () => {
  test("has a row for each distribution, the paper's numbers beside those that it prints", async () => {
    const [network, baseline] = [await measured({}), await measured({ mpr: null })];
    const { rows, svg, words } = figure3(network, baseline);
    expect(rows.map(({ published }) => published)).toEqual([undefined, 0.053, 0.216]);
    expect(rows.map(({ error }) => error)).toEqual([
      network.membranes.quantization.before,
      network.membranes.quantization.after,
      baseline.membranes.quantization.before,
    ]);
    expect([0, 1, 2].map((row) => figure3Cells(rows[row]!).at(-1))).toEqual(['-', '0.053', '0.216']);
    const charts = named(parsePicture(svg), 'svg').filter(({ attributes }) => attributes.role === 'img');
    expect(charts).toHaveLength(2);
    expect(svg).toContain(`mean |Ĥ - O| ${rows[1]!.error.absolute.toFixed(3)}`);
    expect(words.join(' ')).toContain(
      '(its baseline) and 0.053 (with MPR) are mean squares, eq. 7, of its own ResNet20 of width 64',
    );
    expect(words.join(' ')).not.toContain('differ in more than MPR');
    expect(figure3Page({ rows, svg, words })).toContain('0.053');
  });

  test('has the same heights in both charts, as shares', async () => {
    const { svg } = figure3(await measured({}), await measured({ mpr: null, width: 3 }));
    const ticks = (chart: string) =>
      [...chart.matchAll(/text-anchor="end">(\d+)<\/text>/g)].map(([, t]) => t);
    const [a, b] = svg.split('role="img"').slice(1).map(ticks);
    expect(a!.length).toBeGreaterThan(2);
    expect(b).toEqual(a);
  });

  test('says when the networks differ in more than MPR', async () => {
    const { words } = figure3(await measured({}), await measured({ mpr: null, epochs: 5 }));
    expect(words.join(' ')).toMatch(/differ in more than MPR: the baseline is .* 5 epochs/);
  });

  test('refuses a network without MPR, a baseline with it, and different layers', async () => {
    const [network, baseline] = [await measured({}), await measured({ mpr: null }, 'stem.0.lif')];
    expect(() => figure3(baseline)).toThrow(/expects a network trained with MPR/);
    expect(() => figure3(network, network)).toThrow(
      /expects a baseline trained without MPR, got one with k = 3/,
    );
    expect(() => figure3(network, baseline)).toThrow(/got stages\.0\.0\.lif2 and stem\.0\.lif/);
  });
});
