// Pictures that came packed, as PNG or JPEG, to the numbers of a batch: all of one size, in colour or grey.

import { check, SpikegradError } from '../../errors';
import { nodeModule } from '../../node-module';
import type { PictureForm } from '../float-dataset';
import { isGrey, rgbOf, withSides } from '../picture/pixels';

/** A picture as its file has it. */
export interface Packed {
  /** Of the file, for messages. */
  readonly name: string;
  /** Absent in Node where `name` is the path of a file, which is then read where the picture is unpacked. */
  readonly bytes?: Uint8Array;
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
    const colours = await decodePicture(WHERE, bytes ?? bytesIn(name), name);
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

/** Bytes of a file. A worker may wait for its disk, which nothing else waits for then. */
function bytesIn(path: string): Uint8Array {
  const files = nodeModule<{ readFileSync(path: string): Uint8Array }>('fs');
  check(
    files !== undefined,
    WHERE,
    () => `the picture ${path} has no bytes, and files are read in Node alone`,
  );
  try {
    return files.readFileSync(path);
  } catch (cause) {
    throw new SpikegradError(WHERE, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
