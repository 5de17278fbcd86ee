// What the Events room's address says: how a recording is cut into frames, and which simulated one is shown before
// any file is.

import { codec } from '../../frame/codec';
import { choice, number } from '../../frame/fields';

export const DIRECTION_NAMES = ['right', 'left', 'down', 'up'] as const;
export type Direction = (typeof DIRECTION_NAMES)[number];

export interface EventsState {
  /** Milliseconds of a frame. */
  readonly span: number;
  /** Of the simulated bar. */
  readonly bar: Direction;
}

export const ranges = { span: { min: 1, max: 200, step: 1 } } as const;

export const eventsCodec = codec<EventsState>({
  span: number(10, ranges.span),
  bar: choice<Direction>('right', DIRECTION_NAMES),
});
