// What a network makes of a batch, held to what it is trained and judged by: one row of logits for each record, one logit for
// each class. A batch that neurons take for time would pass that, and is looked for where a network runs first.

import { formatShape } from '../backends/shape';
import type { Tensor } from '../core/tensor';
import type { Batch } from '../data/batches';
import type { AnyDataset } from '../data/float-dataset';
import { check, SpikegradError } from '../errors';
import type { Module } from '../nn/module';
import { neuronLayers } from '../snn/lif';

/** Networks whose neurons have been seen to run over time. */
const seen = new WeakSet<Module>();

/** @throws unless the network gives [n,classes] */
export function logitsOf(
  where: string,
  network: Module,
  x: Tensor,
  batch: Batch,
  dataset: AnyDataset,
): Tensor {
  const n = batch.labels.length;
  const logits = seen.has(network) ? network.call(x) : watched(where, network, x, n);
  const { shape } = logits;
  check(shape.length === 2 && shape[0] === n, where, () => {
    const timed =
      shape.length === 3 && shape[1] === n ? '; new TimeMean() at its end takes the mean over time' : '';
    return `the network must give logits [${n},classes] for a batch of ${n}, it gives ${formatShape(shape)}${timed}`;
  });
  check(
    shape[1] === dataset.classes.length,
    where,
    () =>
      `the network tells ${shape[1]} classes apart, ${dataset.name} has ${dataset.classes.length}${'values' in dataset ? ` (datasetOf(…, { classes: ${shape[1]} }) says how many)` : ''}`,
  );
  return logits;
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
