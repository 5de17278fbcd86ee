// The recorded tables as Markdown.

import type { CornerRow } from './corners';
import { agreements, type NirCell, shortfalls, spikesIn } from './nir';
import { LEVELS, type OnnxRow } from './onnx';
import type { Raster, Told } from './ours';
import type { RecordingRow } from './recordings';

const PEERS = ['snntorch', 'spikingjelly', 'norse', 'sinabs', 'rockpool', 'spyx'] as const;

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const spikesOf = (spikes: Raster) =>
  spikes.reduce((sum, row) => sum + row.reduce((all, value) => all + value, 0), 0);

/** A letter for each raster of a file, the writer's own A; and how many spikes it has. */
function lettersOf(): (told: Told | undefined) => string {
  const known = new Map<string, string>();
  return (told) => {
    const spikes = spikesIn(told);
    if (spikes === undefined) return told === undefined ? '' : 'no';
    const count = spikesOf(spikes);
    if (count === 0) return 'silent';
    const key = JSON.stringify(spikes);
    const letter = known.get(key) ?? String.fromCharCode(65 + known.size);
    known.set(key, letter);
    return `${letter} ${Number(count.toFixed(2))}`;
  };
}

/** One table for each network. */
export function nirInMarkdown(
  cells: readonly NirCell[],
  written: Readonly<Record<string, Readonly<Record<string, Told>>>>,
): string {
  const networks = [...new Set(cells.map(({ network }) => network))].sort();
  const tables = networks.map((network) => {
    const rows = cells
      .filter((cell) => cell.network === network)
      .map((cell) => {
        const letter = lettersOf();
        const own = letter(cell.own);
        return [
          cell.exporter,
          own,
          ...PEERS.map((peer) => letter(cell.read[peer])),
          letter(cell.plain),
          letter(cell.convention),
        ];
      });
    return `### ${network}\n\n${table(['file of', 'itself', ...PEERS, 'here', 'here, its convention'], rows)}`;
  });
  const refusals = new Map<string, string[]>();
  const refuse = (who: string, where: string, told: Told | undefined) => {
    if (told === undefined || !('error' in told)) return;
    const key = `${who}: ${told.error.split('\n')[0]!.replaceAll('|', '\\|').slice(0, 160)}`;
    refusals.set(key, [...(refusals.get(key) ?? []), where]);
  };
  for (const [tool, networks] of Object.entries(written))
    for (const [network, told] of Object.entries(networks)) refuse(`${tool} does not write`, network, told);
  for (const { exporter, network, read, plain } of cells) {
    for (const peer of PEERS) refuse(`${peer} does not read`, `${exporter}/${network}`, read[peer]);
    refuse('refused here', `${exporter}/${network}`, plain);
  }
  const shared = cells.flatMap((cell) =>
    agreements(cell).map(({ names, spikes }) => [
      `${cell.exporter}, ${cell.network}`,
      names.join(', '),
      String(spikesOf(spikes)),
      [cell.plain, cell.convention].some((told) => JSON.stringify(spikesIn(told)) === JSON.stringify(spikes))
        ? 'the same'
        : 'others',
    ]),
  );
  const short = shortfalls(cells);
  return [
    ...tables,
    `### Where peers agree\n\n${table(['file', 'the same spikes by', 'spikes', 'here'], shared)}`,
    short.length === 0
      ? 'Wherever two peers give the same spikes, they are given here too; and nothing is refused here that most read.'
      : `Not so here:\n\n${short.map((one) => `- ${one}`).join('\n')}`,
    `### What is not written or read\n\n${table(
      ['who, and what it says', 'files'],
      [...refusals].map(([key, files]) => [key, files.join(', ')]),
    )}`,
  ].join('\n\n');
}

const exponent = (value: number | string | undefined) =>
  typeof value === 'number' ? (value === 0 ? '0' : value.toExponential(0)) : (value ?? '');

/** Networks beside those of the matrix, by the conventions of their writers. */
export function cornersInMarkdown(rows: readonly CornerRow[]): string {
  return `### Corners\n\n${table(
    ['written by', 'with', 'sum of its values', 'here, its convention, off by'],
    rows.map(({ tool, name, sum, off }) => [tool, name, String(Number(sum.toFixed(2))), exponent(off)]),
  )}`;
}

/** The worst of the levels; each of them where one says something else than a number. */
function worst(differences: OnnxRow['native']): string {
  if (differences === undefined) return '';
  const values = LEVELS.map((level) => differences[level]);
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length > 0 ? texts.join('; ') : exponent(Math.max(...(values as number[])));
}

export function onnxInMarkdown(rows: readonly OnnxRow[]): string {
  return table(
    ['', 'opset', 'operators', 'largest number', 'native, off by', 'web, off by'],
    rows.map((row) =>
      row.refused === undefined
        ? [
            `${row.kind} ${row.name}`,
            String(row.opset),
            String(row.operators),
            (row.largest ?? 0).toPrecision(3),
            worst(row.native),
            worst(row.web),
          ]
        : [`${row.kind} ${row.name}`, `refused: ${row.refused}`, '', '', '', ''],
    ),
  );
}

export function recordingsInMarkdown(rows: readonly RecordingRow[]): string {
  return table(
    ['recording', 'read by', 'events there', 'here', 'the same', 'the first that differs'],
    rows.map(({ file, tool, line, events, ours, same, mended, error, differs }) => [
      file,
      `${tool}, \`${line}\`${mended ? ', whose header reader was mended (it raises)' : ''}`,
      events === undefined ? `raises ${error}` : String(events),
      String(ours),
      events === undefined ? '' : String(same),
      differs ?? '',
    ]),
  );
}
