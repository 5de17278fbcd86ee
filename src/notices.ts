// What is worth knowing and no error: that something runs slower than it could, or is likely to be a mistake. Each is
// told once, with what to do: on the console, or to whoever `init` was told to tell.

import { printable } from './printable';

type Listener = (text: string) => void;

const onConsole: Listener = (text) => console.warn(`spikegrad: ${text}`);

let listener = onConsole;
const told = new Set<string>();

/** Tells it, unless it was told before. @param about what is the same whatever the words; default the text */
export function notice(text: string, about = text): void {
  if (quiet > 0 || told.has(about)) return;
  told.add(about);
  listener(printable(text));
}

let quiet = 0;

/** Tells nothing meanwhile, of work that is none of the user's. */
export async function withoutNotices<R>(fn: () => Promise<R>): Promise<R> {
  quiet++;
  try {
    return await fn();
  } finally {
    quiet--;
  }
}

/** Who is told from here on; undefined is the console. */
export function tellNotices(to: Listener | undefined): void {
  listener = to ?? onConsole;
}
