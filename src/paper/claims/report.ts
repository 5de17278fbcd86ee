// Claims as a page and as Markdown: verdicts first, then how they are come by, then each claim with its parts, then
// whatever else was trained.

import { htmlReport, type ReportSection } from '../../plot';
import type { CellRecord } from '../cell';
import { markdownTable, markdownText } from '../markdown';
import { PUBLISHED_NETWORK } from '../published';
import { rateStudies } from '../rates';
import { ratesMarkdown, ratesSections } from '../rates/words';
import type { Claim } from './index';
import type { ClaimPicture } from './pictures';
import { RULES } from './rules';
import {
  Budgets,
  CLAIMS_HEAD,
  claimSentence,
  claimsRows,
  everyArm,
  NEURONS_HEAD,
  notMeasured,
  otherNeurons,
  PAIRS_HEAD,
  PARTS_HEAD,
  partsRows,
} from './words';

export const CLAIMS_TITLE = 'What the paper claims, and what was measured';
const SUBTITLE =
  'Guo et al., Training High-performance Spiking Neural Networks Through Reducing Quantization Error (AAAI 2022), and the reading that MPR sets the gradient’s gain';

/** What every reader has to know before any verdict. */
const CAVEAT = `The paper's accuracies are of its own network: ${PUBLISHED_NETWORK}. Ours are narrower and trained far more briefly: a verdict is about the budget beside it, whose letter the end of the page explains, and nothing beyond. The rules were written down when 12 epochs at rate 0.1 and a few runs of three were known, and before all others.`;

export interface ClaimsPage {
  readonly claims: readonly Claim[];
  readonly cells: readonly CellRecord[];
  readonly pictures: readonly ClaimPicture[];
}

interface ClaimsTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface ClaimsBlock {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly pictures?: readonly ClaimPicture[];
  readonly table?: ClaimsTable;
}

const PICTURES_OF: Readonly<Record<Claim['of'], RegExp>> = {
  paper: /^accuracy/,
  reading: /^(gain|reading)$/,
};

/** What both forms have, in order. */
function blocks({ claims, cells, pictures }: ClaimsPage): ClaimsBlock[] {
  const budgets = new Budgets();
  const tableOf = (head: readonly string[], rows: string[][]): { table?: ClaimsTable } =>
    rows.length === 0 ? {} : { table: { head, rows } };
  const group = (of: Claim['of'], heading: string): ClaimsBlock[] => [
    {
      heading,
      paragraphs: [],
      pictures: pictures.filter(({ name }) => PICTURES_OF[of].test(name)),
    },
    ...claims
      .filter((claim) => claim.of === of)
      .map((claim) => ({
        heading: `${claim.name}. ${claim.title}`,
        paragraphs: [claimSentence(claim), claim.text, ...notMeasured(claim)],
        ...tableOf(PARTS_HEAD, partsRows(claim, budgets)),
      })),
  ];
  const judged = [
    ...group('paper', 'What the paper says'),
    ...group('reading', 'The reading: MPR sets the gradient’s gain'),
  ];
  const neurons = otherNeurons(cells, budgets);
  const arms = everyArm(cells, budgets);
  return [
    { heading: 'Verdicts', paragraphs: [CAVEAT], ...tableOf(CLAIMS_HEAD, claimsRows(claims)) },
    ...judged,
    {
      heading: 'Other neurons of the authors',
      paragraphs: [
        neurons.length === 0
          ? 'InfLoR and ternary spikes: not measured yet.'
          : 'Beside the LIF that was trained with the same settings and seeds.',
      ],
      ...tableOf(NEURONS_HEAD, neurons),
    },
    {
      heading: 'Everything that was trained',
      paragraphs: [arms.length === 0 ? 'Nothing yet.' : 'Whether a claim asks for it or not.'],
      ...tableOf(PAIRS_HEAD, arms),
    },
    { heading: 'What it was measured on', paragraphs: budgets.words },
    { heading: 'How a verdict is come by', paragraphs: RULES },
  ];
}

export function claimsReport(page: ClaimsPage): string {
  const { claims, cells } = page;
  const counted = (verdict: Claim['verdict']) => claims.filter((claim) => claim.verdict === verdict).length;
  const hours = cells.reduce((sum, { summary }) => sum + summary.seconds, 0) / 3600;
  return htmlReport({
    title: CLAIMS_TITLE,
    subtitle: SUBTITLE,
    facts: [
      { label: 'claims', value: claims.length },
      { label: 'hold', value: counted('holds') },
      { label: 'do not hold', value: counted('does not hold') },
      { label: 'cannot be told', value: counted('cannot be told') },
      { label: 'cells', value: cells.length },
      { label: 'hours of training', value: hours.toFixed(1) },
    ],
    sections: [
      ...blocks(page).map(
        ({ heading, paragraphs, pictures = [], table }): ReportSection => ({
          heading,
          text: paragraphs.join('\n\n'),
          figures: pictures.map(({ svg, caption }) => ({ svg, caption })),
          ...(table !== undefined && { table }),
        }),
      ),
      ...ratesSections(rateStudies(cells)),
    ],
  });
}

/** @param pictureFile the file of a picture, from where the Markdown lies */
export function claimsMarkdown(page: ClaimsPage, pictureFile: (picture: ClaimPicture) => string): string {
  const parts = blocks(page).map(({ heading, paragraphs, pictures = [], table }) =>
    [
      `## ${markdownText(heading)}`,
      ...paragraphs.map(markdownText),
      ...pictures.map((picture) => `![${markdownText(picture.caption)}](${pictureFile(picture)})`),
      ...(table === undefined ? [] : [markdownTable(table.head, table.rows)]),
    ].join('\n\n'),
  );
  return `# ${CLAIMS_TITLE}\n\n${markdownText(SUBTITLE)}\n\n${[...parts, ...ratesMarkdown(rateStudies(page.cells))].join('\n\n')}\n`;
}
