// Data sets of events that are read recording by recording (Node only): each is cut into frames when a batch asks for
// it.

import { check } from '../../../errors';
import { ReadWholeError, type StreamedDataset, streamedDataset } from '../../stream/dataset';
import { contentOfFiles, withFolder } from '../../stream/node/content';
import { FrameList } from '../frame-list';
import { EVENT_SET, type EventSetName } from '../sets';
import type { SplitFiles } from './layouts';
import { type Labelled, naming, openSounds, recordingOf, splitOf } from './load';

const WHERE = 'streamDataset';

/** @param options bytes that may be held, and frames of a recording */
export async function streamEvents(
  name: EventSetName,
  split: 'train' | 'test',
  directory: string,
  { memory, timesteps = EVENT_SET[name].timesteps }: { memory: number; timesteps: number | undefined },
): Promise<StreamedDataset> {
  const { files, folder } = splitOf(WHERE, name, split, directory);
  const set = { ...EVENT_SET[name], timesteps };
  const { paths, length, recording } = await recordingsOf(files, `${folder} holds ${set.title}`);
  check(length > 0, WHERE, () => `${folder} holds no recording of this split`);
  return streamedDataset({
    name,
    classes: set.classes,
    shape: new FrameList(name, set).shape,
    sequences: true,
    numbers: 'floats',
    parts: length,
    memory,
    content: contentOfFiles(paths, withFolder),
    async read(records) {
      const frames = new FrameList(name, set);
      for (const record of records) {
        const { events, label, of } = await recording(record);
        naming(of, () => frames.add(events, label));
      }
      return frames.finish(folder);
    },
  });
}

/** Recordings that can be read one by one. */
interface Recordings {
  readonly paths: readonly string[];
  readonly length: number;
  recording(index: number): Labelled | Promise<Labelled>;
}

/** @param found what was found, in words */
async function recordingsOf(files: SplitFiles, found: string): Promise<Recordings> {
  if (files.form === 'files') {
    const list = files.files;
    const paths = list.map(({ path }) => path);
    return { paths, length: list.length, recording: (index) => recordingOf(list[index]!) };
  }
  if (files.form === 'trials')
    throw new ReadWholeError(
      WHERE,
      `${found} with many recordings a file, each of which is read whole: loadEventDataset reads them one after another and keeps the frames alone`,
    );
  // stays open: its heaps are looked through when it is opened
  const { length, recording } = await openSounds(files.path);
  return { paths: [files.path], length, recording };
}
