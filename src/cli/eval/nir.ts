// A NIR graph as a network that tells classes apart: images are shown for T time steps, recordings as they are, and the
// outputs' mean over time are the logits. How often its neurons fire is counted beside.

import { sizeOf } from '../../backends/shape';
import { tensor } from '../../core/create';
import { scope } from '../../core/scope';
import { noGrad } from '../../core/tape';
import type { Tensor } from '../../core/tensor';
import { batches } from '../../data/batches';
import { recordShape } from '../../data/float-dataset';
import { take } from '../../data/parts';
import type { TrainingData } from '../../data/stream/dataset';
import { check, SpikegradError } from '../../errors';
import { decodeMetadata, type ModelMetadata } from '../../interop/metadata';
import { fromNir, type NirGraph, NirNetwork } from '../../interop/nir';
import { NirNeuron } from '../../interop/nir/neurons';
import { Module } from '../../nn';
import { reshape, transpose } from '../../ops/layout';
import { direct, TimeMean } from '../../snn/encoder';
import type { LayerFiring } from '../../snn/probe/warnings';
import { PROBED_IMAGES } from '../../train/report';
import type { Model } from '../model';
import { readNirFile } from '../model/nir/file';
import type { NirWords } from '../model/nir/words';

const WHERE = 'eval';

/** How the images are given that a graph was made for. */
export interface GraphWords extends NirWords {
  /** How long an image is shown. */
  readonly timesteps?: number;
}

class NirClassifier extends Module {
  readonly #graph: NirNetwork;
  readonly #mean = this.child('mean', new TimeMean());

  constructor(
    graph: NirNetwork,
    readonly timesteps: number | undefined,
  ) {
    super();
    this.#graph = this.child('graph', graph);
  }

  forward(x: Tensor): Tensor {
    const { timesteps } = this;
    const records = this.#graph.inputShape.length === 1 ? flat(x, timesteps === undefined ? 2 : 1) : x;
    return this.#mean.call(this.#graph.call(timesteps === undefined ? records : direct(records, timesteps)));
  }
}

/** Images as vectors, channels first as graphs count them. @param leading axes before an image's */
function flat(x: Tensor, leading: number): Tensor {
  const [axes, image] = [x.shape.slice(0, leading), x.shape.slice(leading)];
  if (image.length < 2) return x;
  const before = axes.map((_, i) => i);
  const first = transpose(x, [...before, leading + 2, leading, leading + 1]);
  return reshape(first, [...axes, image.reduce((a, b) => a * b, 1)]);
}

/**
 * @param path of the graph's file
 * @throws when there is no such file, or its graph does not run here
 */
export async function openNirModel(path: string, words: GraphWords): Promise<Model> {
  const { graph, faults } = await readNirFile(path);
  const [fault] = faults.besides([]);
  if (fault !== undefined)
    throw new SpikegradError(WHERE, `${path}: ${fault}; \`spikegrad inspect --nir ${path}\` shows it whole`);
  const { timesteps, dt, convention } = words;
  let [sequences, record, images] = [false, [] as readonly number[], ''];
  return {
    metadata: metadataIn(graph),
    async build() {
      const network = fromNir(graph, { dt, convention });
      const wanted = network.inputShape;
      check(
        String(wanted) === String(record) || (wanted.length === 1 && wanted[0] === sizeOf(record)),
        WHERE,
        () => `the graph takes [${wanted}] (channels last), ${images} has [${record}]`,
      );
      return new NirClassifier(network, sequences ? undefined : timesteps);
    },
    check(dataset) {
      sequences = 'sequences' in dataset && dataset.sequences;
      record = recordShape(dataset).slice(sequences ? 1 : 0);
      images = dataset.name;
      check(
        sequences || timesteps !== undefined,
        WHERE,
        () => `${path} does not say for how many time steps it is shown an image: give --timesteps`,
      );
    },
  };
}

/** What the graph's notes say of images and classes, under the names that all files have for it. */
function metadataIn({ metadata }: NirGraph): ModelMetadata {
  const texts = [...metadata].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return decodeMetadata(WHERE, Object.fromEntries(texts));
}

/** How often the neurons of a graph fire for the first records of a data set, layer by layer. */
export async function firingOf(
  network: Module,
  dataset: TrainingData,
  batchSize: number,
): Promise<LayerFiring[]> {
  const seen = new Map<string, { fired: number; neuronSteps: number }>();
  const looks: Promise<void>[] = [];
  const look = async (name: string, y: Tensor) => {
    const spikes = await y.data();
    const of = seen.get(name) ?? { fired: 0, neuronSteps: 0 };
    seen.set(name, of);
    for (const value of spikes) of.fired += value;
    of.neuronSteps += spikes.length;
  };
  const hooks = [...network.modules()].flatMap(([, module]) =>
    module instanceof NirNetwork
      ? [...module.layers].flatMap(([name, layer]) =>
          layer instanceof NirNeuron && layer.fires
            ? [layer.onForward((_, y) => void looks.push(look(name, y)))]
            : [],
        )
      : [],
  );
  try {
    for await (const batch of batches(take(dataset, PROBED_IMAGES), { batchSize })) {
      noGrad(() => scope(() => void network.call(tensor(batch.images, batch.shape))));
      await Promise.all(looks);
    }
  } finally {
    for (const remove of hooks) remove();
  }
  return [...seen].map(([name, of]) => ({ name, ...of }));
}
