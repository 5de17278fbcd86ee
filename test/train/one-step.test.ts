// The gradient of one of the time steps: which one is drawn, what its numbers and its gradient are, and that a run that
// is stopped goes on with the same draws.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { noGrad } from '../../src/core/tape';
import { batches, shapes } from '../../src/data';
import { init } from '../../src/init';
import { Flatten, Linear, type Module, sequential } from '../../src/nn';
import { add, crossEntropy, div } from '../../src/ops';
import { Delay, Direct, Lif, resnet20, TimeMean } from '../../src/snn';
import { setTimesteps } from '../../src/snn/time-steps';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  restoreTrainer,
  Trainer,
  type TrainerOptions,
} from '../../src/train';
import { drawnStep, oneStepOf } from '../../src/train/trainer/one-step';
import { forwardAndBackward } from '../../src/train/trainer/pass';
import { SETTINGS } from '../support/records';

const T = 3;
const images = shapes({ count: 24, seed: 1 });
const [batch] = batches(images, { batchSize: 6 });
const make = () => resnet20({ width: 1, timesteps: T, random: new Random(4), neuron: {} });
const gradientOf = (network: ReturnType<typeof make>) =>
  Float64Array.from(network.fc.weight.grad!.dataSync());

beforeAll(() => init({ backend: 'cpu', precision: 'f64', seed: 0 }));

test('each step of a run draws its own, by the seed alone, and all of them in turn', () => {
  const drawn = (seed: number) => Array.from({ length: 300 }, (_, step) => drawnStep(seed, step, T));
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
  for (let t = 0; t < T; t++) expect(drawn(1).filter((one) => one === t).length).toBeGreaterThan(70);
});

describe('a pass', () => {
  const passOf = (network: Module, step: number, loss: 'mean' | 'tet' = 'mean') =>
    forwardAndBackward(
      network,
      batch!,
      images,
      { loss },
      undefined,
      oneStepOf(network, images, { seed: 7 })(step),
    );

  /** The network step by step with all of them on the tape, neurons carrying on without one. */
  function stepByStep() {
    const network = make();
    setTimesteps('test', network, 1);
    const layers = [...network.modules()].map(([, module]) => module).filter((one) => one instanceof Lif);
    for (const layer of layers) layer.stateful = true;
    const x = tensor(batch!.images, batch!.shape);
    const each = Array.from({ length: T }, () => network.call(x));
    const mean = div(
      each.reduce((sum, logits) => add(sum, logits)),
      T,
    );
    const loss = crossEntropy(mean, batch!.labels);
    loss.backward();
    return { mean: [...mean.dataSync()], loss: loss.itemSync(), gradient: gradientOf(network) };
  }

  test('has the logits and the loss of all steps, and in the mean over the draws their gradient', () => {
    const whole = stepByStep();
    const drawn = new Map<number, Float64Array>();
    for (let step = 0; drawn.size < T; step++) {
      const network = make();
      const { logits, loss } = passOf(network, step);
      for (const [i, value] of logits.dataSync().entries()) expect(value).toBeCloseTo(whole.mean[i]!, 12);
      expect(loss.itemSync()).toBeCloseTo(whole.loss, 12);
      drawn.set(drawnStep(7, step, T), gradientOf(network));
      expect(network.call(tensor(batch!.images, batch!.shape)).shape).toEqual([6, 10]); // T steps again, from V = 0
    }
    const gradients = [...drawn.values()];
    for (const [i, value] of whole.gradient.entries())
      expect(gradients.reduce((sum, one) => sum + one[i]!, 0) / T).toBeCloseTo(value, 12);
    expect(gradients[0]).not.toEqual(gradients[1]);
  });

  test('with TET has the loss of the step that was drawn', () => {
    const network = make();
    const { logits, loss } = passOf(network, 0, 'tet');
    expect(loss.itemSync()).not.toBeCloseTo(noGrad(() => crossEntropy(logits, batch!.labels)).itemSync(), 6);
    expect(Math.hypot(...gradientOf(network))).toBeGreaterThan(0);
  });
});

test('a run that is stopped ends with the bits of one that is not', async () => {
  const given = { epochs: 1, batch: 4, lr: 0.05, seed: 3, gradientSteps: 'one' } as const;
  const settings = { ...SETTINGS, ...given, width: 1, timesteps: T };
  const weights = ({ network }: Trainer) => network.parameters().map((one) => [...one.dataSync()]);
  const whole = new Trainer(make(), images, given);
  await whole.run();
  const first = new Trainer(make(), images, given);
  const stop = new AbortController();
  const onStep = ({ step }: { step: number }) => {
    if (step === 3) stop.abort();
  };
  await first.run({ onStep, signal: stop.signal });
  const then = new Trainer(make(), images, given);
  restoreTrainer(then, decodeCheckpoint(await encodeCheckpoint(first, settings)));
  await then.run();
  expect(weights(then)).toEqual(weights(whole));
});

test('at one time step it is that of all', () => {
  expect(oneStepOf(resnet20({ width: 1, timesteps: 1 }), images, { seed: 0 })(0)).toBeUndefined();
});

test('is refused where a step cannot be run by itself', async () => {
  const refused = (network: Module, words: RegExp, more: TrainerOptions = {}) =>
    expect(new Trainer(network, images, { gradientSteps: 'one', ...more }).run()).rejects.toThrow(words);
  const flat = sequential(new Flatten(), new Linear(32 * 32 * 3, 10));
  await refused(flat, /it is for images that a network repeats/);
  const late = sequential(new Direct(T), new Delay(1, { learns: true }), new TimeMean());
  await refused(late, /its delay 1 reaches over several/);
  await refused(make(), /rateBounds are for firing rates over all of them/, { rateBounds: [0.1, 0.3] });
});
