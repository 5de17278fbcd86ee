// The networks of a run beside the ResNet20 and those for events: built from its settings, and how many numbers they
// hold, told without building them.

import type { Module } from '../../nn/module';
import {
  csnn,
  msResnet20,
  type NeuronChoice,
  parametricLifNet,
  sewResnet,
  spikformer,
  spikingMlp,
  type VggDepth,
  vgg,
} from '../../snn';
import { PARAMETRIC_LIF_PLANS } from '../../snn/networks/parametric-lif';
import { VGG_PLANS } from '../../snn/networks/vgg';
import type { Architecture, NetworkSettings } from '../settings';

interface KnownNetwork {
  build(settings: NetworkSettings, neuron: NeuronChoice): Module;
  /** All parameters and running statistics. */
  numbers(settings: NetworkSettings): number;
}

/** Numbers of a convolution of k×k, of one with a norm, and of a linear layer, both last with bias. */
const conv = (k: number, cin: number, cout: number) => k * k * cin * cout;
const normed = (k: number, cin: number, cout: number) => conv(k, cin, cout) + 4 * cout;
const dense = (inputs: number, outputs: number) => (inputs + 1) * outputs;

const sideOf = ({ height, imageWidth }: NetworkSettings) => [height, imageWidth] as const;
const common = ({ classes, timesteps, channels }: NetworkSettings) => ({ classes, timesteps, channels });

/** Blocks of two convolutions with norms, of doubling width; the first of a stage has a shortcut where it widens. */
function residualNumbers(width: number, stages: number, blocks: number): number {
  let [sum, cin] = [0, width];
  for (let stage = 0; stage < stages; stage++) {
    const cout = width * 2 ** stage;
    sum += normed(3, cin, cout) + (2 * blocks - 1) * normed(3, cout, cout);
    if (stage > 0) sum += normed(1, cin, cout);
    cin = cout;
  }
  return sum;
}

/** Blocks of a run's Spikformer. */
const SPIKFORMER_DEPTH = 2;

const vggOf = (depth: VggDepth): KnownNetwork => ({
  build: (s, neuron) => vgg({ ...common(s), depth, width: s.width, side: sideOf(s), neuron }),
  numbers(s) {
    let [sum, cin] = [0, s.channels];
    let pixels = sideOf(s) as readonly number[];
    for (const factor of VGG_PLANS[depth]) {
      if (factor === 0) pixels = pixels.map((length) => Math.floor(length / 2));
      else {
        sum += normed(3, cin, factor * s.width) + factor * s.width;
        cin = factor * s.width;
      }
    }
    const hidden = 16 * s.width;
    const between = depth === 9 ? 0 : dense(hidden, hidden);
    return sum + dense(cin * pixels[0]! * pixels[1]!, hidden) + between + dense(hidden, s.classes);
  },
});

export const knownNetworks: Partial<Record<Architecture, KnownNetwork>> = {
  csnn: {
    build: (s, neuron) => csnn({ ...common(s), width: s.width, side: sideOf(s), neuron }),
    numbers(s) {
      const second = Math.round((s.width * 16) / 3);
      const [height, width] = sideOf(s).map((length) => Math.floor((Math.floor((length - 4) / 2) - 4) / 2));
      const convolutions = conv(5, s.channels, s.width) + s.width + conv(5, s.width, second) + second;
      return convolutions + dense(second * height! * width!, s.classes);
    },
  },
  vgg9: vggOf(9),
  vgg11: vggOf(11),
  'sew-resnet18': {
    build: (s, neuron) => sewResnet({ ...common(s), width: s.width, neuron }),
    numbers: (s) =>
      normed(3, s.channels, s.width) + residualNumbers(s.width, 4, 2) + dense(8 * s.width, s.classes),
  },
  'ms-resnet20': {
    build: (s, neuron) => msResnet20({ ...common(s), width: s.width, neuron }),
    numbers: (s) =>
      normed(3, s.channels, s.width) + residualNumbers(s.width, 3, 3) + dense(4 * s.width, s.classes),
  },
  spikformer: {
    build: (s, neuron) => spikformer({ ...common(s), width: s.width, depth: SPIKFORMER_DEPTH, neuron }),
    numbers({ width, channels, classes }) {
      const widths = [channels, width / 8, width / 4, width / 2, width, width];
      const patches = widths.slice(1).reduce((sum, cout, i) => sum + normed(3, widths[i]!, cout), 0);
      const pointwise = [3, 1, 4].reduce((sum, times) => sum + normed(1, width, times * width), 0);
      const blocks = SPIKFORMER_DEPTH * (pointwise + normed(1, 4 * width, width));
      return patches + blocks + dense(width, classes);
    },
  },
  'dvs-net': {
    build: (s, neuron) => parametricLifNet({ ...common(s), width: s.width, side: sideOf(s), neuron }),
    numbers(s) {
      const { stages, hidden } = PARAMETRIC_LIF_PLANS['cifar10-dvs'];
      const [height, width] = sideOf(s).map((length) => Math.floor(length / 2 ** stages));
      const convolutions = normed(3, s.channels, s.width) + (stages - 1) * normed(3, s.width, s.width);
      const within = hidden * s.width;
      return convolutions + dense(s.width * height! * width!, within) + dense(within, 10 * s.classes);
    },
  },
  mlp: {
    build: ({ classes, timesteps, channels, height, imageWidth, width }, neuron) =>
      spikingMlp({ classes, timesteps, inputShape: [height, imageWidth, channels], hidden: [width], neuron }),
    numbers: (s) => dense(s.height * s.imageWidth * s.channels, s.width) + dense(s.width, s.classes),
  },
};
