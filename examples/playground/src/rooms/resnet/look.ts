// A look at the network between two steps, on a few test images: it changes nothing of the training.

import {
  batches,
  type Dataset,
  noGrad,
  probe,
  type SpikingResNet20,
  scope,
  type Tensor,
  tensor,
} from 'spikegrad';
import type { Guess, Look } from './messages';

/** Images in view. */
const SEEN = 10;

export async function lookAt(network: SpikingResNet20, test: Dataset): Promise<Look> {
  const [batch] = batches(test, {
    batchSize: Math.min(SEEN, test.length),
    seed: 0,
    epoch: 0,
    shuffle: false,
    augment: [],
  });
  const { images, labels } = batch!;
  const wasTraining = network.training;
  const looking = probe(network);
  network.evaluate();
  let output: Tensor | undefined;
  try {
    output = noGrad(() =>
      scope(() => network.call(tensor(images, [labels.length, test.height, test.width, test.channels]))),
    );
    const [{ layers }, scores] = await Promise.all([looking.report(), output.data()]);
    const classes = test.classes.length;
    return {
      layers,
      classes: test.classes,
      guesses: Array.from(labels, (label, i) => ({
        ...picture(test, i),
        label,
        logits: Float32Array.from(scores.slice(i * classes, (i + 1) * classes)),
      })),
    };
  } finally {
    output?.dispose();
    looking.detach();
    if (wasTraining) network.train();
  }
}

/** A record as a canvas takes it. Images have three channels. */
function picture({ pixels, width, height }: Dataset, record: number): Omit<Guess, 'label' | 'logits'> {
  const size = width * height;
  const rgba = new Uint8ClampedArray(4 * size).fill(255);
  for (let p = 0; p < size; p++) {
    for (let c = 0; c < 3; c++) rgba[4 * p + c] = pixels[3 * (record * size + p) + c]!;
  }
  return { pixels: rgba, width, height };
}
