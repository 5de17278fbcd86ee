// What stands in the place of a tensor, a number, a list or a network is refused at the call, with the function's
// name and with what to write instead. Words and values of users' reports, and any garbage in any place.

import { beforeAll, describe, expect, test } from 'vitest';
import { SpikegradError } from '../../src/errors';
import * as sg from '../../src/index';
import * as nir from '../../src/interop/nir';
import * as onnx from '../../src/interop/onnx';
import * as testing from '../../src/testing';

beforeAll(async () => {
  await sg.init({ backend: 'cpu' });
});

/** As JavaScript may call it. */
type Loose = (...values: unknown[]) => unknown;
const loose = (f: unknown): Loose => f as Loose;
const made = (type: unknown): Loose => {
  const Type = type as new (...values: unknown[]) => unknown;
  return (...values) => new Type(...values);
};

const x = () => sg.ones([2, 3]);
const big = () => new BigInt64Array([0n, 1n]);

/** Calls that are right, of what takes no options. */
const WITHOUT_OPTIONS: Readonly<Record<string, () => unknown[]>> = {
  ...Object.fromEntries(
    ['neg', 'exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'relu', 'abs', 'sign', 'softmax', 'logSoftmax'].map(
      (name) => [name, () => (name === 'softmax' ? [x(), 1] : [x()])],
    ),
  ),
  ...Object.fromEntries(
    ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'equal', 'notEqual', 'less', 'greater'].map(
      (name) => [name, () => [x(), 2]],
    ),
  ),
  where: () => [x(), 1, 2],
  clamp: () => [x(), 0, 1],
  reshape: () => [x(), [3, 2]],
  transpose: () => [x(), [1, 0]],
  broadcastTo: () => [x(), [2, 2, 3]],
  slice: () => [x(), [0, 0], [1, 2]],
  select: () => [x(), 0, 0],
  concat: () => [[x(), x()], 0],
  stack: () => [[x(), x()], 0],
  repeat: () => [x(), [2, 1]],
  gather: () => [x(), [0], 0],
  oneHot: () => [[0, 1], 3],
  map: () => [sg.mpr(), x()],
  derivativeOf: () => [sg.mpr(), x()],
  globalAvgPool: () => [sg.ones([1, 2, 2, 1])],
  direct: () => [x(), 2],
  latency: () => [x(), 2],
  explain: () => [sg.lifNeuron()],
  parseAugmentations: () => ['crop'],
  Direct: () => [2],
  Voting: () => [2],
  TimeMean: () => [],
  GlobalAvgPool: () => [],
  Sequential: () => [[new sg.Linear(3, 2)]],
};

/** A mistake, and what its message says. */
const MISTAKES: readonly (readonly [() => unknown, string])[] = [
  [() => loose(sg.sum)(x(), { keepAxes: true }), 'sum: axes must be one axis, a list of them'],
  [() => loose(sg.sum)(x(), { keepAxes: true }), 'options come last: (x, undefined, { … })'],
  [
    () => loose(sg.sum)(x(), 'rows'),
    "sum: axes must be one axis, a list of them, or undefined for all, got 'rows'",
  ],
  [() => sg.sum(x(), 0.5), 'sum: an axis must be a whole number, got 0.5'],
  [() => sg.mean(x(), 7), 'mean: axis 7 is out of range for 2 axes'],
  [() => loose(sg.reshape)(x(), -1), 'one axis is [-1]'],
  [() => loose(sg.zeros)(3), 'zeros: shape must be a list of whole numbers >= 0, got 3; one axis is [3]'],
  [() => loose(sg.full)([3], { requiresGrad: true }), 'options come last: full(shape, value, { … })'],
  [() => loose(sg.tensor)([1, 2], { requiresGrad: true }), 'tensor: shape must be a list'],
  [() => loose(sg.tensor)(big()), 'turn it into numbers: Float64Array.from(data, Number)'],
  [() => loose(sg.tensor)('1,2'), "tensor: expected a number at depth 0, got '1,2'"],
  [() => loose(sg.tensor)(Promise.resolve([1])), 'await it first'],
  [() => loose(sg.uniform)([2], { random: 1 }), 'uniform: low must be a finite number'],
  [() => sg.uniform([2], 1, 0), 'uniform: low 1 is above high 0'],
  [() => loose(sg.randn)([2], { backend: 'wasm' }), "await createBackend({ backend: 'wasm' }) makes one"],
  [() => loose(sg.relu)([[1, 2]]), 'relu: x must be a Tensor, got [[…]]; make a tensor of it: tensor(data)'],
  [() => loose(sg.neg)(new Float32Array(2)), 'neg: x must be a Tensor, got Float32Array of 2; make a tensor'],
  [
    () => loose(sg.add)(x(), [1, 2]),
    'add: each operand must be a Tensor or a number, got [1, 2]; make a tensor',
  ],
  [() => loose(sg.conv2d)(x(), [[1]]), 'conv2d: each operand must be a Tensor'],
  [
    () => loose(sg.conv2d)(x(), x(), x()),
    'conv2d: options must be an object such as { bias: a Tensor }, got a Tensor',
  ],
  [() => loose(sg.linear)(x(), x(), { bias: false }), 'linear: bias must be a Tensor, got { bias }'],
  [() => loose(sg.concat)(x(), x()), 'put them in one: concat([a, b])'],
  [() => loose(sg.logSoftmax)(x(), 1), 'logSoftmax: takes no further argument, got 1'],
  [() => loose(sg.crossEntropy)(x(), [0, 1], { weight: [1] }), 'it is called classWeights here'],
  [() => loose(sg.crossEntropy)(x(), ['0', '1']), "label '0' at row 0 is no number"],
  [
    () => loose(sg.crossEntropy)(x(), '01'),
    "labels must be whole numbers in a list or typed array, got '01'",
  ],
  [() => loose(sg.crossEntropy)(x(), { dtype: 'I64', shape: [2], data: big() }), 'give its data'],
  [() => sg.crossEntropy(x(), [0, 7]), 'label 7 at row 1 is not a class from 0 to 2'],
  [() => loose(sg.dropout)(x(), '0.5'), "dropout: p must be a number >= 0 and below 1, got '0.5'"],
  [() => loose(sg.lifSequence)(x(), 0.2), 'lifSequence: initial must be a Tensor, got 0.2'],
  [() => loose(sg.lifSequence)(x(), { tau: 0.5 }), 'lifSequence(x, undefined, { … }) starts from zero'],
  [() => loose(sg.lif)(x(), { beta: 0.9 }), "lif: has no option 'beta'; it is called tau here"],
  [() => loose(sg.lif)(x(), { threshold: 1 }), "lif: has no option 'threshold'; it is called vth here"],
  [() => loose(sg.lif)(x(), { surrogate: 'arctan' }), 'give what arctan() makes'],
  [() => loose(sg.lif)(x(), { surrogate: sg.arctan }), 'got a function arctan; call it: arctan()'],
  [() => loose(sg.lif)(x(), { rectifier: sg.mpr }), 'got a function mpr; call it: mpr()'],
  [() => loose(sg.lif)(x(), { rectifier: 3 }), 'got 3; mpr({ k: 3 })'],
  [() => loose(sg.lif)(x(), { rectifier: () => sg.mpr() }), 'must give a Tensor for a Tensor'],
  [() => sg.lif(x(), { tau: -1 }), 'lif: tau must be a number >= 0, got -1'],
  [() => loose(sg.mpr)(7), 'mpr: options must be an object such as { k: 7 }, got 7'],
  [() => loose(sg.mpr)({ K: 7 }), "mpr: has no option 'K'; did you mean k?"],
  [() => sg.rectangular({ window: 0 }), 'rectangular: window must be a number above 0, got 0'],
  [() => loose(sg.map)(sg.ones([1]), sg.mpr()), 'map: f must be a function of one variable'],
  [() => loose(sg.direct)(x(), 0), 'direct: timesteps must be a whole number >= 1, got 0'],
  [() => loose(sg.tdbn)(x(), new sg.TdBatchNorm(3), { vth: 1 }), 'tdbn(x, state, training, { … })'],
  [() => made(sg.Conv2d)(3, 8, { bias: 1 }), 'Conv2d: bias must be true or false, got 1'],
  [() => new sg.Conv2d(3, 8, { groups: 2 }), 'Conv2d: 2 groups do not divide 3 input channels and 8 filters'],
  [() => made(sg.Conv2d)(3, 8, { kernel_size: 3 }), 'it is called kernel here'],
  [() => made(sg.Conv2d)(3, 8, 5), 'Conv2d: options must be an object such as { kernel: 5 }, got 5'],
  [() => new sg.Conv2d(3.5, 8), 'Conv2d: cin must be a whole number >= 1, got 3.5'],
  [() => made(sg.Conv2d)({ cin: 3 }), 'options come last: new Conv2d(cin, cout, { … })'],
  [
    () => new sg.Conv2d(3, 8, { kernel: 0 }),
    'Conv2d: kernel must be a whole number >= 1, or [height, width] of them, got 0',
  ],
  [() => made(sg.AvgPool2d)(2, 2), 'AvgPool2d: options must be an object such as { stride: 2 }, got 2'],
  [() => new sg.Linear(-1, 2), 'Linear: inputs must be a whole number >= 1, got -1'],
  [
    () => new sg.AvgPool2d(0),
    'AvgPool2d: window must be a whole number >= 1, or [height, width] of them, got 0',
  ],
  [() => made(sg.GlobalAvgPool)({ axes: 2 }), 'GlobalAvgPool: takes no further argument, got { axes }'],
  [() => new sg.Flatten(0), 'Flatten: axes must be a whole number >= 1, got 0'],
  [() => new sg.Dropout(1), 'Dropout: p must be a number >= 0 and below 1, got 1'],
  [() => new sg.Direct(0), 'Direct: timesteps must be a whole number >= 1, got 0'],
  [() => new sg.TdBatchNorm(0), 'TdBatchNorm: channels must be a whole number >= 1, got 0'],
  [() => made(sg.Lif)(0.5), 'Lif: options must be an object such as { tau: 0.5 }, got 0.5'],
  [() => loose(sg.sequential)([new sg.Lif()]), 'sequential(a, b), or sequential(...list)'],
  [() => loose(sg.sequential)(sg.Lif), 'got a function Lif; make one: new Lif(…)'],
  [() => made(sg.Sequential)(new sg.Lif()), 'new Sequential([a, b])'],
  [() => new sg.Linear(2, 3).call([[1, 2]] as never), 'Linear: x must be a Tensor, got [[…]]'],
  [
    () => new sg.Linear(2, 3).call(new Float32Array(2) as never),
    'Linear: x must be a Tensor, got Float32Array',
  ],
  [() => made(sg.Sgd)(new sg.Linear(2, 3), { lr: 1 }), 'network.parameters() gives one'],
  [() => made(sg.Sgd)([x()], { lr: 1, maximize: true }), "Sgd: has no option 'maximize'"],
  [
    () => made(sg.Adam)([x()], { amsgrad: true }),
    "Adam: has no option 'amsgrad' (it takes lr, betas, epsilon, weightDecay)",
  ],
  [() => made(sg.Adam)([x()], { eps: 1e-8 }), "has no option 'eps'; it is called epsilon here"],
  [
    () => made(sg.AdamW)([x()], { weight_decay: 0 }),
    "has no option 'weight_decay'; did you mean weightDecay?",
  ],
  [
    () => made(sg.AdamW)([x()], { betas: [0.9, 1] }),
    'AdamW: betas must be [number, number], each >= 0 and below 1',
  ],
  [
    () => made(sg.AdamW)([{ params: [x()] }]),
    "AdamW: groups[0]: has no option 'params'; it is called parameters here",
  ],
  [() => made(sg.AdamW)([{ parameters: [x()], momentum: 1 }]), "AdamW: groups[0]: has no option 'momentum'"],
  [() => made(sg.Muon)([sg.ones([3])]), 'Muon: is for matrices'],
  [() => made(sg.Sgd)([x()], { lr: 1, nesterov: true, momentum: 0 }), 'Sgd: nesterov needs a momentum'],
  [() => made(sg.Sgd)([x()], 0.1), 'Sgd: options must be an object such as { lr: 0.1 }, got 0.1'],
  [() => made(sg.Sgd)([x()]), 'Sgd: needs lr, a number >= 0'],
  [() => loose(sg.clipGradNorm)(new sg.Linear(2, 3), 1), 'network.parameters() gives one'],
  [
    () => loose(sg.cosine)(0.1, 0, 1),
    'base * cosine().at(step, steps) is what cosine(base, step, steps) was',
  ],
  [() => sg.cosine().at(3, 2), 'Schedule.at: step 3 is not in 0..2'],
  [() => loose(sg.manualSeed)('seed'), "manualSeed: seed must be a whole number, got 'seed'"],
  [() => new sg.Random(0).uniform(Number.NaN), 'Random.uniform: low must be a finite number, got NaN'],
  [() => new sg.Random(0).permutation(-1), 'Random.permutation: n must be a whole number >= 0'],
  [() => x().backward({ retainGraph: true } as never), 'backward(undefined, { retainGraph: true })'],
  [() => loose(sg.select)(x(), 0, Symbol('s')), 'select: index must be a whole number, got Symbol(s)'],
  [
    () => loose(sg.writeSafetensors)([], new Map([['a', 'b']])),
    'metadata must be an object, got a Map; Object.fromEntries(map) makes one',
  ],
  [() => x().overwrite('wibbleflump' as never), 'overwrite: data must be a list of numbers or a typed array'],
  [() => made(sg.Tensor)([1, 2], [2]), 'tensor(data) and zeros(shape) make one'],
  [() => loose(sg.probe)([new sg.Lif()]), 'probe: network must be a Module'],
  [() => loose(sg.parseAugmentations)(['crop']), 'parseAugmentations: list must be a text'],
  [() => loose(sg.batches)([x()], { batchSize: 1 }), 'batches: dataset must be a data set'],
  [() => loose(sg.loadState)(new sg.Lif(), { tensors: new Map() }), 'give its tensors'],
  [() => loose(sg.writeSafetensors)({ a: 1 }), 'tensors must be a Map or a list of [name,'],
  [() => loose(sg.customOp)({ name: 'own' }), 'customOp: forward must be a function'],
  [
    () => loose(sg.customSurrogate)({ name: 'own', value: Math.sin, derivative: 1 }),
    'customSurrogate: needs integral',
  ],
  [() => loose(testing.gradCheck)(sg.relu, x()), 'one input is [input]'],
  [() => loose(testing.checkRectifier)(sg.mpr), 'call it: mpr()'],
  [() => loose(testing.checkSurrogate)(sg.arctan), 'call it: arctan()'],
  [() => loose(testing.checkSurrogate)('arctan'), 'give what arctan() makes'],
  [() => loose(testing.mutantsOf)('v = x'), 'neuron(text) makes one'],
  [() => loose(testing.checkNeuron)({ threshold: 1 }), 'it is called vth here'],
  [() => loose(nir.fromNir)(new Uint8Array(4)), 'await readNir(bytes) reads it'],
];

describe('a mistake is told in words', () => {
  test.each(MISTAKES.map(([call, words], i) => [`${i}: ${words}`, call, words] as const))(
    '%s',
    (_, call, words) => {
      let error: unknown;
      try {
        call();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(SpikegradError);
      expect((error as Error).message).toContain(words);
    },
  );

  test.each([
    [() => loose(sg.init)({ device: 'wasm' }), "init: has no option 'device'; it is called backend here"],
    [
      () => loose(sg.createBackend)('wasm'),
      "createBackend: options must be an object such as { backend: 'wasm' }",
    ],
    [() => loose(onnx.toOnnx)(new sg.Linear(2, 3)), 'toOnnx: needs inputShape, a list of whole numbers'],
    [() => loose(nir.toNir)(new sg.Linear(2, 3)), 'toNir: needs inputShape, a list of whole numbers'],
    [() => loose(nir.toNir)(sg.Lif), 'make one: new Lif(…)'],
    [() => loose(sg.readCifar10)('data.bin'), 'for a file on disk give createReadStream(path)'],
    [() => loose(nir.readNir)('graph.nir'), 'readNir: file must be the bytes of a file'],
    [
      () => loose(sg.evaluate)(new sg.Linear(2, 3), [x()], { batchSize: 1 }),
      'evaluate: dataset must be a data set',
    ],
  ] as const)('and where the answer is a promise (%#)', async (call, words) => {
    await expect(call()).rejects.toThrow(words);
  });
});

describe('what a function would ignore is refused', () => {
  test.each(Object.entries(WITHOUT_OPTIONS))('%s', (name, values) => {
    const exported = (sg as Readonly<Record<string, unknown>>)[name];
    const call = /^class\b/.test(Function.prototype.toString.call(exported))
      ? made(exported)
      : loose(exported);
    call(...values());
    for (const more of [{ wibbleflump: 1 }, x(), 0, null, 'wibbleflump'])
      expect(() => call(...values(), more), String(more)).toThrow(
        new RegExp(`^${name}: (takes no further argument|.*axis must be)`),
      );
  });

  test('by the layers of a network too', () => {
    expect(() => loose(new sg.Linear(3, 2).call.bind(new sg.Linear(3, 2)))(x(), x())).toThrow(
      'Linear.call: takes no further argument, got a Tensor',
    );
  });

  test.each(
    Object.entries({
      Lif: () => new sg.Lif(),
      'Lif, stateful': () => new sg.Lif({ stateful: true }),
      Delay: () => new sg.Delay(2),
      Recurrent: () => new sg.Recurrent(sg.lifNeuron(), 3),
      SpikeAttention: () => new sg.SpikeAttention(8),
      Voting: () => new sg.Voting(2),
    }),
  )('%s: forward of what is no tensor says so, as call does', (name, layer) => {
    for (const value of [[[1, 2]], new Float32Array(2), undefined])
      expect(() => loose(layer().forward.bind(layer()))(value)).toThrow(
        `${name.split(',')[0]}: x must be a Tensor, got`,
      );
  });

  test('but what Array.map and Array.reduce give along', () => {
    const all = [x(), x()];
    expect(all.map(loose(sg.relu))).toHaveLength(2);
    expect(sg.sum(all.reduce(loose(sg.add) as typeof sg.add)).itemSync()).toBe(12);
  });
});

describe('what is meant is taken', () => {
  test('labels in 64 bits, in a list of them, and as a tensor', () => {
    const logits = sg.tensor([
      [1, 2, 3],
      [3, 1, 2],
    ]);
    const expected = sg.crossEntropy(logits, [0, 1]).itemSync();
    for (const labels of [
      big(),
      [0n, 1n],
      new BigUint64Array([0n, 1n]),
      sg.tensor([0, 1]),
      new Uint8Array([0, 1]),
    ])
      expect(sg.crossEntropy(logits, labels).itemSync()).toBe(expected);
  });

  test('bytes where chunks of bytes are meant', async () => {
    const record = new Uint8Array(3073).fill(7);
    const expected = await sg.readCifar10([record]);
    expect(await sg.readCifar10(record)).toEqual(expected);
    expect(await sg.readCifar10(record.buffer)).toEqual(expected);
    expect(await sg.readCifar10(Buffer.from(record))).toEqual(expected);
    const events = Uint8Array.of(3, 4, 0x80, 0, 9);
    expect(await sg.readNMnist(events)).toEqual(await sg.readNMnist([events]));
  });

  test('a file as an ArrayBuffer', () => {
    const bytes = sg.writeSafetensors([['a', { dtype: 'F32', shape: [1], data: Float32Array.of(2) }]]);
    const { buffer } = bytes.slice();
    expect(sg.readSafetensors(buffer as ArrayBuffer)).toEqual(sg.readSafetensors(bytes));
  });

  test('batches without augmentations', () => {
    const given = { batchSize: 2, seed: 1, epoch: 0, shuffle: true };
    const [plain, none] = [{}, { augment: [] }].map((more) => [
      ...sg.batches(sg.shapes({ count: 4 }), { ...given, ...more }),
    ]);
    expect(plain).toEqual(none);
  });

  test('a tensor as what Array.map gives along', () => {
    expect([x()].map(loose(sg.logSoftmax) as (t: sg.Tensor) => sg.Tensor)).toHaveLength(1);
  });
});

test('constants of an optimiser are checked when they are set later too', () => {
  const optimizer = new sg.Sgd([x()], { lr: 0.1 });
  optimizer.lr = 0.05;
  expect(optimizer.lr).toBe(0.05);
  for (const name of ['lr', 'momentum', 'weightDecay'] as const)
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, '0.1', undefined])
      expect(() => Object.assign(optimizer, { [name]: value })).toThrow(`Sgd: ${name} must be a number >= 0`);
  expect(optimizer.lr).toBe(0.05);
});

test('a list that is changed after it was given changes nothing', () => {
  const weight = sg.ones([1], { requiresGrad: true });
  const betas: [number, number] = [0.9, 0.999];
  const optimizer = new sg.AdamW([weight], { betas });
  betas[0] = Number.NaN;
  expect(optimizer.groups[0]!.betas).toEqual([0.9, 0.999]);
  expect(() => Object.assign(optimizer.groups[0]!.betas as unknown as number[], [Number.NaN])).toThrow();
  const layers = [new sg.Linear(3, 2)];
  const network = new sg.Sequential(layers);
  layers.push(new sg.Linear(7, 2));
  expect(network.call(sg.ones([1, 3])).shape).toEqual([1, 2]);
});

test('a gradient that is none of its tensor is refused where it is set', () => {
  const weight = sg.ones([5], { requiresGrad: true });
  for (const wrong of [sg.ones([1]), 5, [1, 2, 3, 4, 5], undefined])
    expect(() => Object.assign(weight, { grad: wrong })).toThrow(/^grad: /);
  weight.grad = sg.ones([5]);
  new sg.Sgd([weight], { lr: 0.5 }).step();
  expect(weight.toArraySync()).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
  weight.grad = null;
});

describe('whatever is given to whatever is exported', () => {
  /**
   * Not called: they choose a backend, make errors, or run for minutes. What takes settings of runs has a test of its
   * own.
   */
  const left = new Set([
    ...['init', 'createBackend', 'SpikegradError', 'OutOfMemoryError', 'AnomalyError', 'LawBroken'],
    'conformanceCases',
    'checkBackend', // seconds at each call
    ...['encodeModel', 'checkNeuron'], // any network with any settings; all laws at each call
  ]);
  const all = [sg, testing, nir, onnx].flatMap((module) =>
    Object.entries(module).filter(([name, value]) => typeof value === 'function' && !left.has(name)),
  );

  /** Each call that is right makes millions of weights, or draws thousands of images. */
  const DEAR = new Set([
    ...['vgg', 'sewResnet', 'spikformer', 'csnn', 'parametricLifNet', 'msResnet20', 'resnet20'],
    ...['SpikingResNet20', 'spikingMlp', 'shapes'],
  ]);

  test.each(all)('%s gives an error of ours or none', async (name, exported) => {
    const call = /^class\b/.test(Function.prototype.toString.call(exported))
      ? made(exported)
      : loose(exported);
    const random = new sg.Random(1);
    const layer = new sg.Linear(3, 2);
    const garbage: readonly unknown[] = [
      ...[undefined, null, 7, -1.5, Number.NaN, 'wibbleflump', {}, { wibbleflump: 1 }, [], [[1, 2]], () => 1],
      ...[Symbol('s'), 5n, true, new Float32Array(2), big(), new Map(), x(), layer, [x()], new Date(0)],
      ...[Promise.resolve(1), new ArrayBuffer(8), 2 ** 40],
    ];
    const one = () => garbage[random.integer(garbage.length)];
    const calls = DEAR.has(name) ? garbage.length : 80;
    for (let n = 0; n < calls; n++) {
      const values = n < garbage.length ? [garbage[n]] : Array.from({ length: 1 + random.integer(4) }, one);
      try {
        const result = call(...values);
        if (result instanceof Promise) await result;
      } catch (error) {
        if (error instanceof SpikegradError) continue;
        throw new Error(`called with ${values.map((value) => typeof value).join(', ')}`, { cause: error });
      }
    }
  });
});
