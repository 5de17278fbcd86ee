// Whether the records of a command lie in memory or are read in parts, as --memory says.

import { type AnyDataset, isFloats, recordShape } from '../../data/float-dataset';
import {
  bytesOfRecord,
  ReadWholeError,
  type StreamedDataset,
  type TrainingData,
} from '../../data/stream/dataset';
import { SpikegradError } from '../../errors';
import { say } from '../terminal';

/** Of --memory. */
const MEGABYTE = 1e6;

/** The two ways to have a split. */
export interface WaysToOpen<S> {
  whole(split: S): Promise<AnyDataset>;
  /** @param memory bytes */
  inParts(split: S, memory: number): Promise<StreamedDataset>;
}

function megabytesOf(sets: readonly TrainingData[]): number {
  return (
    sets.reduce((sum, set) => {
      const numbers = isFloats(set) ? 'floats' : 'bytes';
      const each = 'read' in set ? bytesOfRecord(set) : bytesOfRecord({ shape: recordShape(set), numbers });
      return sum + set.length * each;
    }, 0) / MEGABYTE
  );
}

/**
 * The splits, in memory where they fit into it together, else in parts, which is told.
 * @param what they are called
 * @param memory megabytes
 * @throws where they do not fit and can only be read whole
 */
export async function withinMemory<S>(
  what: string,
  memory: number,
  splits: readonly S[],
  { whole, inParts }: WaysToOpen<S>,
): Promise<TrainingData[]> {
  const each = async <T>(open: (split: S) => Promise<T>) => {
    const sets: T[] = [];
    for (const split of splits) sets.push(await open(split));
    return sets;
  };
  const takes = (megabytes: number) =>
    `${what} takes ${megabytes.toPrecision(3)} MB, more than --memory ${memory}`;
  let streams: StreamedDataset[];
  try {
    streams = await each((split) => inParts(split, Math.ceil(memory * MEGABYTE)));
  } catch (error) {
    if (!(error instanceof ReadWholeError)) throw error;
    const sets = await each(whole);
    const megabytes = megabytesOf(sets);
    if (megabytes <= memory) return sets;
    throw new SpikegradError('data', `${takes(megabytes)}, and cannot be read in parts: ${error.problem}`);
  }
  const megabytes = megabytesOf(streams);
  if (megabytes <= memory) return each(whole);
  say(`${takes(megabytes)}: it is read in parts while it is used`);
  return streams;
}
