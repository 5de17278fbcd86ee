// How each public function that takes options is called: with whatever options a test gives, the rest being right. A
// function that is missing here fails the tests, as does a name that no function has.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sg from '../../src/index';
import { describeNir, fromNir, NirNetwork, nirWarnings, toNir } from '../../src/interop/nir';
import { toOnnx } from '../../src/interop/onnx';
import * as surrogates from '../../src/neurons/surrogates';
import {
  downloadDataset,
  loadDataset,
  loadEventDataset,
  loadFolder,
  pythonNeurons,
  RunFolder,
  saveFolder,
  streamDataset,
} from '../../src/node';
import * as testing from '../../src/testing';
import { runSettings } from '../../src/train';

type Given = Record<string, unknown>;
/** A call with options of any kind, as JavaScript may make it. */
export type Call = (options: unknown) => unknown;

/** The options that are needed, and over them those of the test; what is no object is given as it is. */
const over =
  (needed: Given) =>
  <R>(options: unknown, use: (options: never) => R): R => {
    const isPlain =
      typeof options === 'object' && options !== null && Object.getPrototypeOf(options) === Object.prototype;
    return use((isPlain ? { ...needed, ...options } : options) as never);
  };

/** Made when they are called for: there is no backend before. */
const image = () => sg.ones([1, 4, 4, 2]);
const sequence = () => sg.ones([2, 3]);
const dataset = () => sg.shapes({ count: 4 });
const network = () => sg.sequential(new sg.GlobalAvgPool(), new sg.Linear(3, 10));
const settings: sg.TrainingSettings = {
  epochs: 1,
  batch: 4,
  lr: 0.1,
  momentum: 0.9,
  weightDecay: 0,
  clip: null,
  augment: [],
  seed: 0,
};
const trainer = () => new sg.Trainer(network(), dataset(), settings);
const noBytes = async function* (): AsyncGenerator<Uint8Array> {};
const graph = async () => toNir(sg.sequential(new sg.Linear(3, 2)), { inputShape: [3] });
const chart = (needed: Given, draw: (options: never) => unknown): Call => {
  const filled = over({ title: 'a', ...needed });
  return (options) => filled(options, draw);
};
/** What a probe's recordings() has. */
const recording = { name: 'lif', neurons: [0], steps: 1, spikes: [1], charged: [0.7], current: [0.7] };
const plain =
  (use: (options: never) => unknown): Call =>
  (options) =>
    use(options as never);

export const CALLS: Readonly<Record<string, Call>> = {
  arange: plain((o) => sg.arange(0, 2, 1, o)),
  full: plain((o) => sg.full([2], 0, o)),
  ones: plain((o) => sg.ones([2], o)),
  tensor: plain((o) => sg.tensor([1], [1], o)),
  zeros: plain((o) => sg.zeros([2], o)),
  bernoulli: plain((o) => sg.bernoulli([2], 0.5, o)),
  randn: plain((o) => sg.randn([2], o)),
  uniform: plain((o) => sg.uniform([2], 0, 1, o)),
  'Tensor.backward': plain((o) => sg.ones([], { requiresGrad: true }).backward(undefined, o)),
  createBackend: (o) => over({ backend: 'cpu' })(o, sg.createBackend),
  init: (o) => over({ backend: 'cpu' })(o, sg.init),
  augmentedPixels: plain((o) => sg.augmentedPixels(dataset(), 0, new sg.Random(0), o)),
  writeImage: plain((o) => sg.writeImage(dataset(), 0, new Float32Array(3072), 0, undefined, o)),
  batches: plain((o) => sg.batches(dataset(), o)),
  streamedDataset: (o) =>
    over({
      classes: ['a'],
      shape: [1],
      parts: 1,
      read: async () => ({ labels: [0], values: new Uint8Array(1) }),
    })(o, sg.streamedDataset),
  streamDataset: plain((o) => streamDataset('cifar10', 'train', 'wibbleflump', o)),
  datasetOf: plain((o) => sg.datasetOf([[1, 2]], [0], o)),
  readCifar10: plain((o) => sg.readCifar10(noBytes(), o)),
  readCifar100: plain((o) => sg.readCifar100(noBytes(), o)),
  readIdxImages: plain((o) => sg.readIdxImages(noBytes(), o)),
  readIdxLabels: plain((o) => sg.readIdxLabels(noBytes(), o)),
  readMnist: plain((o) => sg.readMnist(noBytes(), noBytes(), o)),
  readAedat: plain((o) => sg.readAedat(noBytes(), o)),
  readEvents: plain((o) => sg.readEvents(noBytes(), o)),
  eventPieces: plain((o) => sg.eventPieces(noBytes(), o).next()),
  readParquetImages: plain((o) => sg.readParquetImages(noBytes(), o)),
  readImageArrays: plain((o) => sg.readImageArrays(noBytes(), o)),
  eventFrameStream: (o) =>
    over({ height: 1, width: 1, span: 1 })(o, (given) => sg.eventFrameStream([], given).next()),
  paddedEventFrames: (o) =>
    over({ height: 1, width: 1, span: 1 })(o, (given) => {
      const one = new Uint16Array(1);
      const recording = { length: 1, x: one, y: one, polarity: new Uint8Array(1), time: new Float64Array(1) };
      return sg.paddedEventFrames([recording], given);
    }),
  loadEventDataset: plain((o) => loadEventDataset('shd', 'train', 'wibbleflump', o)),
  eventFrames: (o) =>
    over({ timesteps: 1, height: 1, width: 1 })(o, (given) => {
      const one = new Uint16Array(1);
      const recording = { length: 1, x: one, y: one, polarity: new Uint8Array(1), time: new Float64Array(1) };
      return sg.eventFrames([recording], given);
    }),
  shapes: (o) => over({ count: 1 })(o, sg.shapes),
  'new AvgPool2d': plain((o) => new sg.AvgPool2d(2, o)),
  'new BatchNorm2d': plain((o) => new sg.BatchNorm2d(2, o)),
  'new Conv2d': plain((o) => new sg.Conv2d(1, 1, o)),
  'new ConvTranspose2d': plain((o) => new sg.ConvTranspose2d(1, 1, o)),
  'new MaxPool2d': plain((o) => new sg.MaxPool2d(2, o)),
  'new Residual': plain((o) => new sg.Residual(new sg.Linear(3, 3), o)),
  'new Linear': plain((o) => new sg.Linear(1, 1, o)),
  'new Flatten': plain((o) => new sg.Flatten(3, o)),
  'new Dropout': plain((o) => new sg.Dropout(0.5, o)),
  convTranspose2d: plain((o) => sg.convTranspose2d(image(), sg.ones([1, 1, 1, 2]), o)),
  conv2d: plain((o) => sg.conv2d(image(), sg.ones([1, 1, 2, 1]), o)),
  im2col: (o) => over({ window: 1 })(o, (given) => sg.im2col(image(), given)),
  col2im: (o) => over({ window: 1 })(o, (given) => sg.col2im(sg.ones([16, 2]), [1, 4, 4, 2], given)),
  avgPool2d: (o) => over({ window: 2 })(o, (given) => sg.avgPool2d(image(), given)),
  maxPool2d: (o) => over({ window: 2 })(o, (given) => sg.maxPool2d(image(), given)),
  crossEntropy: plain((o) => sg.crossEntropy(sequence(), [0, 1], o)),
  maxMembraneLoss: plain((o) => sg.maxMembraneLoss(sg.ones([1, 2, 3]), [0, 1], o)),
  rateBounds: plain((o) => sg.rateBounds(sequence(), o)),
  holdRates: plain((o) => sg.holdRates(sg.sequential(new sg.Lif()), o)),
  'new SpikeAttention': plain((o) => new sg.SpikeAttention(1, o)),
  rateMse: plain((o) => sg.rateMse(sg.ones([1, 2, 3]), [0, 1], o)),
  tetLoss: plain((o) => sg.tetLoss(sg.ones([1, 2, 3]), [0, 1], o)),
  dropout: plain((o) => sg.dropout(sequence(), 0.5, o)),
  matmul: plain((o) => sg.matmul(sg.ones([2, 2]), sg.ones([2, 2]), o)),
  sum: plain((o) => sg.sum(sequence(), 0, o)),
  mean: plain((o) => sg.mean(sequence(), 0, o)),
  variance: plain((o) => sg.variance(sequence(), 0, o)),
  max: plain((o) => sg.max(sequence(), 0, o)),
  min: plain((o) => sg.min(sequence(), 0, o)),
  argMax: plain((o) => sg.argMax(sequence(), 0, o)),
  'new Sgd': (o) => over({ lr: 0.1 })(o, (given) => new sg.Sgd([sequence()], given)),
  'new Adam': plain((o) => new sg.Adam([sequence()], o)),
  'new AdamW': plain((o) => new sg.AdamW([sequence()], o)),
  'new RmsProp': plain((o) => new sg.RmsProp([sequence()], o)),
  'new Lion': plain((o) => new sg.Lion([sequence()], o)),
  'new Muon': plain((o) => new sg.Muon([sequence()], o)),
  'new CustomOptimizer': (o) =>
    over({ equations: 'p = p - lr*g', lr: 0.1 })(o, (given) => new sg.CustomOptimizer([sequence()], given)),
  'new Ema': plain((o) => new sg.Ema(new sg.Linear(2, 3), o)),
  compile: (o) =>
    over({ inputShape: [2] })(o, (given) => sg.compile(sg.sequential(new sg.Linear(2, 3)), given)),
  parameterGroups: plain((o) => sg.parameterGroups(new sg.Linear(2, 3), o)),
  cosine: plain((o) => sg.cosine(o)),
  linearDecay: plain((o) => sg.linearDecay(o)),
  stepDecay: plain((o) => sg.stepDecay(o)),
  oneCycle: plain((o) => sg.oneCycle(o)),
  barChart: chart({ categories: ['a'], groups: [] }, sg.barChart),
  heatmap: chart({ rows: ['a'], columns: ['b'], values: [[1]] }, sg.heatmap),
  histogramChart: chart({ distributions: [] }, sg.histogramChart),
  lineChart: chart({ series: [] }, sg.lineChart),
  rasterChart: chart({ recordings: [recording] }, sg.rasterChart),
  traceChart: chart({ recording }, sg.traceChart),
  panels: (o) => over({ charts: [sg.lineChart({ title: 'a', series: [] })] })(o, sg.panels),
  htmlReport: chart({ facts: [], sections: [] }, sg.htmlReport),
  unroll: plain((o) => sg.unroll(sg.lifCell(), sequence(), o)),
  poisson: plain((o) => sg.poisson(sequence(), 2, o)),
  lif: plain((o) => sg.lif(sequence(), o)),
  lifCell: plain((o) => sg.lifCell(o)),
  lifSequence: plain((o) => sg.lifSequence(sequence(), undefined, o)),
  lifTrace: plain((o) => sg.lifTrace(sequence(), o)),
  'new Lif': plain((o) => new sg.Lif(o)),
  learnable: plain((o) => sg.learnable(0.5, o)),
  neuron: plain((o) => sg.neuron('v = 0.5*v + x; spikes = spike(v - 1)', o)),
  runNeuron: plain((o) => sg.runNeuron(sg.li(), sequence(), o)),
  'new Spiking': plain((o) => new sg.Spiking(sg.li(), o)),
  'new Recurrent': plain((o) => new sg.Recurrent(sg.li(), 3, o)),
  'new Delay': plain((o) => new sg.Delay(1, o)),
  'Module.describe': plain((o) => network().describe(o)),
  summary: plain((o) => sg.summary(network(), o)),
  predict: plain((o) => sg.predict(network(), dataset(), o)),
  probe: plain((o) => sg.probe(network(), o)),
  mpr: plain((o) => sg.mpr(o)),
  resnet20: (o) => over({ width: 1 })(o, sg.resnet20),
  csnn: (o) => over({ width: 3, side: 16 })(o, sg.csnn),
  msResnet20: (o) => over({ width: 1 })(o, sg.msResnet20),
  sewResnet: (o) => over({ width: 1 })(o, sg.sewResnet),
  parametricLifNet: (o) => over({ side: 16, width: 1, hidden: 1 })(o, sg.parametricLifNet),
  spikformer: (o) => over({ width: 8, depth: 1 })(o, sg.spikformer),
  spikingMlp: (o) => over({ inputShape: [2], hidden: [2] })(o, sg.spikingMlp),
  vgg: (o) => over({ width: 1 })(o, sg.vgg),
  'new SpikingResNet20': (o) => over({ width: 1 })(o, (given) => new sg.SpikingResNet20(given)),
  // surrogates take nothing but options
  ...Object.fromEntries(Object.entries(surrogates).map(([name, make]) => [name, plain(make)])),
  customRectifier: (o) =>
    over({ name: 'own', value: Math.tanh, derivative: Math.cos })(o, sg.customRectifier),
  customSurrogate: (o) =>
    over({ name: 'own', integral: 1, value: Math.tanh, derivative: Math.cos })(o, sg.customSurrogate),
  tdbn: plain((o) => sg.tdbn(sequence(), new sg.TdBatchNorm(3), true, o)),
  'new TdBatchNorm': plain((o) => new sg.TdBatchNorm(3, o)),
  detectAnomaly: plain((o) => sg.detectAnomaly(() => 1, o)),
  fromMap: plain((o) => sg.fromMap({ inputShape: [2], layers: [{ relu: true }] }, new Map(), o)),
  load: plain((o) => sg.load(new sg.Linear(1, 1), sg.writeSafetensors([]), o)),
  loadState: plain((o) => sg.loadState(new sg.Linear(1, 1), new Map(), o)),
  restoreModel: plain((o) =>
    sg.restoreModel(network(), { tensors: new Map(), settings: settings as sg.RunSettings }, o),
  ),
  encodeCheckpoint: plain((o) => sg.encodeCheckpoint(trainer(), runSettings({}, dataset()), o)),
  evaluate: plain((o) => sg.evaluate(network(), dataset(), o)),
  'new Trainer': plain((o) => new sg.Trainer(network(), dataset(), o)),
  'Trainer.run': plain((o) => trainer().run(o)),
  downloadDataset: (o) =>
    over({ directory: join(tmpdir(), 'wibbleflump'), signal: AbortSignal.abort() })(o, (given) =>
      downloadDataset('mnist', given),
    ),
  pythonNeurons: plain((o) => pythonNeurons('wibbleflump.py', o)),
  loadFolder: plain((o) => loadFolder('/dev/null/model', o)),
  saveFolder: plain((o) =>
    saveFolder('/dev/null/model', network(), { architecture: 'map', options: { title: 'a' } }, o),
  ),
  'RunFolder.create': plain((o) => RunFolder.create('/dev/null/run', o)),
  'RunFolder.enter': plain((o) => RunFolder.enter('/dev/null/run', o)),
  'RunFolder.resume': plain((o) => RunFolder.resume('/dev/null/run', o)),
  loadDataset: plain((o) => loadDataset('mnist', 'train', 'wibbleflump', o)),
  checkBackend: (o) => over({ checks: [] })(o, (given) => testing.checkBackend(sg.ones([1]).backend, given)),
  compareGradients: plain((o) => testing.compareGradients((x) => x, [sequence()], o)),
  gradCheck: plain((o) => testing.gradCheck((x) => x, [sequence()], o)),
  'shapes of spikegrad/testing': plain((o) => testing.shapes(o)),
  broadcastPairs: plain((o) => testing.broadcastPairs(o)),
  numbers: plain((o) => testing.numbers(o)),
  dataOf: plain((o) => testing.dataOf([2], o)),
  tensorData: plain((o) => testing.tensorData(o)),
  convSettings: plain((o) => testing.convSettings(o)),
  poolSettings: plain((o) => testing.poolSettings(o)),
  inputCurrents: plain((o) => testing.inputCurrents(o)),
  neurons: plain((o) => testing.neurons(o)),
  checkNeuron: plain((o) => testing.checkNeuron({}, o)),
  checkRectifier: plain((o) => testing.checkRectifier(sg.mpr(), o)),
  checkSurrogate: plain((o) => testing.checkSurrogate(sg.arctan(), o)),
  toNir: (o) => over({ inputShape: [3] })(o, (given) => toNir(sg.sequential(new sg.Linear(3, 2)), given)),
  fromNir: async (o) => fromNir(await graph(), o as never),
  describeNir: async (o) => describeNir(await graph(), o as never),
  nirWarnings: async (o) => nirWarnings(await graph(), o as never),
  'new NirNetwork': async (o) => new NirNetwork(await graph(), o as never),
  toOnnx: (o) =>
    over({ inputShape: [3], timesteps: 1 })(o, (given) => toOnnx(sg.sequential(new sg.Linear(3, 2)), given)),
};
