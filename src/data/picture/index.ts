// Pictures, PNG and JPEG, told by their first bytes and decoded to the same numbers in Node and in browsers, whose
// own decoders change colours. The decoders are loaded when a picture is read.

import type { DecodedPng } from 'fast-png';
import { check, SpikegradError } from '../../errors';
import { fileKind, kindInWords } from '../../magic';

/** Loaded once: asking a loader for each picture takes longer than the picture. */
let png: Promise<typeof import('fast-png')> | undefined;
let jpeg: Promise<{ default: typeof import('jpeg-js') }> | undefined;

/** More pixels than this no picture for a network has. */
const MOST_MEGAPIXELS = 200;
/** Deflate cannot do better than 1,032 to one. */
const MOST_PACKED = 1032;
/** Numbers of a pixel by the type of a PNG. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** A JPEG takes a bit or more for each 8×8 pixels. */
const MOST_OF_A_BYTE = 512;

/** @param name of the file, for messages. @throws where it is no picture, or cannot be decoded */
export async function decodePicture(where: string, bytes: Uint8Array, name: string): Promise<Colours> {
  const kind = fileKind(bytes);
  check(
    kind === 'png' || kind === 'jpeg',
    where,
    () => `${name} is ${kind === undefined ? 'no picture' : kindInWords(kind)}; PNG and JPEG are read here`,
  );
  const decode = kind === 'png' ? decodePng : decodeJpeg;
  return decode(bytes).catch((cause: Error) => {
    throw new SpikegradError(where, `${name}, ${kindInWords(kind)}, cannot be read: ${cause.message}`, {
      cause,
    });
  });
}

/** A decoded picture: red, green, blue and opacity of the pixel `i` in reading order, from 0 to 1. */
export interface Colours {
  readonly height: number;
  readonly width: number;
  pixel(i: number): readonly [number, number, number, number];
  /** The bytes themselves, where each pixel is one of grey or three of colour, and nothing is see-through. */
  readonly plain?: { readonly data: Uint8Array; readonly channels: 1 | 3 };
}

async function decodePng(bytes: Uint8Array): Promise<Colours> {
  png ??= import('fast-png');
  const { convertIndexedToRgb, decode } = await png;
  const side = (at: number) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  check(
    bytes.length >= 24 && side(16) * side(20) <= MOST_MEGAPIXELS * 1e6,
    'decodePicture',
    `it is cut off, or has more than ${MOST_MEGAPIXELS} megapixels`,
  );
  const [depth = 0, type = 0] = [bytes[24], bytes[25]];
  const row = Math.ceil((side(16) * depth * (CHANNELS[type] ?? 1)) / 8);
  check(
    row * side(20) <= MOST_PACKED * bytes.length,
    'decodePicture',
    `it claims ${side(16)}x${side(20)} pixels, more than its ${bytes.length} bytes can hold`,
  );
  const decoded = decode(bytes, { checkCrc: true });
  const { height, channels, transparency } = decoded;
  if (decoded.palette !== undefined) {
    const each = decoded.palette[0]!.length;
    const data = convertIndexedToRgb(decoded);
    const at = (i: number, c: number) => (c < each ? data[each * i + c]! / 255 : 1);
    return { height, width: decoded.width, pixel: (i) => [at(i, 0), at(i, 1), at(i, 2), at(i, 3)] };
  }
  const isPlain = decoded.depth === 8 && (channels === 1 || channels === 3) && !transparency?.length;
  const sample = samplesOf(decoded);
  const most = 2 ** decoded.depth - 1;
  const hasOpacity = channels % 2 === 0;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  // the one colour that stands for nothing
  const isKey = (i: number) =>
    transparency !== undefined &&
    transparency.length > 0 &&
    transparency.every((value, c) => sample(i, c) === value);
  return {
    height,
    width: decoded.width,
    plain: isPlain ? { data: decoded.data as Uint8Array, channels } : undefined,
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
  jpeg ??= import('jpeg-js');
  const { decode } = (await jpeg).default;
  const most = Math.min(MOST_MEGAPIXELS, (MOST_OF_A_BYTE * bytes.length) / 1e6);
  const limits = { maxResolutionInMP: most, maxMemoryUsageInMB: 4096 };
  const { data, height, width } = decode(bytes, { useTArray: true, ...limits });
  return {
    height,
    width,
    pixel: (i) => [data[4 * i]! / 255, data[4 * i + 1]! / 255, data[4 * i + 2]! / 255, 1],
  };
}
