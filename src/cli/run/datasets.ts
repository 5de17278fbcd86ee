// The data sets that the command line knows, from files or drawn, and which of them is meant.

import { resolve } from 'node:path';
import type { Dataset } from '../../data/dataset';
import { findEvents } from '../../data/event-sets/node/layouts';
import { loadEventDataset } from '../../data/event-sets/node/load';
import { EVENT_SET, type EventSetName, isEventSet } from '../../data/event-sets/sets';
import { type AnyDataset, isFloats } from '../../data/float-dataset';
import { loadDataset } from '../../data/node/files';
import { findDatasets } from '../../data/node/found';
import { describeFolder } from '../../data/node/found/forms';
import { shapes } from '../../data/shapes';
import type { TrainingData } from '../../data/stream/dataset';
import { streamDataset } from '../../data/stream/node';
import { SpikegradError } from '../../errors';
import type { DatasetName, GivenSettings } from '../../train';
import { defaultOf } from '../../train/settings/defaults';
import { say } from '../terminal';
import { withinMemory } from './memory';

/** Images drawn where no limit is given; a limit may ask for more training images, not for more test images. */
const DRAWN = { train: 2000, test: 500 } as const;
/** What `data download` fetches. */
const DOWNLOADED: readonly DatasetName[] = ['cifar10', 'cifar100', 'mnist'];
/** The drawn images are one fixed data set, whatever the seed of the run. */
const SHAPES_SEED = 1;

type Split = 'train' | 'test';

export interface DatasetSource {
  dataset: DatasetName;
  /** Folder of the files, or of a folder for each data set; `shapes` has none. */
  data?: string;
  limit: number | null;
  /** Frames of a recording of events; images have none. */
  timesteps?: number;
  /** Megabytes above which records are read in parts; null for all in memory. */
  memory?: number | null;
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

/**
 * @param otherwise what to do where other images are meant
 * @throws where --data has no meaning, since all images are drawn
 */
export function checkData(
  datasets: readonly DatasetName[],
  data: string | undefined,
  otherwise = 'or name the data set that lies there with --dataset',
): void {
  if (data === undefined || datasets.some((name) => name !== 'shapes')) return;
  throw new SpikegradError(
    'data',
    `the images of shapes are drawn, not read: leave --data ${data} out, ${otherwise}`,
  );
}

function datasetIn(data: string): DatasetName {
  const folder = resolve(data);
  const events = findEvents(folder);
  // pictures are looked for deeper than is sure, and classes of events may have folders of such names
  const found = events.length > 0 ? events : findDatasets(folder);
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

/** Images. @throws for a data set of events, which only `train` and `eval` take */
export async function openDataset(source: DatasetSource, split: Split): Promise<Dataset> {
  const records = await openWhole(source, split);
  if (!isFloats(records)) return records;
  throw new SpikegradError('data', `${source.dataset} is recordings of events; this command takes images`);
}

/** Images, or recordings of events as frames; read in parts where they take more than `memory`. */
export async function openRecords(source: DatasetSource, split: Split): Promise<TrainingData> {
  const [records] = await openEach(source, [split]);
  return records!;
}

/** Splits that lie in memory together, or are read in parts. @throws where drawn images are to be read */
async function openEach(source: DatasetSource, splits: readonly Split[]): Promise<TrainingData[]> {
  const { dataset, data, limit, timesteps, memory } = source;
  if (memory == null) {
    const sets: AnyDataset[] = [];
    for (const split of splits) sets.push(await openWhole(source, split));
    return sets;
  }
  if (dataset === 'shapes')
    throw new SpikegradError('data', 'the images of shapes are drawn, not read: leave --memory out');
  const folder = folderOf(source);
  if (isEventSet(dataset)) sayUntried(dataset);
  return withinMemory(`${dataset} in ${data}`, memory, splits, {
    whole: (split) => openWhole(source, split),
    inParts: (split, bytes) =>
      streamDataset(dataset, split, folder, { memory: bytes, limit: limit ?? undefined, timesteps }),
  });
}

async function openWhole(source: DatasetSource, split: Split): Promise<AnyDataset> {
  const { dataset, data, limit } = source;
  if (dataset === 'shapes') {
    const count = split === 'train' ? (limit ?? DRAWN.train) : Math.min(limit ?? DRAWN.test, DRAWN.test);
    return shapes({ count, seed: SHAPES_SEED, split });
  }
  const folder = folderOf(source);
  if (isEventSet(dataset)) return openEvents({ ...source, dataset, data: data! }, split);
  say(`reading the ${split === 'train' ? 'training' : 'test'} images of ${dataset} from ${data}`);
  return loadDataset(dataset, split, folder, limit === null ? {} : { limit });
}

/** Where the files lie. @throws where --data is missing, with where they are */
function folderOf({ dataset, data }: DatasetSource): string {
  if (data === undefined) {
    const here = findDatasets(resolve('.')).find(({ name }) => name === dataset);
    throw new SpikegradError(
      'data',
      here === undefined
        ? `--dataset ${dataset} needs --data DIR${DOWNLOADED.includes(dataset) ? `; \`spikegrad data download ${dataset} --dir DIR\` fetches it` : ', the folder with its files'}`
        : `--dataset ${dataset} needs --data DIR; it lies in ${here.folder}`,
    );
  }
  return resolve(data);
}

/** Once a command. */
const untriedTold = new Set<EventSetName>();

function sayUntried(dataset: EventSetName): void {
  if (!untriedTold.has(dataset))
    say(
      `note: ${EVENT_SET[dataset].title} is untried: no network was trained here on its real files; how it is read is tested on files that other libraries wrote`,
    );
  untriedTold.add(dataset);
}

async function openEvents(
  { dataset, data, limit, timesteps }: DatasetSource & { dataset: EventSetName; data: string },
  split: Split,
): Promise<AnyDataset> {
  sayUntried(dataset);
  say(`reading the ${split === 'train' ? 'training' : 'test'} recordings of ${dataset} from ${data}`);
  return loadEventDataset(dataset, split, resolve(data), { limit: limit ?? undefined, timesteps });
}

/** Both splits of a run, as many of each as its settings say. */
export async function openSplits(
  given: GivenSettings,
  data: string | undefined,
): Promise<{ train: TrainingData; test: TrainingData }> {
  const [train, test] = await openEach(sourceOf(given, data), ['train', 'test']);
  return { train: train!, test: test! };
}

/** The same, of images in memory. */
export async function openImages(
  given: GivenSettings,
  data: string | undefined,
): Promise<{ train: Dataset; test: Dataset }> {
  const source = sourceOf(given, data);
  return { train: await openDataset(source, 'train'), test: await openDataset(source, 'test') };
}

function sourceOf(given: GivenSettings, data: string | undefined): DatasetSource {
  const dataset = given.dataset ?? 'shapes';
  const limit = given.limit === undefined ? defaultOf('limit', dataset) : given.limit;
  const timesteps = given.timesteps ?? defaultOf('timesteps', dataset);
  return { dataset, data, limit, timesteps, memory: given.memory };
}
