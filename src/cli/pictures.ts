// Picture files for `predict`: PNG and JPEG, told by their first bytes, brought to the channels that a network takes. The decoders
// are loaded when a picture is read.

import { readFile } from 'node:fs/promises';
import type { DecodedPng } from 'fast-png';
import { resized } from '../data/resize';
import { check, SpikegradError } from '../errors';
import { fileKind, kindInWords } from '../magic';

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

/** More pixels than this no picture for a network has. */
const MOST_MEGAPIXELS = 200;

/** Deflate cannot do better than 1,032 to one. */
const MOST_PACKED = 1032;
/** Numbers of a pixel by the type of a PNG. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** A JPEG takes a bit or more for each 8×8 pixels. */
const MOST_OF_A_BYTE = 512;

/** @throws naming the file, where it is not there, or is no picture that can be read */
export async function openPicture(file: string, shape: readonly number[]): Promise<OpenedPicture> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? `no file ${file}` : `cannot read ${file}: ${cause.message}`;
    throw new SpikegradError('predict', why, { cause });
  });
  const kind = fileKind(bytes);
  check(
    kind === 'png' || kind === 'jpeg',
    'predict',
    () => `${file} is ${kind === undefined ? 'no picture' : kindInWords(kind)}; PNG and JPEG are read here`,
  );
  const decode = kind === 'png' ? decodePng : decodeJpeg;
  const colours = await decode(bytes).catch((cause: Error) => {
    throw new SpikegradError('predict', `${file}, ${kindInWords(kind)}, cannot be read: ${cause.message}`, {
      cause,
    });
  });
  const [height, width, channels] = shape as [number, number, number];
  const reading = new Reading(colours, channels);
  const pixels = resized(reading, height, width);
  const changes: string[] = [];
  if (reading.transparent) changes.push('transparent parts taken for white');
  if (reading.coloured && channels === 1) changes.push('made grey');
  if (reading.height !== height || reading.width !== width) changes.push(`resized to ${width}x${height}`);
  return { file, pixels, height: reading.height, width: reading.width, changes };
}

/** A decoded picture: red, green, blue and opacity of the pixel `i` in reading order, from 0 to 1. */
interface Colours {
  readonly height: number;
  readonly width: number;
  pixel(i: number): readonly [number, number, number, number];
}

async function decodePng(bytes: Uint8Array): Promise<Colours> {
  const { convertIndexedToRgb, decode } = await import('fast-png');
  const side = (at: number) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  check(
    bytes.length >= 24 && side(16) * side(20) <= MOST_MEGAPIXELS * 1e6,
    'predict',
    `it is cut off, or has more than ${MOST_MEGAPIXELS} megapixels`,
  );
  const [depth = 0, type = 0] = [bytes[24], bytes[25]];
  const row = Math.ceil((side(16) * depth * (CHANNELS[type] ?? 1)) / 8);
  check(
    row * side(20) <= MOST_PACKED * bytes.length,
    'predict',
    `it claims ${side(16)}x${side(20)} pixels, more than its ${bytes.length} bytes can hold`,
  );
  const png = decode(bytes);
  const { height, channels, transparency } = png;
  if (png.palette !== undefined) {
    const each = png.palette[0]!.length;
    const data = convertIndexedToRgb(png);
    const at = (i: number, c: number) => (c < each ? data[each * i + c]! / 255 : 1);
    return { height, width: png.width, pixel: (i) => [at(i, 0), at(i, 1), at(i, 2), at(i, 3)] };
  }
  const sample = samplesOf(png);
  const most = 2 ** png.depth - 1;
  const hasOpacity = channels % 2 === 0;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  // the one colour that stands for nothing
  const isKey = (i: number) =>
    transparency !== undefined &&
    transparency.length > 0 &&
    transparency.every((value, c) => sample(i, c) === value);
  return {
    height,
    width: png.width,
    pixel: (i) => {
      const opacity = hasOpacity ? sample(i, channels - 1) / most : isKey(i) ? 0 : 1;
      return [sample(i, 0) / most, sample(i, green) / most, sample(i, blue) / most, opacity];
    },
  };
}

/** A channel of a pixel as it stands in the file. Below a byte, rows of packed bits begin at whole bytes. */
function samplesOf({ data, depth, width, channels }: DecodedPng): (pixel: number, channel: number) => number {
  if (depth >= 8) return (pixel, channel) => data[pixel * channels + channel]!;
  const row = Math.ceil((width * channels * depth) / 8);
  return (pixel, channel) => {
    const bit = ((pixel % width) * channels + channel) * depth;
    const byte = data[Math.floor(pixel / width) * row + (bit >> 3)]!;
    return (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  };
}

async function decodeJpeg(bytes: Uint8Array): Promise<Colours> {
  const { decode } = (await import('jpeg-js')).default;
  const most = Math.min(MOST_MEGAPIXELS, (MOST_OF_A_BYTE * bytes.length) / 1e6);
  const limits = { maxResolutionInMP: most, maxMemoryUsageInMB: 4096 };
  const { data, height, width } = decode(bytes, { useTArray: true, ...limits });
  return {
    height,
    width,
    pixel: (i) => [data[4 * i]! / 255, data[4 * i + 1]! / 255, data[4 * i + 2]! / 255, 1],
  };
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
