// What exchange formats are worth, proved by the tools that write and read them: NIR, ONNX, safetensors, recordings.
// Parts that are not asked for keep what was recorded of them last.
//
// usage: npm run exchange -- [--python PYTHON] [--only nir,onnx,safetensors,recordings] [--keep FOLDER] [--vectors]
//
// --vectors also rewrites what test/interop/nir/peers keeps of the NIR part.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { init } from '../../src';
import { machine, record } from '../record';
import { cornersTable } from './corners';
import { PARTS, type Part, pythonOf } from './environment';
import { agreements, nirMatrix, shortfalls, spikesIn } from './nir';
import { onnxTable } from './onnx';
import type { Told } from './ours';
import { publishedTable } from './published';
import { recordingsTable } from './recordings';
import { cornersInMarkdown, nirInMarkdown, onnxInMarkdown, recordingsInMarkdown } from './report';
import { keepVectors } from './vectors';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    only: { type: 'string' },
    keep: { type: 'string' },
    vectors: { type: 'boolean' },
  },
});
const asked = values.only?.split(',') ?? PARTS;
const wanted = PARTS.filter((part) => asked.includes(part));
const unknown = asked.filter((one) => !PARTS.some((part) => part === one));
if (unknown.length > 0) {
  console.error(`exchange: no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  process.exit(2);
}

interface Recorded {
  readonly versions: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly data: unknown;
}

const python = pythonOf(values.python, wanted);
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'exchange-'));
const shared = process.env.SPIKEGRAD_SHARED ?? '../shared';
await init({ backend: 'cpu', precision: 'f32', seed: 1 });

/** How a raster is kept: that it was there, and how many spikes it had. */
const brief = (told: Told | undefined) => {
  const spikes = spikesIn(told);
  return spikes === undefined ? told : { spikes: spikes.flat().reduce((sum, value) => sum + value, 0) };
};

const MAKE: Readonly<Record<Part, () => Promise<Recorded | undefined>>> = {
  async nir() {
    const { versions, lines, written, cells } = await nirMatrix(python, join(folder, 'nir'));
    const { corners, rows } = await cornersTable(python, join(folder, 'nir/corners'));
    if (values.vectors) keepVectors(python, join(folder, 'nir'), cells, corners, versions);
    const data = cells.map((cell) => ({
      file: `${cell.exporter}/${cell.network}`,
      own: brief(cell.own),
      read: Object.fromEntries(Object.entries(cell.read).map(([tool, told]) => [tool, brief(told)])),
      here: brief(cell.plain),
      convention: brief(cell.convention),
      agree: agreements(cell).map(({ names }) => names),
    }));
    return {
      versions,
      text: `${nirInMarkdown(cells, written)}\n\n${cornersInMarkdown(rows)}`,
      data: { lines, files: data, shortfalls: shortfalls(cells), corners: rows },
    };
  },
  async onnx() {
    const { versions, rows } = await onnxTable(python, join(folder, 'onnx'));
    return { versions, text: onnxInMarkdown(rows), data: rows };
  },
  async safetensors() {
    const { versions, rows } = await publishedTable(python, join(folder, 'published'));
    const text = rows
      .map(
        ({ files, tensors, seen, sameLogits }) =>
          `- ${tensors} tensors of a ResNet20 in ${files} file${files === 1 ? '' : 's'} by saveFolder: Python's safetensors reads ${seen} of them with their shapes and sums; written again by it in two files, loadFolder gives ${sameLogits ? 'the same logits, bit for bit' : 'OTHER logits'}.`,
      )
      .join('\n');
    return { versions, text, data: rows };
  },
  async recordings() {
    const table = await recordingsTable(python, join(shared, 'files'), join(folder, 'recordings'));
    if (table === undefined) console.log(`no recordings in ${shared}/files; that part is left as it was`);
    return table && { versions: table.versions, text: recordingsInMarkdown(table.rows), data: table.rows };
  },
};

const results = new URL('../results/exchange.json', import.meta.url);
const before = existsSync(results)
  ? (JSON.parse(readFileSync(results, 'utf8')) as { results: Partial<Record<Part, Recorded>> }).results
  : {};
const parts: Partial<Record<Part, Recorded>> = { ...before };
const TITLES: Readonly<Record<Part, string>> = {
  nir: 'NIR: files of each tool, read by each tool',
  onnx: 'ONNX Runtime',
  safetensors: 'safetensors',
  recordings: 'Recordings',
};

function section(part: Part): string[] {
  const found = parts[part];
  if (found === undefined) return [];
  const versions = Object.entries(found.versions)
    .filter(([, version]) => typeof version === 'string')
    .map(([name, version]) => `${name} ${version as string}`);
  return [`## ${TITLES[part]}\n\n${versions.join(', ')}.\n\n${found.text}`];
}

for (const part of PARTS) {
  if (!wanted.includes(part)) continue;
  parts[part] = (await MAKE[part]()) ?? parts[part];
  const text = `# Exchange

\`npm run exchange\`; ${machine()}. [docs/exchange.md](../../docs/exchange.md) tells what the tables mean, and why things differ.

${PARTS.flatMap(section).join('\n\n')}
`;
  record('exchange', parts, text);
  console.log(`${part} is recorded`);
}
if (values.keep === undefined) rmSync(folder, { recursive: true });
