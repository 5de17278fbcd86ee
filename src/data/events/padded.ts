// Recordings of different lengths as one batch: spans of one length, as many as the longest has, and a mask that says
// which are real.

import { tensor } from '../../core/create';
import type { Tensor } from '../../core/tensor';
import { finite, flag, type OptionsOf, option, optional, optionTable, required, whole } from '../../options';
import { checkRecordings, eventFrames, reach } from './frames';
import type { EventStream } from './stream';

/** How events become frames of equal time. */
export interface PaddedFramesOptions {
  /** Rows of the sensor. */
  height: number;
  /** Columns of the sensor. */
  width: number;
  /** Microseconds of a frame. */
  span: number;
  /** Most frames; what comes later in a longer recording is left out. Default: as many as the longest needs. */
  most?: number;
  /** When the first frame of each recording begins. Default: at its first event. */
  start?: number;
  /** Whether a frame says only that there were events, 1, instead of how many. Default false. */
  binary?: boolean;
}

export const paddedFramesOptions = optionTable({
  height: required(whole({ least: 1 })),
  width: required(whole({ least: 1 })),
  span: required(finite({ above: 0 })),
  most: optional(whole({ least: 1 }), 'as many as the longest needs'),
  start: optional(finite(), 'at its first event'),
  binary: option(flag, false),
} satisfies OptionsOf<PaddedFramesOptions>);

/** Frames of recordings of different lengths. */
export interface PaddedFrames {
  /** [T,N,H,W,2]; behind a recording's end all 0. */
  readonly frames: Tensor;
  /** [T,N], 1 where a recording has a frame and 0 behind its end. */
  readonly mask: Tensor;
  /** [N], frames of each recording. */
  readonly lengths: Int32Array;
}

const WHERE = 'paddedEventFrames';

/**
 * Frames of `span` microseconds each, padded with empty ones to the longest recording. A mean over the real frames of
 * logits [T,N,C] is `logits.mul(mask.reshape([T,N,1])).sum(0)`, divided by `lengths`.
 * @throws SpikegradError when an event lies outside of the sensor, or a recording is empty
 */
export function paddedEventFrames(
  recordings: readonly EventStream[],
  options: PaddedFramesOptions,
): PaddedFrames {
  const { span, most, start, ...how } = paddedFramesOptions.read(WHERE, options);
  checkRecordings(WHERE, recordings);
  const lengths = Int32Array.from(recordings, (recording) => {
    const [first, last] = reach(recording);
    const frames = Math.floor((last - (start ?? first)) / span) + 1;
    return Math.min(most ?? frames, Math.max(1, frames));
  });
  const timesteps = lengths.reduce((longest, length) => Math.max(longest, length), 1);
  const frames = eventFrames(recordings, { ...how, timesteps, span, start });
  const mask = new Float32Array(timesteps * recordings.length);
  lengths.forEach((length, n) => {
    for (let t = 0; t < length; t++) mask[t * recordings.length + n] = 1;
  });
  return { frames, mask: tensor(mask, [timesteps, recordings.length]), lengths };
}
