// How the neurons of a tensor are handed to the functions of a module: images in groups of eight channels, or, where
// channels mean nothing or do not fill groups, rows of numbers.

import { type Part, partsOf } from '../../../neurons/wasm';
import { type Shape, sameShape } from '../../shape';
import type { ImageLayout } from '../buffer';
import { bitLayout, denseLayout, type Images, sequenceOf } from '../images';

/** One function's portion of an image, in pixels of `pixel` bytes. */
export interface Portion {
  readonly part: Part;
  readonly rows: number;
  readonly width: number;
  readonly pixel: number;
  /** Numbers before it in a plane. */
  readonly from: number;
}

export interface Work {
  readonly shape: Shape;
  readonly byChannel: boolean;
  readonly images: Images;
  /** Of numbers for each step, of spikes as bits, of a state, which has no steps. */
  readonly layouts: { readonly dense: ImageLayout; readonly bits: ImageLayout; readonly state: ImageLayout };
  /** Whether spikes may be bits, and the input be taken with coefficients. */
  readonly grouped: boolean;
  readonly portions: readonly Portion[];
  /** One part for each kind of piece that a function is compiled for. */
  readonly parts: readonly Part[];
  /** Names of their pieces and whether they are grouped: what a module depends on. */
  readonly key: string;
}

/** Shapes met, since training meets the same few again and again: the latest of each hash. */
const known = new Map<number, Work>();
const MOST_KNOWN = 1000;

/** Pixels of a row where the rows are free: sums are in f32 within one. */
const ROW = 64;

/** @param byChannel whether some numbers belong to channels */
export function workOf(shape: Shape, byChannel: boolean): Work {
  let hash = byChannel ? 1 : 0;
  for (const side of shape) hash = (Math.imul(hash, 31) + side) | 0;
  const found = known.get(hash);
  if (found !== undefined && found.byChannel === byChannel && sameShape(found.shape, shape)) return found;
  const division = divided(shape, byChannel);
  const { images, grouped, portions } = division;
  const parts = [...new Map(portions.map(({ part }) => [part.piece, part])).values()];
  const layouts = {
    dense: denseLayout(images),
    bits: bitLayout(images),
    state: denseLayout({ ...images, times: 1 }),
  };
  const key = `${grouped} ${parts.map(({ piece }) => piece.name).join()} `;
  const work = { ...division, shape: [...shape], byChannel, layouts, parts, key };
  if (known.size === MOST_KNOWN) known.clear();
  known.set(hash, work);
  return work;
}

function divided(shape: Shape, byChannel: boolean): Pick<Work, 'images' | 'grouped' | 'portions'> {
  const images = sequenceOf(shape);
  const { height, width } = images;
  const channels = shape.at(-1) ?? 1;
  if (shape.length >= 3 && channels % 8 === 0) {
    const portions = partsOf(channels, width).map((part) => ({
      part,
      rows: height,
      width,
      pixel: 4 * channels,
      from: part.from,
    }));
    return { images, grouped: true, portions };
  }
  const numbers = height * width * images.channels;
  if (byChannel && shape.length >= 2) {
    const portions = rowsOf(numbers / channels).flatMap(({ rows, first, width: count }) =>
      partsOf(channels, count).map((part) => ({
        part,
        rows,
        width: count,
        pixel: 4 * channels,
        from: first * channels + part.from,
      })),
    );
    return { images, grouped: false, portions };
  }
  const eights = Math.floor(numbers / 8);
  const portions = [
    ...rowsOf(eights).map(({ rows, first, width: count }) => ({
      part: partsOf(8, count)[0]!,
      rows,
      width: count,
      pixel: 32,
      from: 8 * first,
    })),
    ...partsOf(numbers % 8, 1).map((part) => ({
      part,
      rows: 1,
      width: 1,
      pixel: 32,
      from: 8 * eights + part.from,
    })),
  ];
  return { images, grouped: false, portions };
}

/** So many pixels as whole rows, and what is left. */
function rowsOf(pixels: number): { readonly rows: number; readonly width: number; readonly first: number }[] {
  const rows = Math.floor(pixels / ROW);
  const rest = pixels % ROW;
  return [
    ...(rows > 0 ? [{ rows, width: ROW, first: 0 }] : []),
    ...(rest > 0 ? [{ rows: 1, width: rest, first: rows * ROW }] : []),
  ];
}
