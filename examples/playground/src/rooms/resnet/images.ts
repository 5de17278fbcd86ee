// The images of a training, from files that the reader chose or drawn from a seed as the command line draws them.

import { concatDatasets, type Dataset, readCifar10, shapes, take } from 'spikegrad';
import type { Ready } from './messages';
import { misread } from './misread';
import type { Source } from './state';

/** As `spikegrad train --dataset shapes` has it. */
const SHAPES_SEED = 1;
const MOST_TESTS = 500;

export interface Images {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly held: Ready['held'];
}

export async function openImages(source: Source, limit: number, files: readonly File[]): Promise<Images> {
  if (source === 'shapes') {
    return {
      train: shapes({ count: limit, seed: SHAPES_SEED, split: 'train' }),
      test: shapes({ count: Math.min(limit, MOST_TESTS), seed: SHAPES_SEED, split: 'test' }),
      held: 'drawn',
    };
  }
  const read: { dataset: Dataset; forTests: boolean }[] = [];
  for (const file of files) {
    read.push({ dataset: await readRecords(file), forTests: file.name.startsWith('test') });
  }
  const part = (forTests: boolean) => read.flatMap((one) => (one.forTests === forTests ? [one.dataset] : []));
  const [training, tests] = [part(false), part(true)];
  if (training.length > 0 && tests.length > 0) {
    return {
      train: take(concatDatasets(training), limit),
      test: take(concatDatasets(tests), Math.min(limit, MOST_TESTS)),
      held: 'own file',
    };
  }
  return holdBack(concatDatasets([...training, ...tests]), limit);
}

/** Every sixth record is for tests, as 10,000 of CIFAR-10's 60,000 are: the last ones, which no step sees. */
function holdBack(all: Dataset, limit: number): Images {
  if (all.length < 2) {
    throw new Error(`one record is too few: training needs some and testing others`);
  }
  const kept = Math.min(MOST_TESTS, Math.max(1, Math.floor(all.length / 6)));
  const from = all.length - kept;
  const size = all.height * all.width * all.channels;
  return {
    train: take(all, Math.min(limit, from)),
    test: {
      ...all,
      length: kept,
      pixels: all.pixels.subarray(from * size),
      labels: all.labels.subarray(from),
    },
    held: 'held back',
  };
}

const ARCHIVE = /\.(tar|gz|tgz|zip|7z)$/i;

async function readRecords(file: File): Promise<Dataset> {
  if (ARCHIVE.test(file.name)) {
    throw new Error(
      `${file.name} is an archive. Unpack it and choose data_batch_1.bin or any other .bin file in it`,
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    return await readCifar10([bytes]);
  } catch (error) {
    throw misread(file.name, error);
  }
}
