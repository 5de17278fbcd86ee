// The test images through the network in integers, compiled there and then or from a file, beside the network in place:
// accuracy of both, and how fast each is here. It changes nothing of the training.

import {
  batches,
  type CompiledNetwork,
  compile,
  type Dataset,
  decodeCompiled,
  evaluate,
  type Module,
  noGrad,
  readSafetensors,
  type SpikingResNet20,
  scope,
  tensor,
} from 'spikegrad';
import type { Integers } from './messages';
import { misread } from './misread';

/** Images of a pass that is timed, and how many passes of each network at least, over so many milliseconds at least. */
const TIMED = 32;
const ROUNDS = 5;
const TIMED_FOR = 300;

/**
 * @param file a compiled network; absent to compile the one in place
 * @throws with words for the reader
 */
export async function inIntegers(
  network: SpikingResNet20,
  test: Dataset,
  file: File | undefined,
): Promise<Omit<Integers, 'step'>> {
  const wasTraining = network.training;
  network.evaluate();
  let fast: CompiledNetwork | undefined;
  try {
    fast = await (file === undefined
      ? compile(network, { inputShape: shapeOf(test) })
      : openCompiled(file, test));
    const { accuracy } = await evaluate(fast, test);
    const { accuracy: before } = await evaluate(network, test);
    const [milliseconds, floats] = timesOf([fast, network], test) as [number, number];
    const { sameBits, weights } = fast.report();
    return {
      name: file?.name,
      bits: weights,
      accuracy,
      before,
      images: test.length,
      milliseconds,
      times: floats / milliseconds,
      sameBits,
    };
  } finally {
    fast?.dispose();
    if (wasTraining) network.train();
  }
}

const shapeOf = ({ height, width, channels }: Dataset) => [height, width, channels];

async function openCompiled(file: File, test: Dataset): Promise<CompiledNetwork> {
  let fast: CompiledNetwork;
  let named: string | undefined;
  try {
    const bytes = await file.arrayBuffer();
    fast = await decodeCompiled(bytes);
    named = readSafetensors(bytes).metadata.classes;
  } catch (error) {
    throw misread(file.name, error);
  }
  const { inputShape, outputShape } = fast.parts;
  const [shape, classes] = [shapeOf(test), test.classes.length];
  if (inputShape.join() !== shape.join() || outputShape.join() !== String(classes)) {
    fast.dispose();
    throw new Error(
      `${file.name} takes [${inputShape}] and gives [${outputShape}]; the test images here are [${shape}] of ${classes} classes`,
    );
  }
  if (named !== undefined && named !== JSON.stringify(test.classes)) {
    fast.dispose();
    const few = (JSON.parse(named) as string[]).slice(0, 3).join(', ');
    throw new Error(
      `${file.name} tells ${few}, … apart; the test images here are of ${test.classes.slice(0, 3).join(', ')}, …`,
    );
  }
  return fast;
}

/** Milliseconds an image of the quickest pass of each, in turn: whatever else is computed here only adds to it. */
function timesOf(networks: readonly Module[], test: Dataset): number[] {
  const count = Math.min(TIMED, test.length);
  const [batch] = batches(test, { batchSize: count, seed: 0, epoch: 0, shuffle: false, augment: [] });
  const best = networks.map(() => Number.POSITIVE_INFINITY);
  const end = performance.now() + TIMED_FOR;
  for (let round = 0; round < ROUNDS || performance.now() < end; round++)
    networks.forEach((network, i) => {
      const begun = performance.now();
      noGrad(() => scope(() => network.call(tensor(batch!.images, [count, ...shapeOf(test)])).dataSync()));
      best[i] = Math.min(best[i]!, (performance.now() - begun) / count);
    });
  return best;
}
