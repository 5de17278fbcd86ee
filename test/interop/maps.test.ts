// Networks of other tools by maps, each held against its own equation in plain loops: what a layer or neuron does
// there, written down here once more. That the libraries themselves agree is shown by bench/weights
// (bench/results/weights.md).

import { beforeAll, describe, expect, test } from 'vitest';
import {
  fromMap,
  init,
  Linear,
  type MapLayer,
  type Module,
  mapNames,
  type NameMap,
  type SafetensorsEntry,
  sequential,
  stateOf,
  tensor,
  theirState,
} from '../../src';

const entry = (shape: number[], data: readonly number[]): SafetensorsEntry => ({
  dtype: 'F64',
  shape,
  data: Float64Array.from(data),
});
/** Numbers that are no pattern. */
const numbers = (count: number, scale = 1) =>
  Array.from({ length: count }, (_, i) => scale * Math.sin(7 * i + 1));
const eye = (n: number) => Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0));

beforeAll(async () => {
  await init({ backend: 'cpu', precision: 'f64' });
});

async function outputs(network: Module, x: readonly number[], shape: readonly number[]): Promise<number[]> {
  const y = network.call(tensor(Float64Array.from(x), [...shape]));
  return Array.from(await y.data());
}

/** A neuron in a plain loop: the spikes of its next step. */
type Neuron = (x: number) => number;

/** Spikes in all of T steps of an input that stays. */
function counted(x: number, steps: number, neuron: Neuron): number {
  let count = 0;
  for (let t = 0; t < steps; t++) count += neuron(x);
  return count;
}

describe('neurons of other libraries fire as their equations say', () => {
  const inputs = Array.from({ length: 40 }, (_, i) => (i - 8) / 11);
  const steps = 12;
  const base: NameMap = { inputShape: [40], timesteps: steps, output: 'sum', layers: [] };
  const tensors = new Map([['fc.weight', entry([40, 40], eye(40))]]);
  const sigmoid = (w: number) => 1 / (1 + Math.exp(-w));
  type Charge = (v: number, x: number) => number;
  const hard =
    (charge: Charge, threshold: number, reset: number, { above = false, from = 0 } = {}) =>
    (): Neuron => {
      let v = from;
      return (x) => {
        const h = charge(v, x);
        const fires = above ? h > threshold : h >= threshold;
        v = fires ? reset : h;
        return Number(fires);
      };
    };
  /** @param most spikes of a step @param least what is left of the membrane */
  const soft =
    (charge: Charge, threshold: number, { most = 1, least = Number.NEGATIVE_INFINITY } = {}) =>
    (): Neuron => {
      let v = 0;
      return (x) => {
        const h = charge(v, x);
        const spikes = h >= threshold ? Math.min(most, Math.floor(h / threshold)) : 0;
        v = Math.max(least, h - spikes * threshold);
        return spikes;
      };
    };
  /** A neuron behind a current. */
  const behind = (current: Charge, neuron: () => Neuron) => (): Neuron => {
    let i = 0;
    const inner = neuron();
    return (x) => {
      i = current(i, x);
      return inner(i);
    };
  };
  /** snnTorch's: what the membrane was above the threshold counts in the next step. */
  const late = (reset: (v: number, x: number, was: boolean) => number, threshold: number) => (): Neuron => {
    let v = 0;
    return (x) => {
      v = reset(v, x, v > threshold);
      return Number(v > threshold);
    };
  };
  const alpha = Math.exp(-1 / 5);
  const cases: readonly [
    string,
    Partial<NameMap> & { layer?: MapLayer },
    () => Neuron,
    Record<string, number>?,
  ][] = [
    [
      'IFNode',
      { library: 'spikingjelly', neuron: { kind: 'IFNode', v_reset: null } },
      soft((v, x) => v + x, 1),
    ],
    [
      'LIFNode',
      { library: 'spikingjelly', neuron: { kind: 'LIFNode' } },
      hard((v, x) => v + (x - v) / 2, 1, 0),
    ],
    [
      'LIFNode with a reset potential',
      { library: 'spikingjelly', neuron: { kind: 'LIFNode', tau: 1.5, v_threshold: 0.8, v_reset: -0.3 } },
      hard((v, x) => v + (x - (v + 0.3)) / 1.5, 0.8, -0.3, { from: -0.3 }),
    ],
    [
      'LIFNode without decay of its input',
      { library: 'spikingjelly', neuron: { kind: 'LIFNode', tau: 4, decay_input: false, v_reset: 0.1 } },
      hard((v, x) => v - (v - 0.1) / 4 + x, 1, 0.1, { from: 0.1 }),
    ],
    [
      'ParametricLIFNode',
      { library: 'spikingjelly', neuron: { kind: 'ParametricLIFNode', v_reset: null } },
      soft((v, x) => v + (x - v) * sigmoid(0.3), 1),
      { w: 0.3 },
    ],
    [
      'Leaky',
      { library: 'snntorch', neuron: { kind: 'Leaky' } },
      hard((v, x) => 0.9 * v + x, 1, 0, { above: true }),
      { beta: 0.9, threshold: 1, reset_mechanism_val: 1 },
    ],
    [
      'LIF',
      { library: 'sinabs', neuron: { kind: 'LIF', spike_fn: 'SingleSpike' } },
      soft((v, x) => alpha * v + (1 - alpha) * x, 0.6),
      { tau_mem: 5, spike_threshold: 0.6 },
    ],
    [
      'IAF',
      { library: 'sinabs', neuron: { kind: 'IAF', spike_fn: 'SingleSpike', reset_fn: 'MembraneReset' } },
      hard((v, x) => v + x, 1, 0),
    ],
    [
      'LIFAct',
      { library: 'guo', neuron: { kind: 'LIFAct' } },
      hard((v, x) => 0.25 * v + x, 0.5, 0, { above: true }),
    ],
    [
      'KLIFNode',
      { library: 'spikingjelly', neuron: { kind: 'KLIFNode', tau: 2.5 } },
      hard((v, x) => Math.max(0, 1.3 * (v + (x - v) / 2.5)), 1, 0),
      { k: 1.3 },
    ],
    [
      'CUBALIFNode with a reset potential',
      { library: 'spikingjelly', neuron: { kind: 'CUBALIFNode', c_decay: 0.4, v_reset: -0.2 } },
      behind(
        (i, x) => 0.4 * i + x,
        hard((v, i) => 0.75 * v + i, 0.5, -0.2, { from: -0.2 }),
      ),
    ],
    [
      'Leaky as it is left alone: reset by subtraction in the next step',
      { library: 'snntorch', neuron: { kind: 'Leaky', beta: 0.9 } },
      late((v, x, was) => 0.9 * v + x - Number(was), 1),
    ],
    [
      'Leaky without reset',
      { library: 'snntorch', neuron: { kind: 'Leaky', beta: 0.5, reset_mechanism: 'none' } },
      late((v, x) => 0.5 * v + x, 1),
    ],
    [
      'Leaky without delay',
      { library: 'snntorch', neuron: { kind: 'Leaky', beta: 0.8, reset_delay: false } },
      () => {
        let v = 0;
        return (x) => {
          const was = Number(v > 1);
          const h = 0.8 * v + x - was;
          v = h - (Number(h > 1) - was);
          return Number(h > 1);
        };
      },
    ],
    [
      'Leaky with graded spikes',
      { library: 'snntorch', neuron: { kind: 'Leaky', beta: 0.9 } },
      () => {
        const inner = late((v, x, was) => 0.9 * v + x - Number(was), 1)();
        return (x) => 2.5 * inner(x);
      },
      { graded_spikes_factor: 2.5 },
    ],
    [
      'Synaptic',
      { library: 'snntorch', neuron: { kind: 'Synaptic', beta: 0.7 } },
      behind(
        (i, x) => 0.6 * i + x,
        late((v, i, was) => 0.7 * v + i - Number(was), 1),
      ),
      { alpha: 0.6 },
    ],
    [
      'Synaptic with a reset to 0',
      { library: 'snntorch', neuron: { kind: 'Synaptic', alpha: 0.6, beta: 0.7, reset_mechanism: 'zero' } },
      behind(
        (i, x) => 0.6 * i + x,
        late((v, i, was) => (was ? 0 : 0.7 * v + i), 1),
      ),
    ],
    [
      'IAF as from_model leaves it: several spikes a step, a membrane that is held at -1',
      { library: 'sinabs', neuron: { kind: 'IAF' } },
      soft((v, x) => v + x, 0.4, { most: Number.POSITIVE_INFINITY, least: -0.5 }),
      { spike_threshold: 0.4, min_v_mem: -0.5 },
    ],
    [
      'LIF behind a current, three spikes a step at most',
      {
        library: 'sinabs',
        neuron: {
          ...{ kind: 'LIF', tau_mem: 5, tau_syn: 5, norm_input: false },
          ...{ spike_fn: 'MaxSpike', max_num_spikes_per_bin: 3 },
        },
      },
      behind(
        (i, x) => alpha * (i + x),
        soft((v, i) => alpha * v + i, 1, { most: 3 }),
      ),
    ],
  ];

  test.each(cases)('%s', async (_, map, neuron, held = {}) => {
    const file = new Map(tensors);
    for (const [name, value] of Object.entries(held)) file.set(`n.${name}`, entry([1], [value]));
    const network = await fromMap({ ...base, ...map, layers: [{ linear: 'fc' }, { neuron: 'n' }] }, file);
    const wanted = inputs.map((x) => counted(x, steps, neuron()));
    expect(await outputs(network, inputs, [1, 40])).toEqual(wanted);
    expect(Math.max(...wanted)).toBeGreaterThan(3);
  });

  test('RLeaky and RSynaptic take their spikes back, through a map or each its own', async () => {
    const weight = Array.from({ length: 9 }, (_, i) => 0.8 * Math.sin(5 * i + 2));
    const bias = [0.1, -0.05, 0.2];
    const x = [0.5, 0.9, 0.2];
    const run = (back: (spikes: readonly number[], n: number) => number, alpha: number | undefined) => {
      const [v, i, counts] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
      let spikes = [0, 0, 0];
      for (let t = 0; t < steps; t++) {
        const before = spikes;
        spikes = x.map((one, n) => {
          const current = one + back(before, n);
          i[n] = alpha === undefined ? current : alpha * i[n]! + current;
          v[n] = 0.8 * v[n]! + i[n]! - Number(v[n]! > 1);
          return Number(v[n]! > 1);
        });
        spikes.forEach((spike, n) => {
          counts[n]! += spike;
        });
      }
      return Array.from(counts);
    };
    const through = (spikes: readonly number[], n: number) =>
      bias[n]! + spikes.reduce((sum, spike, m) => sum + spike * weight[3 * n + m]!, 0);
    const linear = new Map([
      ['n.beta', entry([], [0.8])],
      ['n.recurrent.weight', entry([3, 3], weight)],
      ['n.recurrent.bias', entry([3], bias)],
    ]);
    const own = new Map(['n.beta', 'n.V', 'n.recurrent.V'].map((name) => [name, entry([], [0.8])]));
    const network = (kind: string, file: Map<string, SafetensorsEntry>, more = {}) =>
      fromMap(
        { ...base, inputShape: [3], library: 'snntorch', layers: [{ neuron: 'n', kind, ...more }] },
        file,
      );
    const got = async (...of: Parameters<typeof network>) => outputs(await network(...of), x, [1, 3]);
    expect(await got('RLeaky', linear)).toEqual(run(through, undefined));
    expect(await got('RSynaptic', linear, { alpha: 0.5 })).toEqual(run(through, 0.5));
    expect(await got('RLeaky', own)).toEqual(run((spikes, n) => 0.8 * spikes[n]!, undefined));
    expect(new Map(await theirState(await network('RLeaky', linear)))).toEqual(linear);
    await expect(network('RLeaky', new Map([['n.beta', entry([], [0.8])]]))).rejects.toThrow(
      /the file has no "n\.recurrent\.weight"/,
    );
  });

  test('neurons of snnTorch may have constants of their own, which go back trained', async () => {
    const [betas, thresholds] = [inputs.map((_, i) => (i - 2) / 36), inputs.map((_, i) => 0.5 + i / 80)];
    const file = new Map([
      ...tensors,
      ['n.beta', entry([40], betas)],
      ['n.threshold', entry([40], thresholds)],
    ] as [string, SafetensorsEntry][]);
    const map: NameMap = {
      ...base,
      library: 'snntorch',
      layers: [{ linear: 'fc' }, { neuron: 'n', kind: 'Leaky' }],
    };
    const network = await fromMap(map, file);
    const wanted = inputs.map((x, i) => {
      const beta = Math.min(1, Math.max(0, betas[i]!));
      const charge = (v: number, now: number, was: boolean) => beta * v + now - thresholds[i]! * Number(was);
      return counted(x, steps, late(charge, thresholds[i]!)());
    });
    expect(await outputs(network, inputs, [1, 40])).toEqual(wanted);
    expect(new Set(wanted).size).toBeGreaterThan(4);
    expect(new Map(await theirState(network))).toEqual(file);
    const image = { ...map, inputShape: [2, 2, 10], layers: [{ neuron: 'n', kind: 'Leaky' }] };
    await expect(fromMap(image, file)).rejects.toThrow(
      /every neuron has its own threshold, beta: behind a linear layer it is taken, it is fed \[2,2,10\]/,
    );
  });

  test('ExpLeak gives its membrane', async () => {
    const map: NameMap = {
      ...base,
      library: 'sinabs',
      neuron: { kind: 'ExpLeak', tau_mem: 5, norm_input: true },
    };
    const network = await fromMap({ ...map, output: 'last', layers: [{ neuron: 'n' }] }, new Map());
    const got = await outputs(network, inputs, [1, 40]);
    got.forEach((v, i) => {
      expect(v).toBeCloseTo(inputs[i]! * (1 - alpha ** steps), 12);
    });
  });

  test.each([
    ['snntorch', { kind: 'Leaky' }, /beta stands neither in the file nor in the map/],
    ['snntorch', { kind: 'Synaptic', beta: 0.5 }, /alpha stands neither in the file nor in the map/],
    ['sinabs', { kind: 'LIF' }, /tau_mem stands neither in the file nor in the map/],
    ['spikingjelly', { kind: 'KLIFNode', v_reset: 0.5 }, /its reset potential is 0\.5.*0 and null are taken/],
    [
      'spikingjelly',
      { kind: 'QIFNode' },
      /"kind" is 'QIFNode'; of spikingjelly's neurons IFNode, LIFNode, ParametricLIFNode, KLIFNode/,
    ],
    ['spikingjelly', { kind: 'LIFNode', taus: 2 }, /has no option 'taus'; did you mean tau\?/],
  ] as const)('of %s, %o is refused', async (library, neuron, words) => {
    const map: NameMap = { ...base, library, neuron, layers: [{ neuron: 'n' }] };
    await expect(fromMap(map, new Map())).rejects.toThrow(words);
  });
});

describe('layers of a map', () => {
  const image = numbers(4 * 4 * 2);
  /** Ours is [H,W,C], theirs [C,H,W]. */
  const channelsLast = (chw: readonly number[], c: number, size: number) =>
    Array.from({ length: chw.length }, (_, i) => chw[(i % c) * size + Math.floor(i / c)]!);

  test('behind a Flatten take numbers in PyTorch’s order, also through a norm', async () => {
    const weight = numbers(3 * 32, 0.1);
    const [scale, shift, mean, variance] = [2, 3, 5, 7].map((k) =>
      numbers(32, k).map((n) => Math.abs(n) + 0.1),
    );
    const file = new Map([
      ['fc.weight', entry([3, 32], weight)],
      ['bn.weight', entry([32], scale!)],
      ['bn.bias', entry([32], shift!)],
      ['bn.running_mean', entry([32], mean!)],
      ['bn.running_var', entry([32], variance!)],
      ['bn.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(1n) } as SafetensorsEntry],
    ]);
    const layers = [{ flatten: true }, { norm: 'bn' }, { relu: true }, { dropout: 0.5 }, { linear: 'fc' }];
    const network = await fromMap({ inputShape: [4, 4, 2], layers }, file);
    const hidden = image.map((x, i) =>
      Math.max(0, (scale![i]! * (x - mean![i]!)) / Math.sqrt(variance![i]! + 1e-5) + shift![i]!),
    );
    const wanted = [0, 1, 2].map((row) => hidden.reduce((sum, h, i) => sum + h * weight[32 * row + i]!, 0));
    const got = await outputs(network, channelsLast(image, 2, 16), [1, 4, 4, 2]);
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 10);
    });
  });

  test('have biases, groups, pools and transposes as PyTorch has them', async () => {
    const file = new Map([
      ['c.weight', entry([4, 1, 1, 2], numbers(8))],
      ['c.bias', entry([4], numbers(4, 3))],
      ['up.weight', entry([4, 3, 2, 2], numbers(48))],
      ['up.bias', entry([3], numbers(3))],
    ]);
    const layers = [
      { conv: 'c', groups: 2, padding: [0, 1], stride: [1, 2] },
      { maxPool: [2, 3], stride: 1 },
      { transposedConv: 'up', stride: 2, outputPadding: [1, 0] },
      { averagePool: 2 },
    ];
    const network = await fromMap({ inputShape: [4, 4, 2], layers }, file);
    const conv = Array.from({ length: 4 * 3 * 4 }, (_, i) => {
      const [row, column, filter] = [Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4];
      const at = (x: number) => (x < 0 || x > 3 ? 0 : image[16 * Math.floor(filter / 2) + 4 * row + x]!);
      const w = numbers(8);
      return (
        w[2 * filter]! * at(2 * column - 1) + w[2 * filter + 1]! * at(2 * column) + numbers(4, 3)[filter]!
      );
    });
    const pooled = (row: number, filter: number) =>
      Math.max(...[0, 1].flatMap((dy) => [0, 1, 2].map((x) => conv[((row + dy) * 3 + x) * 4 + filter]!)));
    // each pixel becomes 2x2, with a row below them that has the bias alone and that the pool leaves out
    const wanted = [0, 1, 2].flatMap((row) =>
      [0, 1, 2].map((out) => {
        const sums = [0, 1, 2, 3].map((filter) => {
          const block = numbers(48).slice(12 * filter + 4 * out, 12 * filter + 4 * out + 4);
          return pooled(row, filter) * block.reduce((sum, w) => sum + w, 0);
        });
        return sums.reduce((sum, part) => sum + part, 0) / 4 + numbers(3)[out]!;
      }),
    );
    const got = await outputs(network, channelsLast(image, 2, 16), [1, 4, 4, 2]);
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 10);
    });
    expect(new Map(await theirState(network))).toEqual(file);
  });

  test('add up branches; renamed tensors are found; what is left over is told', async () => {
    const file = new Map([['module.a.weight', entry([2, 2, 1, 1], [0, 1, 1, 0])]]);
    const map: NameMap = {
      inputShape: [4, 4, 2],
      rename: [['^module\\.', '']],
      layers: [{ sum: [[{ conv: 'a' }], []] }],
    };
    const x = channelsLast(image, 2, 16);
    const wanted = x.map((value, i) => value + x[i ^ 1]!);
    expect(await outputs(await fromMap(map, file), x, [1, 4, 4, 2])).toEqual(wanted);
    file.set('module.b.weight', entry([1], [1]));
    await expect(fromMap(map, file)).rejects.toThrow(/the map does not say what b\.weight of the file are/);
  });

  test('that no layer here does, or that the file does not hold, are refused by place and name', async () => {
    const conv = new Map([
      ['c.weight', entry([2, 2, 3, 3], numbers(36))],
      ['c.bias', entry([2], [1, 2])],
    ]);
    const of = (layers: MapLayer[], file: Map<string, SafetensorsEntry> = conv) =>
      fromMap({ inputShape: [4, 4, 2], layers }, file);
    await expect(of([{ recurrent: 'c' }])).rejects.toThrow(
      /layer 0 of the map: recurrent layers are neurons in a map/,
    );
    await expect(of([{ conv: 'c', groups: 2 }])).rejects.toThrow(
      /layer 0 .*"c\.weight" takes 4 channels, it is fed \[4,4,2\]; does the map say its groups\?/,
    );
    await expect(of([{ relu: true }, { conv: 'd' }])).rejects.toThrow(
      /layer 1 .*the file has no "d\.weight"; it has c\.weight, c\.bias/,
    );
    const inside = new Map([...conv].map(([name, entry]) => [`module.${name}`, entry]));
    await expect(of([{ conv: 'c' }], inside)).rejects.toThrow(
      /no "c\.weight"; it has module\.c\.weight, module\.c\.bias; --prefix module\., or "rename" in the map/,
    );
    await expect(of([{ linear: 'c' }])).rejects.toThrow(/"c\.weight" is \[2,2,3,3\]; 2 axes are expected/);
    await expect(of([{ averagePool: 5 }])).rejects.toThrow(/kernel 5x5 is larger than input \[4,4,2\]/);
    await expect(of([{ konv: 'c' }])).rejects.toThrow(/did you mean conv\?/);
    await expect(of([{ conv: 'c', strides: 2 }])).rejects.toThrow(
      /has no option 'strides'; it is called stride here/,
    );
    await expect(of([{ neuron: 'n' }])).rejects.toThrow(/"library" must say whose|timesteps/);
    // @ts-expect-error a misspelt entry
    await expect(fromMap({ inputShapes: [1] }, conv)).rejects.toThrow(/has no option 'inputShapes'/);
  });
});

describe('the way back', () => {
  test('gives the file’s tensors again: names, order behind a Flatten, and what stood beside', async () => {
    const file = new Map<string, SafetensorsEntry>([
      ['module.fc.weight', entry([3, 32], numbers(96))],
      ['module.fc.bias', entry([3], numbers(3))],
      ['module.lif.beta', entry([], [0.5])],
      ['module.lif.reset_mechanism_val', { dtype: 'I64', shape: [], data: BigInt64Array.of(1n) }],
    ]);
    const map: NameMap = {
      inputShape: [4, 4, 2],
      timesteps: 2,
      library: 'snntorch',
      neuron: { kind: 'Leaky' },
      rename: [['^module\\.', '']],
      layers: [{ flatten: true }, { linear: 'fc' }, { neuron: 'lif' }],
    };
    expect(new Map(await theirState(await fromMap(map, file)))).toEqual(file);
    // a second network beside it, as Sinabs keeps the one that it converted
    const other: [string, SafetensorsEntry] = ['analog.fc.weight', entry([3, 32], numbers(96, 2))];
    const both = new Map([...file, other]);
    await expect(fromMap(map, both)).rejects.toThrow(/does not say what analog\.fc\.weight of the file are/);
    const chosen = await fromMap({ ...map, omit: ['^analog\\.'] }, both);
    expect(new Map(await theirState(chosen))).toEqual(both);
    const own = sequential(new Linear(2, 2));
    expect(await theirState(own)).toEqual(await stateOf(own));
  });
});

describe("the library's own maps", () => {
  test('are told by name, extended, and refuse what a file shows to be another network', async () => {
    expect(await mapNames()).toEqual(
      expect.arrayContaining(['guo-resnet20', 'spikingjelly-csnn', 'sinabs-mnist']),
    );
    await expect(fromMap('guo-resnet', new Map())).rejects.toThrow(/did you mean guo-resnet20\?/);
    await expect(
      fromMap('spikingjelly-csnn', new Map([['conv_fc.0.weight', entry([1, 1, 3, 3], numbers(9))]])),
    ).rejects.toThrow(/has no "conv_fc\.1\.running_mean"/);
    const membrane = new Map([['model.layer1.0.relu1.bn.weight', entry([8], numbers(8))]]);
    await expect(fromMap('guo-resnet20', membrane, { timesteps: 2 })).rejects.toThrow(
      /"model\.layer1\.0\.relu1\.bn\.weight": MPBN normalises the membrane/,
    );
    const names = ['0', '3', '6', '10', '12'].map((name) => `${name}.weight`);
    const shapes = [
      [2, 1, 5, 5],
      [3, 2, 5, 5],
      [4, 3, 3, 3],
      [5, 4],
      [6, 5],
    ];
    const converted = new Map(
      ['spiking_model', 'analog_model'].flatMap((of, which) =>
        names.map((name, i): [string, SafetensorsEntry] => {
          const size = shapes[i]!.reduce((product, n) => product * n, 1);
          return [`${of}.${name}`, entry(shapes[i]!, new Array<number>(size).fill(which))];
        }),
      ),
    );
    const first = async (map: string | NameMap) =>
      (await theirState(await fromMap(map, converted, { timesteps: 2 })))[0]![1].data[0];
    expect(await first('sinabs-mnist')).toBe(1);
    const single: NameMap = { extends: 'sinabs-mnist-spiking', neuron: { spike_fn: 'SingleSpike' } };
    expect(await first(single)).toBe(0);
    await expect(fromMap({ extends: 'guo-resnet20' }, new Map())).rejects.toThrow(/say timesteps/);
  });
});
