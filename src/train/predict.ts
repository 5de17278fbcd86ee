// What a network takes images for: the class of each, by name, with probabilities. Images may come in any of the
// forms that programs have them in.

import { formatShape, type Shape, sizeOf } from '../backends/shape';
import { tensor } from '../core/create';
import type { NestedArray } from '../core/nested';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { Tensor } from '../core/tensor';
import { batches } from '../data/batches';
import { flatten } from '../data/flatten';
import { type AnyDataset, isAnyDataset } from '../data/float-dataset';
import { check, SpikegradError } from '../errors';
import { type ModelMetadata, metadataOf, modelMetadata } from '../interop/metadata';
import { checkModule, type Module } from '../nn/module';
import { isTyped, numberList, type OptionsOf, option, shown, whole } from '../options';
import { argmax } from './evaluate';
import { classesOf } from './logits';
import { imageMetadata } from './model-metadata';
import { noRoomFor } from './no-room';

/** What a network takes one image for. */
export interface Prediction {
  /** Of the class with the largest logit; the first of equal ones. */
  readonly index: number;
  /** Its name, or its index as a text where no names are known. */
  readonly name: string;
  /** Of that class, from 0 to 1. */
  readonly probability: number;
  /** Of each class: the softmax of the logits. */
  readonly probabilities: readonly number[];
}

/** What is not known from the file that the network was loaded from. */
export interface PredictOptions extends ModelMetadata {
  /** Images at once. Default 64. */
  readonly batchSize?: number;
}

export const predictOptions = /* @__PURE__ */ modelMetadata.with({
  batchSize: option(whole({ least: 1 }), 64),
} satisfies OptionsOf<Pick<PredictOptions, 'batchSize'>>);

/**
 * Bytes are pixels from 0 to 255, other numbers pixels from 0 to 1; images one after another, each [H,W,C], or a list
 * of images, each nested lists or an array of its own.
 */
export type Pixels = Flat | readonly (NestedArray | Flat)[];
type Flat = Uint8Array | Uint8ClampedArray | Float32Array | Float64Array | readonly number[];

/**
 * The class of each image, with probabilities. The network runs in evaluation and is left in the mode it was in; what
 * is made on the way is freed.
 * @param images a data set; pixels, of bytes from 0 to 255 or numbers from 0 to 1, which are normalised by mean and
 * deviation where these are known; or a tensor of what the network takes, [N,H,W,C] or a sequence [T,N,...], taken as
 * it is: by stateful neurons as the next piece of a recording, where other images start anew
 * @param options shape, mean, deviation and class names; default: those of the file that the network was loaded from,
 * else those of the data set
 */
export async function predict(
  network: Module,
  images: Tensor | AnyDataset | Pixels,
  options: PredictOptions = {},
): Promise<Prediction[]> {
  checkModule(WHERE, network);
  const { batchSize, ...given } = predictOptions.read(WHERE, options);
  const known = { ...knownOf(images), ...metadataOf(network), ...defined(given) };
  const modes = [...network.modules()].map(([, module]) => ({ module, training: module.training }));
  network.evaluate();
  try {
    if (images instanceof Tensor) return await outcomes(network, () => images, known);
    const all: Prediction[] = [];
    if (isAnyDataset(images)) {
      const { mean = images.mean, deviation = images.deviation } = known;
      for (const batch of batches({ ...images, mean, deviation }, { batchSize })) {
        const input = () => tensor(batch.images, batch.shape);
        network.reset(); // images are no continuation of those before
        all.push(...(await outcomes(network, input, known, batch.labels.length)));
      }
      return all;
    }
    const { pixels, shape: own } = flat(images);
    const { shape, count, fill } = normalised(pixels, { ...known, inputShape: shapeOf(own, known) });
    for (let from = 0; from < count; from += batchSize) {
      const n = Math.min(batchSize, count - from);
      const input = () => tensor(fill(from, n), [n, ...shape]);
      network.reset();
      all.push(...(await outcomes(network, input, known, n)));
    }
    return all;
  } finally {
    if (!(images instanceof Tensor)) network.reset();
    for (const { module, training } of modes)
      if (module.training !== training) training ? module.train() : module.evaluate(); // from the top down
  }
}

const WHERE = 'predict';

/** What the images say themselves. */
function knownOf(images: unknown): ModelMetadata {
  if (isAnyDataset(images)) return imageMetadata(images);
  if (images instanceof Tensor || numberList.holds(images) || isNested(images)) return {};
  throw new SpikegradError(
    WHERE,
    `images must be a Tensor, a data set, or pixels in arrays or nested lists, got ${shown(images)}${images instanceof Promise ? '; await it first' : ''}`,
  );
}

const isNested = (value: unknown): value is readonly (NestedArray | Flat)[] =>
  Array.isArray(value) && value.length > 0 && (Array.isArray(value[0]) || isTyped(value[0]));

/** Pixels one after another; of nested lists the shape of one image too. */
function flat(images: Pixels): { pixels: Flat; shape?: Shape } {
  if (!isNested(images)) return { pixels: images as Flat };
  const { data, shape } = flatten(WHERE, images);
  return { pixels: data, shape: shape?.slice(1) };
}

/** Of one image: what nested lists say, unless they say its length alone. */
function shapeOf(own: Shape | undefined, { inputShape }: ModelMetadata): Shape | undefined {
  return own !== undefined && (own.length > 1 || inputShape === undefined) ? own : inputShape;
}

function defined(options: ModelMetadata): ModelMetadata {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Pixels as the network takes them, (pixel - mean)/deviation, and how many images there are. */
function normalised(
  pixels: Flat,
  { inputShape, mean, deviation }: ModelMetadata,
): { shape: Shape; count: number; fill: (from: number, count: number) => Float32Array } {
  check(
    inputShape !== undefined,
    WHERE,
    'needs inputShape, that of one image, [H,W,C]: an array does not tell, and the network was not loaded from a file that does',
  );
  const size = sizeOf(inputShape);
  const count = pixels.length / size;
  check(
    Number.isInteger(count) && count > 0,
    WHERE,
    () =>
      `${pixels.length} numbers are no whole number of images of ${formatShape(inputShape)}, ${size} each`,
  );
  const channels = inputShape.at(-1)!;
  for (const [name, values] of Object.entries({ mean, deviation }))
    check(
      values === undefined || values.length === channels || values.length === 1,
      WHERE,
      () => `${name} [${values}] must hold a value for each of ${channels} channels`,
    );
  const unit = isTyped(pixels) && 'BYTES_PER_ELEMENT' in pixels && pixels.BYTES_PER_ELEMENT === 1 ? 255 : 1;
  const each = (values: readonly number[] | undefined, absent: number) =>
    Array.from({ length: channels }, (_, c) => (values?.length === 1 ? values[0]! : (values?.[c] ?? absent)));
  const [means, deviations] = [each(mean, 0), each(deviation, 1)];
  const fill = (from: number, n: number) =>
    Float32Array.from({ length: n * size }, (_, i) => {
      const c = i % channels;
      return (pixels[from * size + i]! / unit - means[c]!) / deviations[c]!;
    });
  return { shape: inputShape, count, fill };
}

/** @param count of images; undefined where the output says it */
async function outcomes(
  network: Module,
  batch: () => Tensor,
  { classes }: ModelMetadata,
  count?: number,
): Promise<Prediction[]> {
  const logits = runOn(network, batch, count);
  const isGiven = count === undefined && logits === batch(); // by a network that hands on what it gets
  try {
    const outputs = classesOf(WHERE, logits.shape, count);
    const n = logits.shape[0]!;
    check(
      classes === undefined || classes.length === outputs,
      WHERE,
      () => `the network tells ${outputs} classes apart, there are ${classes!.length} names`,
    );
    const scores = await logits.data();
    return Array.from({ length: n }, (_, row) => {
      const own = Array.from(scores.subarray(row * outputs, (row + 1) * outputs));
      const index = argmax(own, 0, outputs);
      const powers = own.map((score) => Math.exp(score - own[index]!));
      const sum = powers.reduce((total, power) => total + power, 0);
      const probabilities = powers.map((power) => power / sum);
      return {
        index,
        name: classes?.[index] ?? String(index),
        probability: probabilities[index]!,
        probabilities,
      };
    });
  } finally {
    if (!isGiven) logits.dispose();
  }
}

function runOn(network: Module, batch: () => Tensor, count: number | undefined): Tensor {
  try {
    return noGrad(() => scope(() => network.call(batch())));
  } catch (error) {
    throw count === undefined ? error : noRoomFor(WHERE, `a batch of ${count} images`, count, error);
  }
}
