// Whether a file is one that this library wrote (Node only): tables, figures, reports and exports go over nothing
// else. Each kind is told by what stands in it; nothing is kept beside it.

import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { errorCode } from '../../disk/errors';
import { SpikegradError } from '../../errors';

/** What is looked for in a PNG; whoever writes one puts it in. */
export const PNG_MARK = 'Software\0spikegrad';

/** What tells a file of ours, by the ending of its name. Older versions' files have these, but for PNG and NIR. */
const MARKS: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  '.svg': begins(/^<svg [^>]*class="sg-chart"/),
  '.html': begins(
    /^<!doctype html>\n<html lang="en">\n<head>[\s\S]*<meta name="color-scheme" content="light dark" \/>\n<meta http-equiv="Content-Security-Policy"/,
  ),
  '.md': begins(/^# (Table 1: accuracy with|Eq\. 4 as printed|What the paper claims, and what was measured)/),
  '.csv': begins(
    /^(dataset,arch,width,|dynamics,seed,layer,|k,layer,measure,|arm,layer,measure,|arm,epoch,layer,)/,
  ),
  '.json': (bytes) => isStudy(JSON.parse(bytes.toString())),
  '.png': (bytes) => bytes.subarray(0, 200).includes(PNG_MARK),
  '.onnx': (bytes) => bytes.subarray(0, 64).includes('spikegrad'),
  '.pt': (bytes) => bytes.includes('archive/.data/made_by'),
  '.spk': (bytes) => bytes.includes('"format":"spikegrad integer'),
  '.nir': (bytes) => bytes.includes('made by spikegrad'),
};

function begins(pattern: RegExp): (bytes: Buffer) => boolean {
  return (bytes) => pattern.test(bytes.subarray(0, 500).toString());
}

/** Of table 1, the two dynamics, the gradients, or one arm of them. */
function isStudy(value: unknown): boolean {
  const isPart = (part: unknown) =>
    typeof part === 'object' && part !== null && 'settings' in part && ('arms' in part || 'arm' in part);
  return Array.isArray(value) ? value.every(isPart) : isPart(value);
}

/** @param kind ending of the names of such files */
async function isOurs(path: string, kind: string): Promise<boolean> {
  try {
    return MARKS[kind]?.(await readFile(path)) === true;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}

/**
 * Ask before long work, and before writing.
 * @param kind ending of the names of such files, where the names may have others
 * @throws naming the first file that is there and that this library did not write
 */
export async function refuseForeign(paths: readonly string[], kind?: string): Promise<void> {
  for (const path of paths)
    if (!(await isOurs(path, kind ?? extname(path))))
      throw new SpikegradError(
        'refuseForeign',
        `${path} is there, and spikegrad did not write it: give another name or folder, or move it away`,
      );
}
