// What is raced by processor time with peers that check each other's work: networks that people know with
// SpikingJelly's own, and convolutions of spikes that are depthwise or of single pixels with PyTorch's.

import type { EntrantPlan } from './entrant';
import * as entrant from './entrants';
import type { Race } from './race';
import { type KnownJob, knownNetwork } from './work/known';
import type { SparseJob } from './work/sparse';
import { writeStartOf } from './work/start';

const TIMESTEPS = 4;
const BATCH = 16;
const WIDTH = 16;
const PACE: entrant.Pace = { units: 1, repetitions: 4, warmup: 12 };

const NAMES: Readonly<Record<KnownJob['network'], string>> = {
  vgg9: 'VGG-9',
  'sew-resnet18': 'SEW ResNet18',
  'sew-resnet18-large': 'SEW ResNet18, stem for large images',
};

/** A training step, with all layouts of SpikingJelly that we know to be fast. */
async function known(network: KnownJob['network']): Promise<Race> {
  const size = { network, width: WIDTH, timesteps: TIMESTEPS };
  const start = await writeStartOf(() => knownNetwork(size), BATCH);
  const job: KnownJob = { kind: 'known', ...size, batch: BATCH, threads: 2, start };
  const peer = (name: string, layout: 'plain' | 'last' | 'once' | 'compiled'): EntrantPlan =>
    entrant.jelly(`SpikingJelly, ${name}`, { ...job, layout }, PACE);
  return {
    name: network,
    title: `training step, ${NAMES[network]}, width ${WIDTH}, T=${TIMESTEPS}, batch ${BATCH}, 2 threads`,
    ours: [entrant.ours('spikegrad', job, PACE)],
    peers: [
      peer('as its examples', 'plain'),
      peer('channels last', 'last'),
      peer('channels last, first convolution once', 'once'),
      peer('the same, torch.compile', 'compiled'),
    ],
  };
}

const WORDS = { depthwise: 'depthwise conv3x3', pointwise: 'conv1x1' };

function sparse(shape: SparseJob['shape'], pass: SparseJob['pass'], channels: number, side: number): Race {
  const job: SparseJob = { kind: 'sparse', shape, pass, channels, side, planes: 128, rate: 0.1 };
  const pace: entrant.Pace = { units: 1, repetitions: 8, warmup: 8 };
  const what = pass === 'forward' ? 'forward' : 'weight gradient';
  return {
    name: `${shape}-${pass}-${channels}`,
    title: `${WORDS[shape]} of spikes at 10 %, ${what}, ${channels} channels ${side}x${side}, 128 images, 1 thread`,
    ours: [entrant.ours('spikegrad', job, pace)],
    peers: [entrant.torchSparse(job, pace)],
  };
}

type Races = Readonly<Record<string, readonly (() => Race | Promise<Race>)[]>>;

/** By group, as `--group` names them. */
export const racesBesidePeers: Races = {
  vgg9: [() => known('vgg9')],
  'sew-resnet18': [() => known('sew-resnet18'), () => known('sew-resnet18-large')],
  'conv-sparse': (['depthwise', 'pointwise'] as const).flatMap((shape) =>
    (['forward', 'weight'] as const).flatMap((pass) =>
      (
        [
          [32, 32],
          [128, 8],
        ] as const
      ).map(
        ([channels, side]) =>
          () =>
            sparse(shape, pass, channels, side),
      ),
    ),
  ),
};
