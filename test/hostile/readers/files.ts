// What the lists of readers share: where valid files lie, and bounds of texts. Not a list itself.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

export const utf8 = (text: string) => new TextEncoder().encode(text);
export const gz = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
export const numpy = (name: string) => new Uint8Array(readFileSync(`test/formats/files/${name}`));
export const fixture = (name: string) => new Uint8Array(readFileSync(`test/data/fixtures/${name}`));
/** Text that was understood holds no more than a small multiple of itself. */
export const asText = (length: number) => 4 * length + 100;
