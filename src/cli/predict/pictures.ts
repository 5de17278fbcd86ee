// Picture files for `predict`: PNG and JPEG, brought to the channels and the size that a network takes.

import { readFile } from 'node:fs/promises';
import { type Colours, decodePicture } from '../../data/picture';
import { resized } from '../../data/picture/resize';
import { check, SpikegradError } from '../../errors';

/** A file's picture. */
export interface OpenedPicture {
  readonly file: string;
  /** [H,W,C] as the network takes it, from 0 to 1. */
  readonly pixels: Float64Array;
  /** Its size in the file. */
  readonly height: number;
  readonly width: number;
  /** What was done to it, in words. */
  readonly changes: readonly string[];
}

/** @throws naming the file, where it is not there, or is no picture that can be read */
export async function openPicture(file: string, shape: readonly number[]): Promise<OpenedPicture> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? `no file ${file}` : `cannot read ${file}: ${cause.message}`;
    throw new SpikegradError('predict', why, { cause });
  });
  const colours = await decodePicture('predict', bytes, file);
  const [height, width, channels] = shape as [number, number, number];
  const reading = new Reading(colours, channels);
  const pixels = resized(reading, height, width);
  const changes: string[] = [];
  if (reading.transparent) changes.push('transparent parts taken for white');
  if (reading.coloured && channels === 1) changes.push('made grey');
  if (reading.height !== height || reading.width !== width) changes.push(`resized to ${width}x${height}`);
  return { file, pixels, height: reading.height, width: reading.width, changes };
}

/** A picture on white, in colour or grey by the brightness of ITU-R BT.601; and what was met on the way. */
class Reading {
  readonly height: number;
  readonly width: number;
  coloured = false;
  transparent = false;

  constructor(
    private readonly colours: Colours,
    readonly channels: number,
  ) {
    check(
      channels === 1 || channels === 3,
      'predict',
      () => `the network takes images of ${channels} channels; pictures have 3, or 1`,
    );
    this.height = colours.height;
    this.width = colours.width;
  }

  row(y: number): Float64Array {
    const { width, channels } = this;
    const out = new Float64Array(width * channels);
    for (let x = 0; x < width; x++) {
      const [r, g, b, opacity] = this.colours.pixel(y * width + x);
      const onWhite = (value: number) => opacity * value + (1 - opacity);
      const isGrey = r === g && g === b;
      if (opacity < 1) this.transparent = true;
      if (!isGrey) this.coloured = true;
      if (channels === 1) out[x] = onWhite(isGrey ? r : 0.299 * r + 0.587 * g + 0.114 * b);
      else out.set([onWhite(r), onWhite(g), onWhite(b)], 3 * x);
    }
    return out;
  }
}
