// The picture of docs/weights.md: which digits a network of SpikingJelly takes for which, from `spikegrad eval …
// --json`.
//
// usage: spikegrad eval theirs.pth --map … --json | npx tsx bench/weights/picture.ts docs/weights-eval.svg

import { readFileSync, writeFileSync } from 'node:fs';
import { heatmap } from '../../src';

interface Evaluated {
  readonly accuracy: number;
  readonly images: number;
  readonly confusion: readonly (readonly number[])[];
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('which file?');
const { accuracy, images, confusion } = JSON.parse(readFileSync(0, 'utf8')) as Evaluated;
const digits = confusion.map((_, digit) => String(digit));
writeFileSync(
  file,
  heatmap({
    title: 'What a network trained in SpikingJelly takes digits for',
    subtitle: `${(100 * accuracy).toFixed(1)} % of ${images.toLocaleString('en')} test images of MNIST, evaluated here`,
    rows: digits,
    columns: digits,
    values: confusion,
    rowLabel: 'digit',
    columnLabel: 'taken for',
    format: String,
    width: 560,
  }),
);
