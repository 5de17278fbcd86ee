// Table 1 as a page: the table, what it says, and how each arm learned.

import { htmlReport, lineChart, type ReportSection } from '../../plot';
import { armWords, isReference } from '../arm';
import { type CellRecord, isPair } from '../cell';
import type { RateStudy } from '../rates';
import { ratesSections } from '../rates/words';
import { mean } from '../statistics';
import type { ArmRow, Condition } from '.';
import { cellNotes, PAIRS } from './alike';
import { budgetWords, conditionTitle, paperNote, rowsWords, TABLE_HEAD, verdicts } from './words';

/** Mean over the cells of an arm, epoch by epoch, as far as all have it. */
export function meanCurve(
  cells: readonly CellRecord[],
  value: (epoch: CellRecord['history'][number]) => number | undefined,
): [number, number][] {
  const epochs = Math.min(...cells.map((cell) => cell.history.length));
  return Array.from({ length: epochs }, (_, e): [number, number] => [
    e + 1,
    mean(cells.map((cell) => value(cell.history[e]!) ?? Number.NaN)),
  ]);
}

function armLabel({ arm, cells }: ArmRow): string {
  return `${armWords(arm)} (${cells.length} seed${cells.length === 1 ? '' : 's'})`;
}

function section(condition: Condition): ReportSection {
  const trained = condition.rows.filter((arm) => arm.cells.length > 0);
  const curves = (
    title: string,
    yLabel: string,
    value: (epoch: CellRecord['history'][number]) => number | undefined,
  ) =>
    lineChart({
      title,
      xLabel: 'epoch',
      yLabel,
      // none is what the others are compared with; so they have the same colours here and in the chart of leads
      series: trained.map((arm) => ({
        name: armLabel(arm),
        points: meanCurve(arm.cells, value),
        reference: isReference(arm.arm),
      })),
    });
  const percent = (share: number | undefined) => (share === undefined ? undefined : 100 * share);
  return {
    heading: conditionTitle(condition),
    text: [
      `${budgetWords(condition.settings)}. Arms of one seed share initial weights, order of images and augmentation; a difference is the mean over seeds, its interval 95 % of Student's t. ${PAIRS}`,
      [...cellNotes(condition), ...verdicts(condition), ...paperNote(condition)].join(' '),
    ].join('\n\n'),
    table: { head: TABLE_HEAD, rows: rowsWords(condition) },
    figures:
      trained.length === 0
        ? []
        : [
            {
              svg: curves('Test accuracy', '%', (epoch) => percent(epoch.testAccuracy)),
              caption: 'Share of test images classified rightly, mean over seeds.',
            },
            {
              svg: curves('Training loss', 'cross-entropy', (epoch) => epoch.trainLoss),
              caption: 'Mean over each epoch and over seeds.',
            },
            {
              svg: curves('Test loss', 'cross-entropy', (epoch) => epoch.testLoss),
              caption: 'Cross-entropy of the test images, mean over seeds.',
            },
            ...(differenceFigure(trained) ?? []),
          ],
  };
}

/** Each arm's lead over none by epoch, seed by seed in the mean: does an arm learn faster, or better? */
function differenceFigure(rows: readonly ArmRow[]): ReportSection['figures'] {
  const reference = rows.find(({ arm }) => isReference(arm));
  const series = rows.flatMap((arm) => {
    if (isReference(arm.arm)) return [];
    const pairs = arm.cells.flatMap((cell) => {
      const none = reference?.cells.find((other) => isPair(cell, other));
      return none === undefined ? [] : [{ cell, none }];
    });
    if (pairs.length === 0) return [];
    const epochs = Math.min(...pairs.flatMap(({ cell, none }) => [cell.history.length, none.history.length]));
    const points = Array.from({ length: epochs }, (_, e): [number, number] => [
      e + 1,
      100 *
        mean(
          pairs.map(
            ({ cell, none }) =>
              (cell.history[e]?.testAccuracy ?? Number.NaN) - (none.history[e]?.testAccuracy ?? Number.NaN),
          ),
        ),
    ]);
    return [{ name: armLabel(arm), points }];
  });
  if (series.length === 0) return undefined;
  return [
    {
      svg: lineChart({ title: 'Lead over none', xLabel: 'epoch', yLabel: 'points', series }),
      caption:
        'Test accuracy of each arm minus that of none with the same seed, build and images, mean over the pairs.',
    },
  ];
}

/** One HTML page with everything in it. */
export function table1Report(conditions: readonly Condition[], studies: readonly RateStudy[] = []): string {
  const cells = conditions.flatMap(({ rows }) => rows.flatMap((arm) => arm.cells));
  const missing = conditions.flatMap(({ rows }) => rows.flatMap((arm) => arm.missing)).length;
  const hours = cells.reduce((sum, cell) => sum + cell.summary.seconds, 0) / 3600;
  const machines = [
    ...new Set(
      cells.map(
        ({ environment: e }) =>
          `${e.processor}, ${e.platform}, Node ${e.node}, spikegrad ${e.spikegrad}, ${e.backend}${e.build === undefined ? '' : `, build ${e.build}`}`,
      ),
    ),
  ];
  return htmlReport({
    title: 'Accuracy with and without membrane potential rectification',
    subtitle: 'Table 1 of Guo et al. (AAAI 2022), at the budget given with each block',
    facts: [
      { label: 'cells finished', value: cells.length },
      { label: 'cells unfinished', value: missing },
      { label: 'hours of training', value: hours.toFixed(1) },
    ],
    sections: [
      ...conditions.map(section),
      ...ratesSections(studies),
      { heading: 'Where it was trained', pre: machines.join('\n') || 'nowhere yet' },
    ],
  });
}
