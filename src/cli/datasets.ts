// The data sets that the command line knows, from files or drawn, and which of them is meant.

import { resolve } from 'node:path';
import type { Dataset } from '../data/dataset';
import { loadDataset } from '../data/files';
import { findDatasets } from '../data/found';
import { describeFolder } from '../data/found-forms';
import { shapes } from '../data/shapes';
import { SpikegradError } from '../errors';
import type { DatasetName, GivenSettings } from '../train';
import { defaultOf } from '../train/defaults';
import { say } from './terminal';

/** Images drawn where no limit is given; a limit may ask for more training images, not for more test images. */
const DRAWN = { train: 2000, test: 500 } as const;
/** The drawn images are one fixed data set, whatever the seed of the run. */
const SHAPES_SEED = 1;

export interface Source {
  dataset: DatasetName;
  /** Folder of the files, or of a folder for each data set; `shapes` has none. */
  data?: string;
  limit: number | null;
}

/** What the user says of the images. */
export interface SourceWords {
  readonly dataset?: DatasetName;
  readonly data?: string;
}

/** The data set that was asked for; else the one that lies in --data; else the one that is drawn. */
export function datasetOf({ dataset, data }: SourceWords): DatasetName {
  if (dataset !== undefined) {
    checkData([dataset], data);
    return dataset;
  }
  return data === undefined ? 'shapes' : datasetIn(data);
}

/** @throws where --data has no meaning, since all images are drawn */
export function checkData(datasets: readonly DatasetName[], data: string | undefined): void {
  if (data === undefined || datasets.some((name) => name !== 'shapes')) return;
  throw new SpikegradError(
    'data',
    `the images of shapes are drawn, not read: leave --data ${data} out, or name the data set that lies there with --dataset`,
  );
}

function datasetIn(data: string): DatasetName {
  const found = findDatasets(resolve(data));
  if (found.length === 1) return found[0]!.name;
  if (found.length > 1) {
    const list = found.map(({ name, folder }) => `${name} in ${folder}`).join(', ');
    throw new SpikegradError(
      'data',
      `--data ${data} holds several data sets: ${list}; say which with --dataset`,
    );
  }
  throw new SpikegradError(
    'data',
    `--data ${data} holds no data set that is known: ${withKnown(describeFolder(resolve(data)))}`,
  );
}

/** What is known, where a description does not say what to do. */
const withKnown = (found: string) =>
  /data download|give |official files/.test(found)
    ? found
    : `${found}; \`spikegrad data download cifar10\` (cifar100, mnist) fetches one that is`;

export async function openDataset(source: Source, split: 'train' | 'test'): Promise<Dataset> {
  const { dataset, data, limit } = source;
  if (dataset === 'shapes') {
    const count = split === 'train' ? (limit ?? DRAWN.train) : Math.min(limit ?? DRAWN.test, DRAWN.test);
    return shapes({ count, seed: SHAPES_SEED, split });
  }
  if (data === undefined) {
    const here = findDatasets(resolve('.')).find(({ name }) => name === dataset);
    throw new SpikegradError(
      'data',
      here === undefined
        ? `--dataset ${dataset} needs --data DIR; \`spikegrad data download ${dataset} --dir DIR\` fetches it`
        : `--dataset ${dataset} needs --data DIR; it lies in ${here.folder}`,
    );
  }
  say(`reading the ${split === 'train' ? 'training' : 'test'} images of ${dataset} from ${data}`);
  return loadDataset(dataset, split, resolve(data), limit === null ? {} : { limit });
}

/** Both splits of a run's images, as many as its settings say. */
export async function openImages(
  given: GivenSettings,
  data: string | undefined,
): Promise<{ train: Dataset; test: Dataset }> {
  const dataset = given.dataset ?? 'shapes';
  const limit = given.limit === undefined ? defaultOf('limit', dataset) : given.limit;
  const source = { dataset, data, limit };
  return { train: await openDataset(source, 'train'), test: await openDataset(source, 'test') };
}
