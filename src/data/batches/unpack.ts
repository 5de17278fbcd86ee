// Pictures that came packed, as PNG or JPEG, to the numbers of a batch: all of one size, in colour or grey.

import { check } from '../../errors';
import type { PictureForm } from '../float-dataset';
import { isGrey, rgbOf, withSides } from '../picture/pixels';

/** A picture as its file has it. */
export interface Packed {
  readonly bytes: Uint8Array;
  /** Of the file, for messages. */
  readonly name: string;
}

const WHERE = 'batches';

/** [n,height,width,channels]. The decoders are loaded when they are first needed. */
export async function unpacked(
  pictures: readonly Packed[],
  { height, width, channels }: PictureForm,
): Promise<Uint8Array> {
  const { decodePicture } = await import('../picture');
  const size = height * width * channels;
  const pixels = new Uint8Array(pictures.length * size);
  for (const [i, { bytes, name }] of pictures.entries()) {
    const colours = await decodePicture(WHERE, bytes, name);
    const rgb = withSides({ ...colours, rgb: rgbOf(colours) }, height, width);
    const out = pixels.subarray(i * size, (i + 1) * size);
    if (channels === 3) {
      out.set(rgb);
      continue;
    }
    check(
      isGrey(rgb),
      WHERE,
      () =>
        `${name} is in colour, and the pictures that were looked at first are grey: turn it grey, or those into colour`,
    );
    for (let p = 0; p < size; p++) out[p] = rgb[3 * p]!;
  }
  return pixels;
}
