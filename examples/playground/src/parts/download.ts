// Gives the reader a file.

import { element } from './element';

/** Long enough for any browser to have taken the bytes. */
const KEPT = 60_000;

export function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
