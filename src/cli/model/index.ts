// The network that a command is given, ready to run: of a run, of another tool's weights for a ResNet20, or of a map.

import { isEventSet } from '../../data/event-sets/sets';
import { recordShape } from '../../data/float-dataset';
import type { TrainingData } from '../../data/stream/dataset';
import { SpikegradError } from '../../errors';
import { fromMap } from '../../interop/maps';
import { type ModelMetadata, metadataOf } from '../../interop/metadata';
import type { Module } from '../../nn';
import { buildNetwork, type Checkpoint, checkImages, type RunSettings } from '../../train';
import { metadataOfRun } from '../../train/model-metadata';
import { say } from '../terminal';
import { isCompiled, ofIntegers } from './compiled';
import { mapOf } from './map';
import { checkNetworkFile, fitting, networkOf } from './network-file';
import {
  checkpointOf,
  isOfRun,
  openWeights,
  restoreWeights,
  type WeightsFile,
  type WeightsWords,
} from './weights';

/** A network with its weights, once there is a backend, and what is known of it before. */
export interface Model {
  /** Of a network that commands build; undefined for one of a map. */
  readonly checkpoint?: Checkpoint;
  readonly settings?: RunSettings;
  /** Of its images and classes, as far as that is known before it is built. */
  readonly metadata: ModelMetadata;
  /** T of the recordings that it takes; undefined where it takes images. */
  readonly steps?: number | undefined;
  /** Builds and fills it. @param images that it is for, where there are any: they say what nobody else may */
  build(images?: TrainingData): Promise<Module>;
  /** @throws where the images are not those it was made for */
  check(dataset: TrainingData): void;
}

/** @throws when there are no weights, or of a network that neither commands nor the map know */
export async function openModel(path: string, words: WeightsWords): Promise<Model> {
  const opened = await openWeights(path);
  if (isCompiled(opened)) return ofIntegers(opened, words);
  if (words.network !== undefined && !isOfRun(opened)) {
    const { ofOwnNetwork } = await import('./own-weights');
    return ofOwnNetwork(opened, words, words.network);
  }
  return words.map === undefined ? ofRun(opened, words) : ofMap(opened, words, words.map);
}

/** Of a run, or of another tool's ResNet20. @throws for a network of the user's own without its file */
export function ofRun(opened: WeightsFile, words: WeightsWords): Model & { readonly checkpoint: Checkpoint } {
  const checkpoint = checkpointOf(opened, words);
  const { settings } = checkpoint;
  const file = words.network;
  checkNetworkFile(settings, file);
  return {
    checkpoint,
    settings,
    metadata: metadataOfRun(checkpoint),
    steps: isEventSet(settings.dataset) ? settings.timesteps : undefined,
    async build() {
      if (file === undefined) {
        const network = buildNetwork(settings);
        restoreWeights(network, checkpoint, words);
        return network;
      }
      const network = await networkOf(file, settings);
      fitting(file, () => restoreWeights(network, checkpoint, words));
      return network;
    },
    check: (dataset) => checkImages(settings, dataset),
  };
}

async function ofMap({ tensors }: WeightsFile, words: WeightsWords, word: string): Promise<Model> {
  const { prefix = '', timesteps, dynamics, lenient, network } = words;
  for (const [flag, given] of Object.entries({ dynamics, lenient, network }))
    if (given !== undefined)
      throw new SpikegradError('map', `--${flag} does not go with --map, which says the whole network`);
  const map = await mapOf(word);
  const known = await import('../../interop/maps/network').then(({ wholeMap }) => wholeMap('map', map));
  const own = new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, entry]) => [name.slice(prefix.length), entry]),
  );
  const { inputShape, classes, mean, deviation, title } = known;
  say(`weights of another tool: by the map ${word}${title === undefined ? '' : `, ${title}`}`);
  return {
    metadata: { inputShape, classes, mean, deviation },
    build: () => fromMap(map, own, { timesteps }),
    check(dataset) {
      const got = recordShape(dataset);
      if (inputShape?.join() !== got.join())
        throw new SpikegradError(
          'map',
          `the network was made for images [${inputShape}], ${dataset.name} has [${got}]`,
        );
    },
  };
}

/** What a network takes, as it says itself, else as is known before. */
export function knownOf(network: Module, { metadata }: Model): ModelMetadata {
  const own = metadataOf(network);
  return own.inputShape === undefined ? metadata : own;
}
