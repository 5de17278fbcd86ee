// Accuracy and loss of a network on a data set, with running statistics and without gradients.

import { tensor } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { batches } from '../data/batches';
import { checkTrainingData } from '../data/float-dataset';
import type { TrainingData } from '../data/stream/dataset';
import { checkModule, type Module } from '../nn/module';
import { crossEntropy } from '../ops/loss';
import {
  aStopSignal,
  callback,
  type OptionsOf,
  option,
  optional,
  optionTable,
  type StopSignal,
  whole,
} from '../options';
import { logitsOf } from './logits';
import { noRoomFor } from './no-room';

/** What a network makes of a data set. */
export interface Evaluation {
  /** Mean cross-entropy. */
  readonly loss: number;
  /** Share of images whose largest logit is their label's. */
  readonly accuracy: number;
  readonly images: number;
  /** confusion[label][prediction] counts images. */
  readonly confusion: number[][];
}

/** How a data set is gone through. */
export interface EvaluateOptions {
  /** Records of a batch. Default 32. */
  batchSize?: number;
  /** Called after each batch. */
  onProgress?: (images: number) => void;
  /** Stops between batches with the signal's reason. */
  signal?: StopSignal;
}

export const evaluateOptions = optionTable({
  batchSize: option(whole({ least: 1 }), 32),
  onProgress: optional(callback<NonNullable<EvaluateOptions['onProgress']>>('a function (images)')),
  signal: optional(aStopSignal),
} satisfies OptionsOf<EvaluateOptions>);

/** Index of the largest number of a row; the first of equal ones. */
export function argmax(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
}

/** What `pass` gives for so many images at once. */
function tried<R>(images: number, pass: () => R): R {
  try {
    return pass();
  } catch (error) {
    throw noRoomFor('evaluate', `a batch of ${images} images`, images, error);
  }
}

/** Runs the whole data set through the network and leaves it in the mode it was in. */
export async function evaluate(
  network: Module,
  dataset: TrainingData,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkModule('evaluate', network);
  checkTrainingData('evaluate', dataset);
  const { batchSize, onProgress, signal } = evaluateOptions.read('evaluate', options);
  const classes = dataset.classes.length;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const wasTraining = network.training;
  network.evaluate();
  let lossSum = 0;
  let correct = 0;
  let images = 0;
  try {
    for await (const batch of batches(dataset, { batchSize })) {
      signal?.throwIfAborted();
      const count = batch.labels.length;
      const pass = () =>
        scope(() => {
          const x = tensor(batch.images, batch.shape);
          network.reset(); // images of a batch are no continuation of those before
          const output = logitsOf('evaluate', network, x, batch, dataset);
          return { logits: output, loss: crossEntropy(output, batch.labels) };
        });
      const { loss, logits } = tried(count, () => noGrad(pass));
      const [scores, value] = await Promise.all([logits.data(), loss.item()]);
      logits.dispose();
      loss.dispose();
      lossSum += value * count;
      batch.labels.forEach((label, row) => {
        const predicted = argmax(scores, row * classes, classes);
        confusion[label]![predicted]!++;
        if (predicted === label) correct++;
      });
      images += count;
      onProgress?.(images);
    }
  } finally {
    network.reset();
    if (wasTraining) network.train();
  }
  return { loss: lossSum / images, accuracy: correct / images, images, confusion };
}
