// Pictures in files as a data set that is read picture by picture (Node only). Size and colour are those of some that
// are looked at first; they are unpacked where batches are made.

import { readFile } from 'node:fs/promises';
import { check } from '../../../errors';
import { notice } from '../../../notices';
import type { LabelledPicture } from '../../node/own/pictures';
import { decodePicture } from '../../picture';
import { normalisationOf, type PictureSet, SIDE } from '../../picture/list';
import { isGrey, rgbOf } from '../../picture/pixels';
import { type StreamedDataset, streamedDataset } from '../dataset';
import { contentOfFiles, withFolder } from './content';

const WHERE = 'streamDataset';

/** Pictures that are looked at, spread over all. */
const LOOKED_AT = 64;

/** @param memory bytes */
export async function streamPictures(
  files: readonly LabelledPicture[],
  name: PictureSet,
  classes: readonly string[],
  memory: number,
): Promise<StreamedDataset> {
  check(files.length > 0, WHERE, 'there is no picture');
  const [height, width, channels] = await shapeOf(files);
  return streamedDataset({
    name,
    classes,
    shape: [height, width, channels],
    ...normalisationOf(name, height, channels),
    parts: files.length,
    memory,
    content: contentOfFiles(
      files.map(({ path }) => path),
      withFolder,
    ),
    async read(records) {
      const some = records.map((record) => files[record]!);
      // no bytes: they are read where the pictures are unpacked, by a worker if there is one
      return { labels: some.map(({ label }) => label), pictures: some.map(({ path }) => ({ name: path })) };
    },
  });
}

/** [height,width,channels] that all are brought to. */
async function shapeOf(files: readonly LabelledPicture[]): Promise<[number, number, number]> {
  const step = Math.max(1, files.length / LOOKED_AT);
  let isColoured = false;
  let [height, width] = [0, 0];
  let areAlike = true;
  for (let at = 0; at < files.length; at += step) {
    const { path } = files[Math.floor(at)]!;
    const picture = await decodePicture(WHERE, await readFile(path), path);
    if (at === 0) [height, width] = [picture.height, picture.width];
    areAlike &&= picture.height === height && picture.width === width;
    isColoured ||= !isGrey(rgbOf(picture));
  }
  const channels = isColoured ? 3 : 1;
  if (areAlike) return [height, width, channels];
  notice(
    `${WHERE}: the pictures have several sizes, such as ${width}x${height}; all are resized to ${SIDE}x${SIDE}`,
  );
  return [SIDE, SIDE, channels];
}
