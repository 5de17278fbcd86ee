// Events as sequences: each recording is cut into T pieces, and each piece becomes an image of counts with two
// channels.

import { tensor } from '../../core/create';
import type { Tensor } from '../../core/tensor';
import { check, SpikegradError } from '../../errors';
import {
  anObject,
  finite,
  flag,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  required,
  shown,
  whole,
} from '../../options';
import type { EventStream } from './stream';

/** How events become frames. */
export interface EventFramesOptions {
  /** T. */
  timesteps: number;
  /** Rows of the sensor: 34 for N-MNIST, 128 for a DVS128. */
  height: number;
  /** Columns of the sensor. */
  width: number;
  /**
   * How a recording is cut: `time` into T spans of equal length from its first event to its last, `count` into T
   * pieces of equally many events, or one more. Default `time`.
   */
  by?: 'time' | 'count';
  /**
   * With `by: 'time'`: microseconds of a span; events behind the last span are left out. Default: up to the last event.
   */
  span?: number;
  /**
   * With `by: 'time'`: when the first span begins, in the recording's microseconds; earlier events are left out. So
   * frames keep step with labels that are given in time. Default: at the first event.
   */
  start?: number;
  /** Whether a frame says only that there were events, 1, instead of how many. Default false. */
  binary?: boolean;
}

const WHERE = 'eventFrames';

export const eventFramesOptions = optionTable({
  timesteps: required(whole({ least: 1 })),
  height: required(whole({ least: 1 })),
  width: required(whole({ least: 1 })),
  by: option(oneOf(['time', 'count']), 'time'),
  span: optional(finite({ above: 0 }), 'up to the last event'),
  start: optional(finite(), 'at the first event'),
  binary: option(flag, false),
} satisfies OptionsOf<EventFramesOptions>);

export function checkRecordings(where: string, recordings: readonly EventStream[]): void {
  if (!Array.isArray(recordings))
    throw new SpikegradError(
      where,
      `recordings must be a list, got ${shown(recordings)}; one recording is [recording]`,
    );
  check(recordings.length > 0, where, 'expects at least one recording');
  for (const [n, recording] of recordings.entries())
    check(
      anObject.holds(recording) &&
        [recording.x, recording.y, recording.polarity, recording.time].every((list) =>
          ArrayBuffer.isView(list),
        ),
      where,
      () => `recording ${n} must be events { length, x, y, polarity, time }, got ${shown(recording)}`,
    );
}

/**
 * Frames of recordings.
 * @returns `[T,N,H,W,2]`, for each pixel its OFF events, then its ON events
 * @throws SpikegradError when an event lies outside of the sensor, or a recording is empty
 */
export function eventFrames(recordings: readonly EventStream[], options: EventFramesOptions): Tensor {
  const { timesteps, height, width, by, span, start, binary } = eventFramesOptions.read(WHERE, options);
  check(span === undefined || by === 'time', WHERE, 'span is a time; it goes with by: "time"');
  check(start === undefined || by === 'time', WHERE, 'start is a time; it goes with by: "time"');
  checkRecordings(WHERE, recordings);
  const batch = recordings.length;
  const frames = new Float32Array(timesteps * batch * height * width * 2);
  recordings.forEach((events, n) => {
    const { length, x, y, polarity } = events;
    const piece = by === 'count' ? byCount(events, timesteps) : byTime(events, timesteps, span, start);
    for (let i = 0; i < length; i++) {
      const [column, row, t] = [x[i]!, y[i]!, piece[i]!];
      if (column >= width || row >= height) throw outside(i, n, column, row, height, width);
      if (t < 0 || t >= timesteps) continue;
      const at = (((t * batch + n) * height + row) * width + column) * 2 + polarity[i]!;
      frames[at] = binary ? 1 : frames[at]! + 1;
    }
  });
  return tensor(frames, [timesteps, batch, height, width, 2]);
}

function outside(i: number, n: number, x: number, y: number, height: number, width: number): SpikegradError {
  return new SpikegradError(
    WHERE,
    `event ${i} of recording ${n} lies at column ${x}, row ${y}, outside of ${height}x${width}`,
  );
}

/** The piece of each event: floor(i·T/length), so that no piece has more than one event above another. */
function byCount({ length }: EventStream, timesteps: number): Int32Array {
  const pieces = new Int32Array(length);
  for (let i = 0; i < length; i++) pieces[i] = Math.floor((i * timesteps) / length);
  return pieces;
}

/** The earliest and the last time of a recording. */
export function reach({ time }: EventStream): readonly [earliest: number, last: number] {
  let [earliest, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < time.length; i++) {
    const t = time[i]!;
    if (t < earliest) earliest = t;
    if (t > last) last = t;
  }
  return [earliest, last];
}

/** The piece of each event, below 0 before the first and `timesteps` behind the last. */
function byTime(
  events: EventStream,
  timesteps: number,
  span: number | undefined,
  start: number | undefined,
): Int32Array {
  const { time, length } = events;
  const [earliest, last] = reach(events);
  const first = start ?? earliest;
  // without a span the last event belongs to the last piece, not behind it
  const each = span ?? (Math.max(0, last - first) / timesteps || 1);
  const end = span === undefined ? timesteps - 1 : timesteps;
  const pieces = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const piece = Math.floor((time[i]! - first) / each);
    pieces[i] = piece < 0 ? -1 : piece > end ? end : piece;
  }
  return pieces;
}
