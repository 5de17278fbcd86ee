// Whose columns, rows and polarities an event has: libraries differ. What each does stands in conventions.ts.

export const CONVENTIONS = ['file', 'tonic', 'spikingjelly'] as const;

/** Whose columns, rows and polarities. */
export type Convention = (typeof CONVENTIONS)[number];
