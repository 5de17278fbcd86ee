// What is compared with what. A comparison is made only when it is asked for, because networks need a file to start
// from.

import type { EntrantPlan } from './entrant';
import * as entrant from './entrants';
import type { Race } from './race';
import { racesBesidePeers } from './races';
import type { Comparison } from './round-robin';
import { type ConvJob, convGigaflop } from './work/conv';
import type { NetworkJob } from './work/network';
import type { NormedJob } from './work/normed';
import { PEAK_GIGAFLOP } from './work/peak';
import { writeStart } from './work/start';

const TIMESTEPS = 4;
const BATCH = 32;
const WIDE_BATCH = 8;
const MATMUL = 512;
/** Passes after which the running statistics are the batch's, within 1 %. */
const SETTLING = 50;
/** Training steps, and the shorter passes of inference, until V8 has compiled everything for good. */
const WARM = 15;
const WARM_PASSES = 100;

const perImage = (batch: number, repetitions: number, warmup = WARM): entrant.Pace => ({
  units: batch,
  repetitions,
  warmup,
});
const perCall = (repetitions: number): entrant.Pace => ({ units: 1, repetitions, warmup: repetitions });

async function job(
  kind: NetworkJob['kind'],
  variant: NetworkJob['variant'],
  batch: number,
  threads = 2,
): Promise<NetworkJob> {
  const start = await writeStart(variant, TIMESTEPS, batch, kind === 'infer' ? SETTLING : 0);
  return { kind, variant, timesteps: TIMESTEPS, batch, threads, start };
}

/** The fastest PyTorch that we know of, with both ways that its threads may wait. */
function fastestTorch(work: NetworkJob, pace: entrant.Pace): EntrantPlan[] {
  const last = { ...work, layout: 'last' as const };
  return [
    entrant.torchNetwork('PyTorch, channels last', last, pace),
    entrant.torchNetwork('PyTorch, channels last, patient threads', last, pace, entrant.PATIENT),
  ];
}

const compiledTorch = (work: NetworkJob, pace: entrant.Pace): EntrantPlan =>
  entrant.torchNetwork('PyTorch, channels last, torch.compile', { ...work, layout: 'compiled' }, pace);

async function trainSmall(): Promise<Comparison> {
  const work = await job('train', 'small', BATCH);
  const pace = perImage(BATCH, 4);
  return {
    name: 'train-small',
    title: `training step, resnet20-small, T=${TIMESTEPS}, batch ${BATCH}, 2 threads`,
    unit: 'image',
    ours: entrant.ours('spikegrad', work, pace),
    peers: [
      entrant.torchNetwork('PyTorch, plain', { ...work, layout: 'plain' }, pace),
      ...fastestTorch(work, pace),
      compiledTorch(work, pace),
      ...(['spikingjelly', 'snntorch'] as const).map((library) =>
        entrant.torchNetwork(
          `${library === 'snntorch' ? 'snnTorch' : 'SpikingJelly'} on PyTorch, channels last`,
          { ...work, layout: 'last', library },
          pace,
        ),
      ),
      entrant.torchNetwork(
        'PyTorch, channels last, 128-bit vectors',
        { ...work, layout: 'last' },
        { ...pace, repetitions: 2, warmup: 1 },
        { ...entrant.ONLY_128_BITS, ...entrant.PATIENT },
      ),
      // minutes for the whole batch, so one image once
      entrant.tfjsStep(
        { timesteps: TIMESTEPS, batch: 1 },
        { units: 1, repetitions: 1, warmup: 0, rounds: 1 },
      ),
    ],
  };
}

async function trainWide(): Promise<Comparison> {
  const work = await job('train', 'wide', WIDE_BATCH);
  const pace = { ...perImage(WIDE_BATCH, 2), warmup: 2 };
  return {
    name: 'train-wide',
    title: `training step, resnet20 (width 64), T=${TIMESTEPS}, batch ${WIDE_BATCH}, 2 threads`,
    unit: 'image',
    ours: entrant.ours('spikegrad', work, pace),
    peers: fastestTorch(work, pace),
  };
}

async function infer(): Promise<Comparison> {
  const work = await job('infer', 'small', BATCH);
  const pace = perImage(BATCH, 24, WARM_PASSES);
  return {
    name: 'infer',
    title: `inference, resnet20-small, T=${TIMESTEPS}, batch ${BATCH}, 2 threads`,
    unit: 'image',
    ours: entrant.ours('spikegrad', work, pace),
    peers: [...fastestTorch(work, pace), compiledTorch(work, pace)],
  };
}

function convolution(pass: ConvJob['pass'], channels: number, side: number, rate: number): Comparison {
  const work: ConvJob = { kind: 'conv', pass, channels, side, timesteps: TIMESTEPS, batch: BATCH, rate };
  const pace = perCall(8);
  const what = pass === 'forward' ? 'forward' : 'weight gradient';
  return {
    name: `conv-${pass}-${channels}-${100 * rate}`,
    title: `conv3x3 of spikes at ${100 * rate} %, ${what}, ${channels} channels ${side}x${side}, ${TIMESTEPS}x${BATCH} images, 1 thread`,
    unit: 'call',
    gigaflop: convGigaflop(work),
    ours: entrant.ours('spikegrad', work, pace),
    peers: [entrant.torchConv(work, pace)],
  };
}

function matmul(): Comparison {
  const pace = perCall(10);
  return {
    name: 'matmul',
    title: `matrix product ${MATMUL}x${MATMUL}x${MATMUL}, 1 thread`,
    unit: 'call',
    gigaflop: (2 * MATMUL ** 3) / 1e9,
    ours: entrant.ours('spikegrad', { kind: 'matmul', size: MATMUL }, pace),
    peers: [
      entrant.jaxMatmul(MATMUL, pace),
      entrant.tfjsMatmul('wasm', MATMUL, pace),
      entrant.tfjsMatmul('cpu', MATMUL, { ...pace, repetitions: 2, warmup: 1 }),
      // its "call" is as many multiply-adds as the product has
      entrant.peak({ units: PEAK_GIGAFLOP / ((2 * MATMUL ** 3) / 1e9), repetitions: 40, warmup: 40 }),
    ],
  };
}

async function scaling(): Promise<Comparison> {
  const work = await job('train', 'small', BATCH);
  const pace = perImage(BATCH, 4);
  return {
    name: 'scaling',
    title: `1 to 2 threads: training step, resnet20-small, T=${TIMESTEPS}, batch ${BATCH}`,
    unit: 'image',
    ours: entrant.ours('spikegrad, 2 threads', work, pace),
    peers: [entrant.ours('spikegrad, 1 thread', { ...work, threads: 1 }, pace)],
  };
}

async function prototype(): Promise<Comparison> {
  const work = await job('train', 'small', BATCH);
  const pace = perImage(BATCH, 4);
  return {
    name: 'prototype',
    title: `training step, resnet20-small, T=${TIMESTEPS}, batch ${BATCH}, 2 threads: the engine for any network against one for this`,
    unit: 'image',
    ours: entrant.ours('spikegrad', work, pace),
    peers: [entrant.prototype({ timesteps: TIMESTEPS, batch: BATCH, threads: 2 }, pace)],
  };
}

function neuron(): Comparison {
  const neurons = BATCH * 32 * 32 * 16;
  return {
    name: 'neuron',
    title: `LIF neuron with MPR (k = 3), forward and backward, T=${TIMESTEPS}, ${neurons} neurons, 1 thread`,
    unit: 'call',
    ours: entrant.ours('spikegrad', { kind: 'neuron', timesteps: TIMESTEPS, neurons }, perCall(8)),
    peers: [],
  };
}

/** Behind tdBN, by the engine's own clock: an image in the cache, or a million neurons. */
function normed(pass: NormedJob['pass'], images: number, height: number): Comparison {
  const work: NormedJob = { kind: 'normed', pass, timesteps: TIMESTEPS, images, height };
  const neurons = images * height * 32 * 16;
  const where = images === 1 ? 'in the cache' : 'out of it';
  const what = pass === 'forward' ? 'forward' : "backward with tdBN's sums";
  const repetitions = images === 1 ? 400 : 10;
  return {
    name: `normed-${pass}-${neurons}`,
    title: `kernels of LIF-MPR behind tdBN, ${what}, T=${TIMESTEPS}, ${neurons} neurons, ${where}, 1 thread`,
    unit: 'call',
    ours: entrant.ours('spikegrad', work, { ...perCall(repetitions), counts: 'measured' }),
    peers: [],
  };
}

/** A training step of other neurons than the paper's: with a soft reset and arctan, with a surrogate of one's own. */
async function otherNeuron(neuron: 'soft' | 'own', batch: number, pace: entrant.Pace): Promise<Comparison> {
  const what = neuron === 'soft' ? 'soft reset and arctan' : "a surrogate of one's own";
  return {
    name: `train-${neuron}`,
    title: `training step, resnet20-small, ${what}, T=${TIMESTEPS}, batch ${batch}, 2 threads`,
    unit: 'image',
    ours: entrant.ours('spikegrad', { ...(await job('train', 'small', batch)), neuron }, pace),
    peers: [],
  };
}

function start(): Comparison {
  return {
    name: 'start',
    title:
      'a process from its start to the first training step, resnet20 of width 4, T=1, 2 images, 1 thread',
    unit: 'process',
    ours: entrant.ours(
      'spikegrad',
      { kind: 'first-step', width: 4, timesteps: 1, batch: 2 },
      { units: 1, repetitions: 1, warmup: 0, counts: 'whole' },
    ),
    peers: [],
  };
}

const layers: readonly [channels: number, side: number][] = [
  [32, 32],
  [64, 16],
  [128, 8],
];

type Groups = Readonly<Record<string, readonly (() => Comparison | Promise<Comparison>)[]>>;

/** With peers, by group, as `--group` names them. */
export const besidePeers: Groups = {
  'train-small': [trainSmall],
  'train-wide': [trainWide],
  infer: [infer],
  conv: (['forward', 'weight'] as const).flatMap((pass) =>
    layers.flatMap(([channels, side]) =>
      [0.1, 0.15].map((rate) => () => convolution(pass, channels, side, rate)),
    ),
  ),
  matmul: [matmul],
  scaling: [scaling],
  prototype: [prototype],
};

/** Our side of a race. */
const ownSide = ({ ours: [ours], ...race }: Race): Comparison => ({
  ...race,
  unit: 'call',
  ours: ours!,
  peers: [],
});

/** What a build can be measured in against another one: all that has our own entrant on one side. */
export const againstBuild: Groups = {
  ...besidePeers,
  ...Object.fromEntries(
    Object.entries(racesBesidePeers).map(([group, races]) => [
      group,
      races.map((make) => async () => ownSide(await make())),
    ]),
  ),
  'train-soft': [() => otherNeuron('soft', BATCH, perImage(BATCH, 4))],
  // in a build that calls it number by number a step takes seconds
  'train-own': [() => otherNeuron('own', 4, perImage(4, 2, 2))],
  neuron: [neuron],
  normed: (['forward', 'backward'] as const).flatMap((pass) => [
    () => normed(pass, 1, 16),
    () => normed(pass, 64, 32),
  ]),
  start: [start],
};
