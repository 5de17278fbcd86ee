// The data sets that the command line knows, from files or drawn.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dataset } from '../data/dataset';
import { loadDataset } from '../data/files';
import { shapes } from '../data/shapes';
import { SpikegradError } from '../errors';
import type { DatasetName } from '../train';
import { say } from './terminal';

/** Images drawn where no limit is given; a limit may ask for more training images, not for more test images. */
const DRAWN = { train: 2000, test: 500 } as const;
/** The drawn images are one fixed data set, whatever the seed of the run. */
const SHAPES_SEED = 1;

export interface Source {
  dataset: DatasetName;
  /** Folder of the files; not needed for `shapes`. */
  data?: string;
  limit: number | null;
}

/** Where a data set's files are: in `data` itself, or in a folder of its own there. */
export function dataFolder(data: string | undefined, dataset: DatasetName): string | undefined {
  if (data === undefined) return undefined;
  const own = join(resolve(data), dataset);
  return existsSync(own) ? own : resolve(data);
}

export async function openDataset(source: Source, split: 'train' | 'test'): Promise<Dataset> {
  const { dataset, data, limit } = source;
  if (dataset === 'shapes') {
    const count = split === 'train' ? (limit ?? DRAWN.train) : Math.min(limit ?? DRAWN.test, DRAWN.test);
    return shapes({ count, seed: SHAPES_SEED, split });
  }
  if (data === undefined) {
    throw new SpikegradError(
      'data',
      `--dataset ${dataset} needs --data DIR; \`spikegrad data download ${dataset} --dir DIR\` fetches it`,
    );
  }
  say(`reading the ${split === 'train' ? 'training' : 'test'} images of ${dataset} from ${data}`);
  return loadDataset(dataset, split, data, limit === null ? {} : { limit });
}
