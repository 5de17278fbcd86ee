// Data sets of events that are read recording by recording (Node only): each is cut into frames when a batch asks for
// it.

import { check } from '../../../errors';
import { ReadWholeError, type StreamedDataset, streamedDataset } from '../../stream/dataset';
import { contentOfFiles, withFolder } from '../../stream/node/content';
import { FrameList } from '../frame-list';
import { EVENT_SET, type EventSetName } from '../sets';
import { naming, recordingOf, splitOf } from './load';

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
  if (files.form !== 'files')
    throw new ReadWholeError(
      WHERE,
      `${folder} holds ${set.title} with many recordings a file, which is read whole: loadEventDataset reads it`,
    );
  const list = files.files;
  const paths = list.map(({ path }) => path);
  check(list.length > 0, WHERE, () => `${folder} holds no recording of this split`);
  return streamedDataset({
    name,
    classes: set.classes,
    shape: new FrameList(name, set).shape,
    sequences: true,
    numbers: 'floats',
    parts: list.length,
    memory,
    content: contentOfFiles(paths, withFolder),
    async read(records) {
      const frames = new FrameList(name, set);
      for (const record of records) {
        const { events, label, of } = await recordingOf(list[record]!);
        naming(of, () => frames.add(events, label));
      }
      return frames.finish(folder);
    },
  });
}
