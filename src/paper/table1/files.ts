// Table 1 as Markdown, CSV and JSON.

import { neuronInWords } from '../../train/settings/neuron';
import { armName } from '../arm';
import { csv } from '../csv';
import { markdownTable, markdownText } from '../markdown';
import type { RateStudy } from '../rates';
import { ratesMarkdown } from '../rates/words';
import type { Condition } from '.';
import { cellNotes, PAIRS } from './alike';
import { budgetWords, conditionTitle, paperNote, rowsWords, TABLE_HEAD, verdicts } from './words';

/** @param studies of learning rates, which come last */
export function table1Markdown(conditions: readonly Condition[], studies: readonly RateStudy[] = []): string {
  const blocks = conditions.map((condition) => {
    const lines = [
      `## ${markdownText(conditionTitle(condition))}`,
      '',
      `${markdownText(budgetWords(condition.settings))}. Arms of one seed share initial weights, order of images and augmentation. ${PAIRS}`,
      '',
      markdownTable(TABLE_HEAD, rowsWords(condition)),
      '',
      ...paperNote(condition).flatMap((note) => [note, '']),
      ...[...cellNotes(condition), ...verdicts(condition)].map((sentence) => `- ${markdownText(sentence)}`),
    ];
    return lines.join('\n').trimEnd();
  });
  return `# Table 1: accuracy with and without membrane potential rectification\n\n${[...blocks, ...ratesMarkdown(studies)].join('\n\n')}\n`;
}

const CSV_HEAD = [
  ...['dataset', 'arch', 'width', 'timesteps', 'dynamics', 'epochs', 'batch', 'lr', 'weightDecay', 'augment'],
  ...[
    'limit',
    'mpr',
    'gradientScale',
    'seed',
    'testAccuracy',
    'testLoss',
    'trainLoss',
    'imagesSeen',
    'seconds',
    'processor',
  ],
  ...['backend', 'simd', 'build', 'content'],
  ...['finished', 'optimizer', 'neuron'],
];

/** One line for each cell, so that other tools can compute what they like. */
export function table1Csv(conditions: readonly Condition[]): string {
  const cells = conditions.flatMap(({ rows }) => rows.flatMap((arm) => arm.cells));
  const lines = cells.map(({ settings: s, summary, history, images, environment, finished }) => [
    ...[s.dataset, s.arch, s.width, s.timesteps, s.dynamics, s.epochs, s.batch, s.lr, s.weightDecay],
    ...[s.augment.join('+'), s.limit ?? '', s.mpr ?? 'none', s.gradientScale ?? 1, s.seed],
    ...[summary.testAccuracy, summary.testLoss, history.at(-1)?.trainLoss ?? ''],
    ...[images.train * s.epochs, summary.seconds.toFixed(1), environment.processor],
    ...[environment.backend, environment.simd ?? '', environment.build ?? '', images.content ?? ''],
    ...[finished, s.optimizer ?? 'sgd', neuronInWords(s.neuron)],
  ]);
  return csv(CSV_HEAD, lines);
}

/** Means and intervals by condition and arm; accuracies as shares. The cells have files of their own. */
export function table1Json(conditions: readonly Condition[]): string {
  const value = conditions.map((condition) => {
    const { mpr, gradientScale, seed, ...settings } = condition.settings;
    return {
      settings,
      arms: condition.rows.map(({ cells, arm, ...row }) => ({
        ...row,
        arm: armName(arm),
        ...arm,
        published: row.published ?? null,
        seeds: cells.map((cell) => cell.settings.seed),
        accuracies: cells.map((cell) => cell.summary.testAccuracy),
      })),
      notes: cellNotes(condition),
      verdicts: verdicts(condition),
    };
  });
  return `${JSON.stringify(value, null, 2)}\n`;
}
