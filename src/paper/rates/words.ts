// Accuracy by learning rate in words, as a table and as a chart.

import { lineChart, type ReportSection } from '../../plot';
import { armWords, isReference } from '../arm';
import { markdownTable, markdownText } from '../markdown';
import { budgetWords, conditionTitle, points } from '../table1/words';
import type { RateStudy } from '.';

const HEADING = 'Accuracy by learning rate';

function rowsOf({ rates, arms }: RateStudy): { head: string[]; rows: string[][] } {
  return {
    head: ['arm', ...rates.map(String), 'best rate'],
    rows: arms.map(({ arm, accuracies, best }) => [
      armWords(arm),
      ...accuracies.map((accuracy) => (accuracy === undefined ? '–' : points(accuracy))),
      best === undefined ? '–' : String(best),
    ]),
  };
}

/** `Accuracy in percent on held-out training images; 3 epochs of batch 32, …, rates 0.01, 0.03.` */
function introduction({ settings, rates, judgedOn }: RateStudy): string {
  const budget = budgetWords(settings).replace(
    `learning rate ${settings.lr}`,
    `learning rates ${rates.join(', ')}`,
  );
  return `Accuracy in percent on ${judgedOn}, mean over seeds; ${budget}.`;
}

/** A block of Markdown for each study. */
export function ratesMarkdown(studies: readonly RateStudy[]): string[] {
  return studies.map((study) => {
    const { head, rows } = rowsOf(study);
    return [
      `## ${HEADING}: ${markdownText(conditionTitle(study))}`,
      markdownText(introduction(study)),
      markdownTable(head, rows),
    ].join('\n\n');
  });
}

/** A section of the page for each study. */
export function ratesSections(studies: readonly RateStudy[]): ReportSection[] {
  return studies.map((study) => ({
    heading: `${HEADING}: ${conditionTitle(study)}`,
    text: introduction(study),
    table: rowsOf(study),
    figures: [
      {
        svg: lineChart({
          title: HEADING,
          xLabel: 'learning rate',
          yLabel: '%',
          ordered: true,
          xNames: study.rates.map(String),
          series: study.arms.map(({ arm, accuracies }) => ({
            name: armWords(arm),
            reference: isReference(arm),
            points: accuracies.flatMap((accuracy, i): [number, number][] =>
              accuracy === undefined ? [] : [[i, 100 * accuracy]],
            ),
          })),
        }),
        caption: `Accuracy on ${study.judgedOn}: where does each arm peak?`,
      },
    ],
  }));
}
