// What a network makes of a batch, held to what it is trained and judged by: one row of logits for each record, one
// logit for each class. A batch that neurons take for time would pass that, and is looked for where a network runs
// first.

import { formatShape, type Shape } from '../backends/shape';
import type { Tensor } from '../core/tensor';
import type { Batch } from '../data/batches';
import type { TrainingData } from '../data/stream/dataset';
import { check, SpikegradError } from '../errors';
import type { Module } from '../nn/module';
import { neuronLayers } from '../snn/neuron-layer';

/** Networks whose neurons have been seen to run over time. */
const seen = new WeakSet<Module>();

/** @throws unless the network gives [n,classes] */
export function logitsOf(
  where: string,
  network: Module,
  x: Tensor,
  batch: Batch,
  dataset: TrainingData,
): Tensor {
  const n = batch.labels.length;
  const logits = seen.has(network) ? network.call(x) : watched(where, network, x, n);
  const classes = classesOf(where, logits.shape, n);
  check(
    classes === dataset.classes.length,
    where,
    () =>
      `the network tells ${classes} classes apart, ${dataset.name} has ${dataset.classes.length}${'values' in dataset ? ` (datasetOf(…, { classes: ${classes} }) says how many)` : ''}`,
  );
  return logits;
}

/**
 * How many classes logits are of.
 * @param n records of the batch; undefined where only its tensor says it
 * @throws unless they are [n,classes]
 */
export function classesOf(where: string, shape: Shape, n?: number): number {
  check(shape.length === 2 && (n === undefined || shape[0] === n), where, () => {
    const wanted = n === undefined ? '[N,classes]' : `[${n},classes] for a batch of ${n}`;
    return `the network must give logits ${wanted}, it gives ${formatShape(shape)}${remedy(shape, n)}`;
  });
  return shape[1]!;
}

function remedy(shape: Shape, n: number | undefined): string {
  if (shape.length === 3 && (n === undefined || shape[1] === n))
    return '; new TimeMean() at its end takes the mean over time';
  return shape.length === 1 ? '; new Direct(T) before its neurons makes sequences of images' : '';
}

/** The same call, with a look at what reaches the neurons: [T,n,...] it has to be. */
function watched(where: string, network: Module, x: Tensor, n: number): Tensor {
  const hooks = neuronLayers(network).map(([name, layer]) =>
    layer.onForward(({ shape }) => void (shape[0] === n && shape[1] !== n && refuseTime(where, name, shape))),
  );
  try {
    const logits = network.call(x);
    seen.add(network);
    return logits;
  } finally {
    for (const remove of hooks) remove();
  }
}

function refuseTime(where: string, name: string, shape: readonly number[]): never {
  throw new SpikegradError(
    where,
    `layer ${name || 'Lif'} takes the first axis for time and got ${formatShape(shape)}, whose first axis is the batch: put new Direct(T) before it, and new TimeMean() behind the last layer`,
  );
}
