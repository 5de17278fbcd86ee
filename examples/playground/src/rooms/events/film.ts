// A recording as pictures, one for each span of time: where events are, blue for darker (OFF), orange for brighter
// (ON), stronger where there are more. Colours are hue and opacity alone, so that they lie on any surface.

import type { EventStream } from 'spikegrad';
import { element } from '../../parts/element';

/** Hues of Okabe and Ito (2008): OFF, ON, both. */
const HUES = [
  [0, 114, 178],
  [230, 159, 0],
  [120, 120, 120],
] as const;
/** So many events at a pixel are full strength. */
const STRONG = 3;

export interface Film {
  readonly canvas: HTMLCanvasElement;
  readonly frames: number;
  /** @returns how many events the frame has */
  show(frame: number): number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The sensor's, as the file says, or what its events need. */
export function sizeOf({ width, height, x, y }: EventStream): Size {
  if (width !== undefined && height !== undefined) return { width, height };
  let [columns, rows] = [1, 1];
  for (const column of x) columns = Math.max(columns, column + 1);
  for (const row of y) rows = Math.max(rows, row + 1);
  return { width: columns, height: rows };
}

/** Of a long recording with short frames, so many at most: the frames become longer. */
const MOST_FRAMES = 5000;

/** @param span milliseconds of a frame */
export function film(events: EventStream, span: number): Film & { readonly span: number } {
  const { width, height } = sizeOf(events);
  const { length, x, y, polarity, time } = events;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const t of time) {
    first = Math.min(first, t);
    last = Math.max(last, t);
  }
  const each = Math.max(span * 1000, (last - first + 1) / MOST_FRAMES);
  const frames = Math.max(1, Math.floor((last - first) / each) + 1);
  // the events of each frame: counted, then put in order
  const frameOf = (i: number) => Math.floor((time[i]! - first) / each);
  const starts = new Uint32Array(frames + 1);
  for (let i = 0; i < length; i++) starts[frameOf(i) + 1]!++;
  for (let f = 0; f < frames; f++) starts[f + 1]! += starts[f]!;
  const place = starts.slice();
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[place[frameOf(i)]!++] = i;
  const canvas = element('canvas', {
    width,
    height,
    role: 'img',
    class: height === 1 ? 'film line' : 'film',
  });
  const pen = canvas.getContext('2d');
  const image = pen?.createImageData(width, height);
  const counts = new Uint16Array(2 * width * height);
  return {
    canvas,
    frames,
    span: each / 1000,
    show(frame) {
      const [from, to] = [starts[frame]!, starts[frame + 1]!];
      canvas.setAttribute('aria-label', `Frame ${frame + 1} of ${frames}: ${to - from} events`);
      if (pen === null || image === undefined) return to - from;
      counts.fill(0);
      for (let k = from; k < to; k++) {
        const i = order[k]!;
        counts[2 * (y[i]! * width + x[i]!) + polarity[i]!]!++;
      }
      for (let pixel = 0; pixel < width * height; pixel++) {
        const [off, on] = [counts[2 * pixel]!, counts[2 * pixel + 1]!];
        const hue = HUES[on > off ? 1 : on < off ? 0 : 2];
        image.data.set([...hue, Math.round(255 * Math.min(1, (off + on) / STRONG))], 4 * pixel);
      }
      pen.putImageData(image, 0, 0);
      return to - from;
    },
  };
}
