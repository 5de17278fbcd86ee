// What is said while a folder's holder is watched: it may be a process of another machine or container, or one that
// is gone.

/** @param seconds after which a holder that gives no sign counts as dead */
export function watchingInWords(folder: string, seconds: number): string {
  return `${folder} has a holder that cannot be seen from here: waiting up to ${seconds} s for a sign of life`;
}
