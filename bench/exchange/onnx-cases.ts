// What goes to ONNX: each layer, each neuron of the zoo and each network of `--arch`, small, with numbers that let
// neurons fire.

import {
  AvgPool2d,
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Delay,
  Direct,
  Dropout,
  Flatten,
  GlobalAvgPool,
  Lif,
  Linear,
  MaxPool2d,
  type Module,
  mpr,
  noGrad,
  Random,
  Recurrent,
  Residual,
  Spiking,
  sequential,
  TdBatchNorm,
  TimeMean,
  tensor,
  zoo,
} from '../../src';
import { buildNetwork } from '../../src/train';
import { ARCHITECTURES } from '../../src/train/settings';

/** A network and what it is fed. */
export interface OnnxCase {
  readonly kind: 'layer' | 'neuron' | 'network';
  readonly name: string;
  readonly network: () => Module;
  /** One image [H,W,C], or one vector. */
  readonly shape: readonly number[];
  readonly timesteps: number;
  readonly input: 'image' | 'sequence';
  /** What inputs are multiplied by, so that a neuron of that threshold fires. */
  readonly scale?: number;
}

const image = [6, 6, 4];
const layer = (
  name: string,
  network: () => Module,
  shape: readonly number[] = image,
  timesteps = 2,
): OnnxCase => ({ kind: 'layer', name, network, shape, timesteps, input: 'sequence' });
const body = () => new Conv2d(4, 4);

const LAYERS: readonly OnnxCase[] = [
  layer('Linear', () => new Linear(5, 3), [5]),
  layer('Conv2d', () => new Conv2d(4, 3, { bias: true })),
  layer('Conv2d, stride, padding, dilation, groups', () => {
    return new Conv2d(4, 6, { kernel: [3, 2], stride: [2, 1], padding: [2, 1], dilation: [2, 1], groups: 2 });
  }),
  layer('ConvTranspose2d', () => new ConvTranspose2d(4, 3, { stride: 2, padding: 1, outputPadding: 1 })),
  layer('AvgPool2d', () => new AvgPool2d(3, { stride: 2, padding: 1, ceil: false })),
  layer('AvgPool2d, ceil, padding not counted', () => {
    return new AvgPool2d(3, { stride: 2, padding: 1, ceil: true, countIncludePad: false });
  }),
  layer('MaxPool2d', () => new MaxPool2d(3, { stride: 2, padding: 1, dilation: 1 })),
  layer('GlobalAvgPool', () => new GlobalAvgPool()),
  layer('Flatten', () => sequential(new Flatten(3), new Linear(144, 3))),
  layer('TdBatchNorm, folded', () => sequential(body(), new TdBatchNorm(4))),
  layer('TdBatchNorm by itself', () => new TdBatchNorm(4)),
  layer('BatchNorm2d', () => sequential(body(), new BatchNorm2d(4))),
  layer('Dropout', () => sequential(new Dropout(0.5), body())),
  layer("Residual 'add'", () => new Residual(body())),
  layer("Residual 'and'", () => new Residual(body(), { join: 'and' })),
  layer("Residual 'iand'", () => new Residual(body(), { join: 'iand' })),
  layer('Lif', () => new Lif(), [5], 8),
  layer(
    "Lif, dynamics 'paper', mpr, vReset",
    () => {
      return new Lif({ dynamics: 'paper', rectifier: mpr(), vReset: -0.1, tau: 0.5 });
    },
    [5],
    8,
  ),
  layer("Lif, reset 'soft'", () => new Lif({ reset: 'soft' }), [5], 8),
  layer('Delay', () => new Delay([0, 2, 1, 3, 1]), [5], 8),
  layer('Recurrent', () => new Recurrent(zoo.lif(), 5, { bias: true, deviation: 0.9 }), [5], 8),
  {
    ...layer('Direct and TimeMean', () =>
      sequential(new Linear(5, 4, { deviation: 1 }), new Direct(4), new Lif(), new TimeMean()),
    ),
    ...{ shape: [5], timesteps: 4, input: 'image' },
  },
];

const NEURONS: readonly OnnxCase[] = Object.entries(zoo).map(([name, make]) => {
  const model = make();
  return {
    kind: 'neuron',
    name,
    network: () => new Spiking(model, { channels: 5 }),
    shape: [5],
    timesteps: 16,
    input: 'sequence',
    scale: model.parameters.find((one) => one.name === 'vth')?.value ?? 1,
  };
});

/** Of networks that a width of 4 is none for. */
const WIDTHS: Readonly<Record<string, number>> = { mlp: 16, 'events-dense': 16, spikformer: 48 };

const NETWORKS: readonly OnnxCase[] = ARCHITECTURES.map((arch) => {
  const areEvents = arch.startsWith('events');
  const [height, imageWidth, channels] = areEvents ? [12, 12, 2] : [32, 32, 3];
  return {
    kind: 'network',
    name: arch,
    network: () =>
      buildNetwork({
        arch,
        width: WIDTHS[arch] ?? 4,
        timesteps: 2,
        mpr: 3,
        dynamics: 'leak',
        gradientScale: 1,
        classes: 10,
        channels: channels!,
        height: height!,
        imageWidth: imageWidth!,
      }),
    shape: [height!, imageWidth!, channels!],
    timesteps: 2,
    input: areEvents ? 'sequence' : 'image',
    // many small inputs, of which a first layer without a convolution makes little
    scale: arch === 'events-dense' ? 40 : 1,
  };
});

export const ONNX_CASES: readonly OnnxCase[] = [...LAYERS, ...NEURONS, ...NETWORKS];

/** The input of a case, and the network settled on it: running statistics that let neurons fire. */
export function prepared({ network, shape, timesteps, input, kind, scale = 1 }: OnnxCase) {
  const random = new Random(3);
  const whole = [...(input === 'sequence' ? [timesteps] : []), 2, ...shape];
  const size = whole.reduce((product, length) => product * length, 1);
  const data = Float64Array.from({ length: size }, () =>
    Math.fround((random.normal() + (kind === 'neuron' ? 0.4 : 0)) * 1.5 * scale),
  );
  const made = network().train();
  for (let i = 0; i < (kind === 'network' ? 40 : 3); i++) noGrad(() => made.call(tensor(data, whole)));
  return { network: made.evaluate(), data, shape: whole };
}
