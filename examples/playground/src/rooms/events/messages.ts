// What passes between the Events room and its worker.

import type { EventStream } from 'spikegrad';

/** Orders, in the order in which they come. */
export type Order =
  | { readonly order: 'open'; readonly bytes: Uint8Array }
  | { readonly order: 'simulate'; readonly direction: number };

/** What comes back for each order: first the events, then what they are taken for. */
export type News =
  | { readonly news: 'events'; readonly events: EventStream }
  | { readonly news: 'learning'; readonly step: number; readonly steps: number }
  | { readonly news: 'class'; readonly shares: readonly number[]; readonly tested: number }
  | { readonly news: 'failed'; readonly text: string };
