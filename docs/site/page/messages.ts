// What a worker tells the page of a run.

export type FromWorker =
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string };

/** So many lines are told: who prints in a loop without end is to have a page that still answers. */
export const MOST_LINES = 500;
/** So much of a line; a picture is more. */
export const MOST_CHARACTERS = 20_000;
const MOST_OF_A_PICTURE = 2_000_000;

/** A printed text as it is told: the first 500, each not longer than a page can show; undefined for the others. */
export function told(text: string, lines: number): string | undefined {
  if (lines > MOST_LINES) return undefined;
  if (lines === MOST_LINES) return '… (more is not shown)';
  const most = isPicture(text) ? MOST_OF_A_PICTURE : MOST_CHARACTERS;
  return text.length <= most ? text : `${text.slice(0, MOST_CHARACTERS)} …`;
}

/** Whether a printed text is shown as a picture. */
export const isPicture = (text: string): boolean => text.startsWith('<svg');
