// What text a file holds: web pages that came in place of a download, JSON, pointers, or just text.

import type { FileKind } from './kinds';

/** @param start of a file; a letter may be cut at its end */
export function textKind(start: Uint8Array): FileKind | undefined {
  const text = decoded(start);
  if (text === undefined || text.trim() === '') return undefined;
  const begins = text.trimStart();
  if (/^(<!doctype html|<html|<head|<body)/i.test(begins)) return 'html';
  if (/^<svg|^<\?xml[\s\S]*<svg/.test(begins)) return 'svg';
  if (/^<\?xml|^<Error>/.test(begins)) return 'xml';
  // records of numbers may begin with one that is a tab or a line's end
  if (!/^[{[]/.test(begins)) return start[0]! < 0x20 ? undefined : 'text';
  if (/"weight_map"|"total_size"/.test(begins)) return 'index';
  return /"nbformat"|"cell_type"/.test(begins) ? 'notebook' : 'json';
}

/** UTF-8, or UTF-16 with its mark, without letters that no text has; else undefined. */
function decoded(start: Uint8Array): string | undefined {
  const wide = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  const encoding = !wide ? 'utf-8' : start[0] === 0xff ? 'utf-16le' : 'utf-16be';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(start, { stream: true });
    return Array.from(text).every((letter) => letter >= ' ' || '\t\n\r\f'.includes(letter))
      ? text
      : undefined;
  } catch {
    return undefined;
  }
}
