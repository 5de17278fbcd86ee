// A recipe as changes of files, to be made in a copy.

/** A new file, or texts that take the place of others in one that exists; each stands there once. */
export type Edit =
  | { readonly file: string; readonly create: string }
  | { readonly file: string; readonly replace: readonly (readonly [from: string, to: string])[] };

/** Puts `text` in front of `place`, which stands there once. */
export const inFrontOf = (place: string, text: string): readonly [string, string] => [place, text + place];
