// What a network says of itself, and the summary made of it.

import { beforeAll, describe, expect, test } from 'vitest';
import { ones } from '../../src/core/create';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { init } from '../../src/init';
import {
  AvgPool2d,
  Conv2d,
  Dropout,
  Flatten,
  type Flow,
  GlobalAvgPool,
  Linear,
  Module,
  Sequential,
  sequential,
  summary,
} from '../../src/nn';
import { add } from '../../src/ops';
import { Direct, Lif, mpr, probe, resnet20, TdBatchNorm, TimeMean } from '../../src/snn';

beforeAll(() => init({ backend: 'cpu' }));

const small = () =>
  sequential(
    new Conv2d(3, 8),
    new Direct(4),
    new TdBatchNorm(8),
    new Lif({ rectifier: mpr({ k: 5 }) }),
    new AvgPool2d(2),
    new Flatten(),
    new Dropout(0.5),
    new Linear(128, 10),
    new TimeMean(),
  );

/** Two branches, by hand. */
class Residual extends Module {
  readonly conv = this.child('conv', new Conv2d(2, 2));
  readonly bn = this.child('bn', new TdBatchNorm(2));
  readonly lif = this.child('lif', new Lif());
  forward(x: Tensor): Tensor {
    return this.lif.call(add(this.bn.call(this.conv.call(x)), x));
  }
}

class Told extends Residual {
  override forward(x: Tensor): Tensor {
    return super.forward(x);
  }
  override outline(x: Flow): Flow {
    return x.through(this.conv).through(this.bn).plus(x).through(this.lif);
  }
}

describe('a network described', () => {
  test('says of each layer what goes in and comes out, over how many steps, and what it costs', () => {
    const { layers, ...whole } = small().describe({ inputShape: [8, 8, 3] });
    expect(whole).toEqual({
      type: 'Sequential',
      inputShape: [8, 8, 3],
      outputShape: [10],
      timesteps: 4,
      output: '8',
      parameters: 216 + 16 + 1290,
      operations: 64 * 27 * 8 + 4 * 1280,
    });
    expect(layers.map(({ kind, outputShape, timesteps }) => [kind, outputShape, timesteps])).toEqual([
      ['conv', [8, 8, 8], undefined],
      ['repeat', [8, 8, 8], 4],
      ['norm', [8, 8, 8], 4],
      ['neuron', [8, 8, 8], 4],
      ['averagePool', [4, 4, 8], 4],
      ['flatten', [128], 4],
      ['dropout', [128], 4],
      ['linear', [10], 4],
      ['timeMean', [10], undefined],
    ]);
    expect(layers.filter(({ spikesOut }) => spikesOut).map(({ path }) => path)).toEqual(['3']);
    expect(layers[4]!.spikesIn).toBe(true);
    expect(layers[2]).toMatchObject({ foldsInto: '0', scale: 0.5, from: ['1'] });
    expect(layers[3]).toMatchObject({
      neuron: {
        dynamics: 'leak',
        tau: 0.25,
        rectifier: { name: 'mpr', parameters: { k: 5 } },
        keepsSpikes: true,
      },
    });
    expect(layers[0]).toEqual({
      ...{ kind: 'conv', kernel: 3, channels: 3, filters: 8, stride: 1, padding: 1 },
      ...{ dilation: 1, groups: 1, bias: false },
      ...{
        path: '0',
        layer: '0',
        type: 'Conv2d',
        from: ['input'],
        inputShape: [8, 8, 3],
        outputShape: [8, 8, 8],
      },
      ...{ parameters: 216, operations: 13824, spikesIn: false, spikesOut: false },
    });
    expect(JSON.parse(JSON.stringify(layers))).toEqual(layers);
  });

  test('gives the shapes that its forward gives, layer by layer', () => {
    for (const variant of ['small', 'wide'] as const) {
      const network = resnet20({ variant, width: 2, timesteps: 2 }).evaluate();
      const given = new Map<string, readonly number[]>();
      for (const [name, module] of network.modules())
        module.onForward((_, y) => void given.set(name, y.shape));
      noGrad(() => network.call(ones([1, 12, 12, 3])));
      const { layers, parameters } = network.describe({ inputShape: [12, 12, 3] });
      for (const { kind, path, outputShape, timesteps } of layers) {
        if (kind === 'sum') continue;
        const expected = timesteps === undefined ? [1, ...outputShape!] : [timesteps, 1, ...outputShape!];
        expect(given.get(path), path).toEqual(expected);
      }
      expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameters);
      expect(parameters).toBe(network.parameterCount());
    }
  });

  test('counts the operations that a probe counts', async () => {
    const network = resnet20({ width: 2, timesteps: 3 });
    const looking = probe(network, { membranes: false });
    noGrad(() => network.call(ones([2, 8, 8, 3])));
    const seen = (await looking.report()).operations.layers;
    const { layers, operations } = network.describe({ inputShape: [8, 8, 3] });
    const told = layers.filter(({ operations: own }) => own !== 0);
    expect(told.map(({ path, operations: own }) => [path, own])).toEqual(
      seen.map(({ name, dense }) => [name, dense]),
    );
    expect(operations).toBe(seen.reduce((sum, { dense }) => sum + dense, 0));
  });

  test('takes sequences, whose time steps are given', () => {
    const { timesteps, layers } = resnet20({ width: 1 }).describe({ inputShape: [8, 8, 3], timesteps: 7 });
    expect(timesteps).toBe(7);
    expect(layers.some(({ kind }) => kind === 'repeat')).toBe(false);
    expect(layers[0]!.timesteps).toBe(7);
    expect(() => small().describe({ inputShape: [8, 8, 3], timesteps: 7 })).toThrow(
      /describe: layer 1 \(Direct\): repeats images over time, it is fed a sequence/,
    );
  });

  test('has a layer that stands at two places under its first name, its numbers counted once', () => {
    const layer = new Linear(3, 3);
    const { layers } = sequential(layer, new Lif(), layer).describe();
    expect(layers.map(({ path, layer: name, parameters }) => [path, name, parameters])).toEqual([
      ['0', '0', 12],
      ['1', '1', 0],
      ['2', '0', 0],
    ]);
  });

  test.each<[string, () => Sequential, string | undefined]>([
    [
      'through repetition and pools',
      () => sequential(new Conv2d(1, 2), new AvgPool2d(2), new TdBatchNorm(2)),
      '0',
    ],
    [
      'through a pool over the image',
      () => sequential(new Conv2d(1, 2), new GlobalAvgPool(), new TdBatchNorm(2)),
      '0',
    ],
    ['through another norm', () => sequential(new Conv2d(1, 2), new TdBatchNorm(2), new TdBatchNorm(2)), '0'],
    ['not through a neuron', () => sequential(new Conv2d(1, 2), new Lif(), new TdBatchNorm(2)), undefined],
    [
      'not where channels become others',
      () => sequential(new Conv2d(1, 2), new Flatten(), new TdBatchNorm(32)),
      undefined,
    ],
    ['not without a layer before', () => sequential(new TdBatchNorm(1)), undefined],
  ])('folds a norm %s', (_, network, into) => {
    const norm = network()
      .describe({ inputShape: [4, 4, 1] })
      .layers.at(-1)!;
    expect(norm.foldsInto).toBe(into);
  });

  test('folds no norm into weights whose values another layer takes too', () => {
    class Both extends Module {
      readonly conv = this.child('conv', new Conv2d(1, 1));
      readonly bn = this.child('bn', new TdBatchNorm(1));
      forward(x: Tensor): Tensor {
        const y = this.conv.call(x);
        return add(y, this.bn.call(y));
      }
      override outline(x: Flow): Flow {
        const y = x.through(this.conv);
        return y.plus(y.through(this.bn));
      }
    }
    expect(new Both().describe().layers.map(({ foldsInto }) => foldsInto)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a module of one’s own', () => {
  test('is a custom layer, behind which its own layers are listed', () => {
    const { layers, operations } = sequential(new Residual(), new Lif()).describe({ inputShape: [4, 4, 2] });
    expect(layers.map(({ path, kind, type, from }) => [path, kind, type, from])).toEqual([
      ['0', 'custom', 'Residual', ['input']],
      ['0.conv', 'conv', 'Conv2d', []],
      ['0.bn', 'norm', 'TdBatchNorm', []],
      ['0.lif', 'neuron', 'Lif', []],
      ['1', 'neuron', 'Lif', ['0']],
    ]);
    expect(operations).toBeUndefined();
  });

  test('says how a value goes through it by an outline', () => {
    const { layers } = new Told().describe({ inputShape: [4, 4, 2], timesteps: 2 });
    expect(layers.map(({ path, from }) => [path, from])).toEqual([
      ['conv', ['input']],
      ['bn', ['conv']],
      ['sum', ['bn', 'input']],
      ['lif', ['sum']],
    ]);
  });

  test('whose forward is written anew below an outline is a custom layer', () => {
    class Louder extends Linear {
      override forward(x: Tensor): Tensor {
        return super.forward(add(x, x));
      }
    }
    class Backwards extends Sequential {
      override forward(x: Tensor): Tensor {
        return [...this.layers].reverse().reduce((y, layer) => layer.call(y), x);
      }
    }
    expect(new Louder(2, 2).describe().layers).toMatchObject([
      { kind: 'custom', type: 'Louder', parameters: 6 },
    ]);
    expect(new Backwards([new Linear(2, 2)]).describe().layers[0]).toMatchObject({ kind: 'custom' });
  });

  test('that sends values through a layer it has not registered is told so', () => {
    class Forgetful extends Module {
      readonly layer = new Linear(2, 2);
      forward(x: Tensor): Tensor {
        return this.layer.call(x);
      }
      override outline(x: Flow): Flow {
        return x.through(this.layer);
      }
    }
    expect(() => new Forgetful().describe()).toThrow(
      /describe: Forgetful: Forgetful sends values through a Linear that is none of its layers; register it: this\.child/,
    );
  });
});

describe('a summary', () => {
  test('is a table with the sums below', () => {
    const lines = summary(small(), { inputShape: [8, 8, 3] }).split('\n');
    expect(lines[0]).toMatch(/^layer +kind +output +parameters +operations$/);
    expect(lines[5]).toBe('3      Lif, mpr     4 x [8,8,8]           0           0');
    expect(lines.at(-1)).toBe(
      '1,522 parameters, 18,944 dense multiply-accumulates for one image over 4 time steps',
    );
  });

  test('without an input shape has neither shapes nor operations', () => {
    const text = summary(resnet20({ width: 1 }));
    expect(text).toMatch(/^stages\.0\.0\.sum +sum +0$/m);
    expect(text).toMatch(/parameters$/);
  });

  test('names the layer that does not fit', () => {
    expect(() => summary(small(), { inputShape: [10, 8, 3] })).toThrow(
      /^summary: layer 7 \(Linear\): takes 128 numbers, it is fed \[160\]; is a Flatten missing\?/,
    );
    expect(() => summary(small(), { inputShape: [8, 8, 1] })).toThrow(
      /^summary: layer 0 \(Conv2d\): weight expects 3/,
    );
  });
});
