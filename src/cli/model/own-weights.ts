// Weights of another tool for a network of the user's own: --network FILE builds it, --map tells the names that its
// tensors have in the file and what it takes, as far as the data set does not.

import { makeDataset } from '../../data/dataset';
import { recordShape } from '../../data/float-dataset';
import type { TrainingData } from '../../data/stream/dataset';
import { check, SpikegradError } from '../../errors';
import type { NameMap } from '../../interop/maps';
import type { ModelMetadata } from '../../interop/metadata';
import { loadState } from '../../interop/state';
import { OWN } from '../../train/settings';
import { runSettings } from '../../train/settings/defaults';
import { givenSettings } from '../run/training-options';
import { say } from '../terminal';
import type { Model } from '.';
import { mapOf } from './map';
import { fitting, networkName, networkOf } from './network-file';
import { inFlags, savedMetadata, UNTOLD, type WeightsFile, type WeightsWords } from './weights';

const WHERE = '--network';

/** @param file of --network */
export async function ofOwnNetwork(
  { tensors, metadata }: WeightsFile,
  words: WeightsWords,
  file: string,
): Promise<Model> {
  const { prefix = '', lenient = false } = words;
  const maps = await import('../../interop/maps/network');
  const map: NameMap = words.map === undefined ? {} : maps.wholeMap('map', await mapOf(words.map));
  check(
    map.layers === undefined,
    'map',
    () =>
      `the map ${words.map} says a whole network, and --network ${file} another: give one, or a map without layers`,
  );
  const { inputShape, classes, mean, deviation }: ModelMetadata = { ...savedMetadata(metadata), ...map };
  const known = { inputShape, classes, mean, deviation };
  const given = {
    timesteps: map.timesteps,
    ...givenSettings(words, { only: UNTOLD }),
    arch: OWN,
    network: networkName(file),
  } as const;
  const own = new Map(
    [...tensors].flatMap(([name, entry]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), entry] as const] : [],
    ),
  );
  say(`weights of another tool, for the network of ${file}`);
  return {
    metadata: known,
    async build(images) {
      const network = await networkOf(file, runSettings(given, images ?? imageOf(file, known)));
      const named = maps.tensorsByMap('map', map, own, network);
      const { missing, leftOver } = fitting(
        file,
        () => {
          try {
            return loadState(network, named, { strict: !lenient });
          } catch (error) {
            if (!(error instanceof SpikegradError)) throw error;
            throw new SpikegradError(error.where, inFlags(error.problem), { cause: error });
          }
        },
        'that of the weights',
      );
      if (missing.length > 0) say(`missing, and left as they were drawn: ${missing.join(', ')}`);
      if (leftOver.length > 0) say(`left over in the file: ${leftOver.join(', ')}`);
      return network.evaluate();
    },
    check(dataset) {
      const got = recordShape(dataset);
      check(
        inputShape === undefined || inputShape.join() === got.join(),
        WHERE,
        () => `the network was made for images [${inputShape}], ${dataset.name} has [${got}]`,
      );
    },
  };
}

/** An image such as the network takes. @throws where nobody says */
function imageOf(file: string, { inputShape, classes, mean, deviation }: ModelMetadata): TrainingData {
  check(
    inputShape?.length === 3 && classes !== undefined,
    WHERE,
    () =>
      `neither the weights nor a map say what the network of ${file} takes: give a map, --map names.json with { "inputShape": [32, 32, 3], "classes": ["cat", "dog"] } and, where names differ, "rename" (docs/weights.md)`,
  );
  const [height, width, channels] = inputShape as [number, number, number];
  return makeDataset({
    ...{ name: 'images', classes: classes!, height, width, channels },
    pixels: new Uint8Array(height * width * channels),
    labels: Uint8Array.of(0),
    mean: mean ?? new Array<number>(channels).fill(0),
    deviation: deviation ?? new Array<number>(channels).fill(1),
  });
}
