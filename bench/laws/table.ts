// The rows as a table with marks, and below it each cell that fails: its smallest counterexample, why it fails, and the
// line that shows it.

import { existsSync, readFileSync } from 'node:fs';
import { machine, record } from '../record';
import { PEERS } from './peers';
import { reasonOf } from './reasons';
import { type BrokenLaw, commandOf, type Row } from './row';

export interface PeerResult {
  readonly peer: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Draws for each law. */
  readonly runs: number;
  readonly rows: readonly Row[];
}

const NAME = 'laws-peers';
const RECORDED = new URL(`../results/${NAME}.json`, import.meta.url);

function recorded(): PeerResult[] {
  if (!existsSync(RECORDED)) return [];
  return (JSON.parse(readFileSync(RECORDED, 'utf8')) as { results: PeerResult[] }).results;
}

/** What ran of the neurons and laws of a peer, where not all of them did. */
interface Part {
  readonly neuron?: string | undefined;
  readonly law?: string | undefined;
}

/** A row of which one law was tried anew: the others, which were then not asked for, stay as they were. */
export function withLaw(old: Row, now: Row, law: string): Row {
  const other = (one: { readonly law: string }) => one.law !== law;
  return {
    ...old,
    held: [...old.held.filter((one) => one !== law), ...now.held],
    broken: [...old.broken.filter(other), ...now.broken],
    notChecked: [...old.notChecked.filter(other), ...now.notChecked.filter((one) => one.law === law)],
  };
}

/** What was recorded of other peers stays, and of the same ones what did not run. */
export function writeTable(results: readonly PeerResult[], { neuron, law }: Part): void {
  const before = recorded();
  const all = PEERS.flatMap(({ key }) => {
    const old = before.find(({ peer }) => peer === key);
    const now = results.find(({ peer }) => peer === key);
    if (now === undefined || old === undefined) return now ?? old ?? [];
    const rowIn = (rows: readonly Row[], row: Row) => rows.find((one) => one.neuron === row.neuron);
    const changed = (row: Row) => {
      const found = rowIn(now.rows, row);
      if (found === undefined) return row;
      return law === undefined ? found : withLaw(row, found, law);
    };
    const added = now.rows.filter((row) => rowIn(old.rows, row) === undefined);
    if (law !== undefined) return { ...old, rows: old.rows.map(changed) };
    return neuron === undefined ? now : { ...now, rows: [...old.rows.map(changed), ...added] };
  });
  record(NAME, all, tableOf(all));
}

/** Laws in the order in which they are tried. */
function lawsOf(rows: readonly Row[]): string[] {
  const order: string[] = [];
  for (const { held, broken, notChecked } of rows)
    for (const law of [...held, ...broken.map((one) => one.law), ...notChecked.map((one) => one.law)])
      if (!order.includes(law)) order.push(law);
  return ORDER.filter((law) => order.includes(law));
}

const ORDER = [
  'binary',
  'same again',
  'causal',
  'batch',
  'rest',
  'fires',
  'fires once',
  'bounded',
  'threshold',
  'reset',
  'refractory',
  'decay',
  'pieces',
  'otherwise',
  'gradient',
  'gradient in pieces',
];

const mark = ({ peer, neuron, held, broken, notChecked }: Row, law: string): string => {
  if (held.includes(law)) return '✓';
  if (notChecked.some((one) => one.law === law)) return '·';
  if (!broken.some((one) => one.law === law)) return '';
  return reasonOf(peer, neuron, law)?.kind === 'design' ? '○' : '✗';
};

function cell({ peer, neuron }: Row, { law, numbers }: BrokenLaw): string[] {
  const reason = reasonOf(peer, neuron, law);
  const kind = reason?.kind === 'design' ? 'by design' : 'a surprise';
  return [
    `- **${neuron}, ${law}** ${reason === undefined ? '(not explained)' : `(${kind}): ${reason.why}. In \`${reason.where}\``}.  `,
    `  ${numbers.map((line) => `\`${line}\``).join('  \n  ')}  `,
    `  \`${commandOf(peer, neuron, law)}\``,
  ];
}

export function tableOf(results: readonly PeerResult[]): string {
  const laws = lawsOf(results.flatMap(({ rows }) => rows));
  return [
    "# Laws of the peers' neurons",
    '',
    `\`npm run laws:peers -- --write\`, ${machine()}. Neurons with default settings unless their names say otherwise; values in the`,
    "library's own precision (float32; Brian2 float64), gradients in float64. ✓ holds, ○ does not, by design, ✗ does not, a",
    'surprise, · not tried: the neuron gives no means; an empty cell was recorded before the law was. What each law says is in docs/testing.md.',
    '',
    ...results.flatMap(({ peer, versions, runs, rows }) => [
      `## ${PEERS.find(({ key }) => key === peer)?.name}`,
      '',
      `${Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(
          ', ',
        )}; ${runs} draws for each law; a row anew: \`npm run laws:peers -- --peer ${peer} --neuron NAME\``,
      '',
      `| neuron | ${laws.join(' | ')} |`,
      `|---|${laws.map(() => ':-:').join('|')}|`,
      ...rows.map((row) => `| ${row.neuron} | ${laws.map((law) => mark(row, law)).join(' | ')} |`),
      '',
      ...rows.flatMap((row) => row.broken.flatMap((broken) => cell(row, broken))),
      '',
    ]),
  ].join('\n');
}
