// A small network that tells which way something moves, trained when it is first asked, on simulated bars alone: 256
// recordings of a camera of 34x34 pixels that does not exist (examples/sensor.ts). Recordings of any size are brought
// to its size.

import {
  Conv2d,
  crossEntropy,
  datasetOf,
  type EventStream,
  evaluate,
  Flatten,
  init,
  Lif,
  Linear,
  type Module,
  mpr,
  noGrad,
  readNMnist,
  Sgd,
  scope,
  sequential,
  softmax,
  TdBatchNorm,
  TimeMean,
  tensor,
} from 'spikegrad';
import { DIRECTIONS, record, SIDE } from '../../../../sensor';

const T = 4;
const TRAINED = 256;
const TESTED = 64;
const STEPS = 40;
const FRAME = SIDE * SIDE * 2;

export interface Classifier {
  /** Shares of the directions, in their order. */
  classify(events: EventStream): Promise<number[]>;
  /** Share of simulated recordings, new to it, that it tells rightly. */
  readonly tested: number;
}

/**
 * Frames [T,34,34,2], cut by time, each divided by its largest count: a large sensor has more events than a small one.
 * @param out where they go
 */
function writeFrames(events: EventStream, out: Float32Array): void {
  const { length, x, y, polarity, time } = events;
  let [first, last, width, height] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 1];
  for (let i = 0; i < length; i++) {
    first = Math.min(first, time[i]!);
    last = Math.max(last, time[i]!);
    width = Math.max(width, x[i]! + 1);
    height = Math.max(height, y[i]! + 1);
  }
  const scale = SIDE / Math.max(events.width ?? width, events.height ?? height, SIDE);
  const each = (last - first) / T || 1;
  for (let i = 0; i < length; i++) {
    const frame = Math.min(T - 1, Math.floor((time[i]! - first) / each));
    const [row, column] = [Math.floor(y[i]! * scale), Math.floor(x[i]! * scale)];
    out[frame * FRAME + (row * SIDE + column) * 2 + polarity[i]!]!++;
  }
  for (let t = 0; t < T; t++) {
    const frame = out.subarray(t * FRAME, (t + 1) * FRAME);
    const most = frame.reduce((largest, count) => Math.max(largest, count), 1);
    for (let i = 0; i < FRAME; i++) frame[i]! /= most;
  }
}

/** [T,N,34,34,2] of simulated recordings, every direction as often as the others. */
async function draw(count: number, seed: number) {
  const labels = Int32Array.from({ length: count }, (_, i) => i % DIRECTIONS.length);
  const frames = new Float32Array(T * count * FRAME);
  const one = new Float32Array(T * FRAME);
  for (const [n, direction] of labels.entries()) {
    one.fill(0);
    writeFrames(await readNMnist(record(direction, seed + n)), one);
    for (let t = 0; t < T; t++) frames.set(one.subarray(t * FRAME, (t + 1) * FRAME), (t * count + n) * FRAME);
  }
  return { labels, frames };
}

function build(): Module {
  const neuron = { rectifier: mpr({ k: 3 }) };
  return sequential(
    new Conv2d(2, 4, { stride: 2 }),
    new TdBatchNorm(4),
    new Lif(neuron),
    new Conv2d(4, 8, { stride: 2 }),
    new TdBatchNorm(8),
    new Lif(neuron),
    new Flatten(3),
    new Linear(9 * 9 * 8, DIRECTIONS.length),
    new TimeMean(),
  );
}

export async function trainClassifier(tell: (step: number, steps: number) => void): Promise<Classifier> {
  await init({ seed: 1 });
  const network = build();
  const { labels, frames } = await draw(TRAINED, 1000);
  const x = tensor(frames, [T, TRAINED, SIDE, SIDE, 2]);
  const sgd = new Sgd(network.parameters(), { lr: 0.1, momentum: 0.9 });
  for (let step = 1; step <= STEPS; step++) {
    const loss = scope(() => {
      const value = crossEntropy(network.call(x), labels);
      value.backward();
      return value;
    });
    sgd.step();
    sgd.zeroGrad();
    await loss.item();
    loss.dispose();
    tell(step, STEPS);
  }
  x.dispose();
  network.evaluate();
  const test = await draw(TESTED, 2000);
  const fresh = tensor(test.frames, [T, TESTED, SIDE, SIDE, 2]);
  const { accuracy } = await evaluate(network, datasetOf(fresh, test.labels, { sequences: true }));
  fresh.dispose();
  return {
    tested: accuracy,
    async classify(events) {
      const own = new Float32Array(T * FRAME);
      writeFrames(events, own);
      const shares = noGrad(() => scope(() => softmax(network.call(tensor(own, [T, 1, SIDE, SIDE, 2])))));
      const values = Array.from(await shares.data());
      shares.dispose();
      return values;
    },
  };
}
