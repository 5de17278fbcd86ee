// Drawn networks of every kind of layer that integers can be, and some that they cannot. Not a test itself.

import fc from 'fast-check';
import { Random } from '../../src/core/random';
import {
  AvgPool2d,
  Conv2d,
  Flatten,
  GlobalAvgPool,
  Linear,
  MaxPool2d,
  type Module,
  Residual,
  sequential,
} from '../../src/nn';
import { Direct, ifNeuron, Lif, li, Spiking, TdBatchNorm, TimeMean } from '../../src/snn';

/** What a network is drawn by. */
export interface Drawn {
  readonly seed: number;
  readonly timesteps: number;
  readonly height: number;
  readonly width: number;
  readonly channels: readonly [number, number, number];
  readonly convs: readonly [DrawnConv, DrawnConv];
  readonly neuron: 'hard' | 'soft' | 'number' | 'if' | 'paper' | 'slow';
  readonly middle: 'none' | 'average' | 'pooled' | 'max' | 'max of sums' | 'residual' | 'gate' | 'sew';
  readonly end: 'global' | 'flatten' | 'li';
}

interface DrawnConv {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly groups: boolean;
}

const conv: fc.Arbitrary<DrawnConv> = fc.oneof(
  fc.constant({ kernel: 3, stride: 1, padding: 1, dilation: 1, groups: false }),
  fc.record({
    kernel: fc.constantFrom(1, 2, 3, 5),
    stride: fc.constantFrom(1, 2, 3),
    padding: fc.constantFrom(0, 1, 2),
    dilation: fc.constantFrom(1, 2),
    groups: fc.boolean(),
  }),
);

/** A length behind a convolution. */
const behind = (length: number, { kernel, stride, padding, dilation }: DrawnConv) =>
  Math.floor((length + 2 * padding - (kernel - 1) * dilation - 1) / stride) + 1;

export const drawnNetworks: fc.Arbitrary<Drawn> = (
  fc.record({
    seed: fc.nat(1000),
    timesteps: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 5, max: 9 }),
    width: fc.integer({ min: 5, max: 10 }),
    channels: fc.constantFrom([8, 16, 16], [4, 20, 24], [16, 32, 40], [8, 72, 16], [6, 136, 8]),
    convs: fc.tuple(conv, conv),
    neuron: fc.constantFrom('hard', 'soft', 'number', 'if', 'paper', 'slow'),
    middle: fc.constantFrom('none', 'average', 'pooled', 'max', 'max of sums', 'residual', 'gate', 'sew'),
    end: fc.constantFrom('global', 'flatten', 'li'),
  }) as fc.Arbitrary<Drawn>
).filter(({ height, width, convs: [first, second] }) =>
  // a pool of 2x2 still has something
  [height, width].every((length) => {
    const inner = behind(length, first);
    return inner > 0 && behind(inner, second) >= 2 && inner + 2 * second.padding >= reach(second);
  }),
);

const reach = ({ kernel, dilation }: DrawnConv) => (kernel - 1) * dilation + 1;

const NEURONS: Readonly<Record<Drawn['neuron'], () => Module>> = {
  hard: () => new Lif(),
  soft: () => new Lif({ reset: 'soft', tau: 0.5 }),
  number: () => new Lif({ vReset: -0.25 }),
  if: () => new Spiking(ifNeuron()),
  paper: () => new Lif({ dynamics: 'paper' }),
  slow: () => new Lif({ tau: 0.95, reset: 'soft', vth: 1 }),
};

/** Norms behind convolutions that have seen something. */
function norm(channels: number, random: Random): TdBatchNorm {
  const made = new TdBatchNorm(channels, { vth: 0.5 });
  for (const [name, { tensor }] of made.state())
    tensor.overwrite(
      Float32Array.from({ length: tensor.size }, () =>
        name === 'running_mean' || name === 'bias' ? 0.2 * random.normal() : 0.3 + random.uniform(),
      ),
    );
  return made;
}

export function drawnNetwork(drawn: Drawn): Module {
  const { seed, timesteps, height, width, channels, convs, neuron, middle, end } = drawn;
  const random = new Random(seed);
  const [a, b, c] = channels;
  const fire = NEURONS[neuron];
  const make = (cin: number, cout: number, { groups, ...one }: DrawnConv, bias = false) => [
    new Conv2d(cin, cout, { ...one, groups: groups ? common(cin, cout) : 1, bias, random }),
    norm(cout, random),
  ];
  const block = () => [new Conv2d(b, b, { random }), norm(b, random)];
  const between: Readonly<Record<Drawn['middle'], () => Module[]>> = {
    none: () => [],
    average: () => [
      new AvgPool2d(2),
      new Conv2d(b, b, { kernel: 1, padding: 0, random }),
      norm(b, random),
      fire(),
    ],
    // averages of spikes, weighed with 3x3 and added to sums
    pooled: () => [new AvgPool2d(2), new Residual(sequential(...block())), fire()],
    max: () => [new MaxPool2d(2)],
    'max of sums': () => [new Conv2d(b, b, { random }), new MaxPool2d(2), fire()],
    residual: () => [new Residual(sequential(...block(), fire(), ...block())), fire()],
    gate: () => [new Residual(sequential(...block(), fire()), { join: 'iand' })],
    sew: () => [new Residual(sequential(...block(), fire()))],
  };
  const body = sequential(
    ...make(3, a, convs[0], true),
    new Direct(timesteps),
    fire(),
    ...make(a, b, convs[1]),
    fire(),
    ...between[middle](),
    ...make(b, c, { kernel: 3, stride: 1, padding: 1, dilation: 1, groups: false }),
    fire(),
  );
  const [rows, columns, depth] = body.describe({ inputShape: [height, width, 3] }).outputShape as number[];
  const flat = end === 'flatten';
  const last = new Linear(flat ? rows! * columns! * depth! : c, 5, { random });
  return sequential(
    body,
    flat ? new Flatten(3, { order: seed % 2 === 0 ? 'channelsLast' : 'channelsFirst' }) : new GlobalAvgPool(),
    last,
    ...(end === 'li' ? [new Spiking(li())] : []),
    new TimeMean(),
  ).evaluate();
}

function common(a: number, b: number): number {
  return b === 0 ? a : common(b, a % b);
}
