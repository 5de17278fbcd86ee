// Frames of a recording that is longer than memory: one after another, while its events arrive.

import { tensor } from '../../core/create';
import type { Tensor } from '../../core/tensor';
import { check, SpikegradError } from '../../errors';
import {
  finite,
  flag,
  type OptionsOf,
  option,
  optional,
  optionTable,
  required,
  shown,
  whole,
} from '../../options';
import type { EventStream } from './stream';

/** How events become frames, one after another. */
export interface EventFrameStreamOptions {
  /** Rows of the sensor. */
  height: number;
  /** Columns of the sensor. */
  width: number;
  /** Microseconds of a frame. One of `span` and `count` says where a frame ends. Default: as `count` says. */
  span?: number;
  /** Events of a frame. Default: as `span` says. */
  count?: number;
  /**
   * With `span`: when the first frame begins, in the recording's microseconds; earlier events are left out. Default:
   * at the first event.
   */
  start?: number;
  /** Whether a frame says only that there were events, 1, instead of how many. Default false. */
  binary?: boolean;
}

export const eventFrameStreamOptions = optionTable({
  height: required(whole({ least: 1 })),
  width: required(whole({ least: 1 })),
  span: optional(finite({ above: 0 }), 'as `count` says'),
  count: optional(whole({ least: 1 }), 'as `span` says'),
  start: optional(finite(), 'at the first event'),
  binary: option(flag, false),
} satisfies OptionsOf<EventFrameStreamOptions>);

const WHERE = 'eventFrameStream';
/** Frames without an event between two events: more of them are no pause, but a clock that is damaged. */
const LONGEST_PAUSE = 1_000_000;

/**
 * Frames of a recording, as its pieces arrive: with `span` one for each stretch of time, empty ones too, with `count`
 * one for so many events. An event whose time lies before its frame, which some cameras write, counts in the frame
 * that is open. What is left at the end is the last frame.
 *
 * ```ts
 * for await (const frame of eventFrameStream(eventPieces(source), { height: 240, width: 320, span: 10_000 })) …
 * ```
 * @param pieces such as `eventPieces` gives, or a list of them
 * @returns frames `[1,1,H,W,2]`, for each pixel its OFF events, then its ON events; a stateful network takes them one
 *   by one
 * @throws SpikegradError when an event lies outside of the sensor
 */
export async function* eventFrameStream(
  pieces: AsyncIterable<EventStream> | Iterable<EventStream>,
  options: EventFrameStreamOptions,
): AsyncGenerator<Tensor, void, undefined> {
  const { height, width, span, count, start, binary } = eventFrameStreamOptions.read(WHERE, options);
  check(
    (span === undefined) !== (count === undefined),
    WHERE,
    'give one of span and count: where a frame ends',
  );
  check(start === undefined || span !== undefined, WHERE, 'start is a time; it goes with span');
  if (!isIterable(pieces))
    throw new SpikegradError(
      WHERE,
      `pieces must be events in pieces, got ${shown(pieces)}; one recording is [recording], a file eventPieces(source)`,
    );
  const frame = new Float32Array(height * width * 2); // used again and again: a tensor is a copy
  let held = 0;
  let ends = start === undefined || span === undefined ? undefined : start + span;
  let number = 0;
  const finish = () => {
    const done = tensor(frame, [1, 1, height, width, 2]);
    frame.fill(0);
    held = 0;
    return done;
  };
  for await (const { length, x, y, polarity, time } of pieces) {
    for (let i = 0; i < length; i++, number++) {
      const t = time[i]!;
      if (start !== undefined && t < start) continue;
      if (span !== undefined) {
        ends ??= t + span;
        if ((t - ends) / span >= LONGEST_PAUSE)
          throw new SpikegradError(
            WHERE,
            `event ${number} comes at ${t} µs, ${LONGEST_PAUSE} empty frames behind the one before; is the clock damaged?`,
          );
        for (; t >= ends; ends += span) yield finish();
      }
      const [column, row] = [x[i]!, y[i]!];
      if (column >= width || row >= height)
        throw new SpikegradError(
          WHERE,
          `event ${number} lies at column ${column}, row ${row}, outside of ${height}x${width}`,
        );
      const at = (row * width + column) * 2 + polarity[i]!;
      frame[at] = binary ? 1 : frame[at]! + 1;
      if (++held === count) yield finish();
    }
  }
  if (held > 0) yield finish();
}

const isIterable = (value: unknown): value is AsyncIterable<EventStream> | Iterable<EventStream> =>
  typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
