// What passes between the Events room and its worker.

import type { EventStream } from 'spikegrad';

/** Orders, in the order in which they come. */
export type Order =
  | { readonly order: 'open'; readonly bytes: Uint8Array }
  /** Another recording of the file that was opened last, counted from 0. */
  | { readonly order: 'recording'; readonly index: number }
  | { readonly order: 'simulate'; readonly direction: number };

/**
 * What comes back for each order: first the events, and how many recordings their file has, then what they are taken
 * for.
 */
export type News =
  | { readonly news: 'events'; readonly events: EventStream; readonly count: number }
  | { readonly news: 'learning'; readonly step: number; readonly steps: number }
  | { readonly news: 'class'; readonly shares: readonly number[]; readonly tested: number }
  /** They are no picture: a sound has one row of channels. */
  | { readonly news: 'sound' }
  | { readonly news: 'failed'; readonly text: string };
