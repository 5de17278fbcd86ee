// What `paper dynamics` measured as Markdown, CSV and JSON.

import { csv } from '../csv';
import { markdownTable, markdownText } from '../markdown';
import { budgetWords } from '../table1/words';
import type { DynamicsStudy } from '.';
import {
  ACCURACY_HEAD,
  accuracyRows,
  dynamicsSentences,
  NORM_HEAD,
  normRows,
  RATE_HEAD,
  rateRows,
} from './words';

export function dynamicsMarkdown(study: DynamicsStudy): string {
  const tables = [
    markdownTable(ACCURACY_HEAD, accuracyRows(study)),
    markdownTable(RATE_HEAD, rateRows(study)),
    markdownTable(NORM_HEAD, normRows(study)),
  ];
  const sentences = dynamicsSentences(study).map((sentence) => `- ${markdownText(sentence)}`);
  return `# Eq. 4 as printed against the leak form\n\n${[`${markdownText(budgetWords(study.settings))}.`, sentences.join('\n'), ...tables].join('\n\n')}\n`;
}

/** One line for each number: dynamics, seed, layer, what was measured. Accuracies have no layer. */
export function dynamicsCsv({ arms }: DynamicsStudy): string {
  const rows = arms.flatMap(({ dynamics, runs }) =>
    runs.flatMap(({ record: { settings, summary }, view }) => {
      const line = (layer: string, measure: string, value: number) => [
        dynamics,
        settings.seed,
        layer,
        measure,
        value,
      ];
      return [
        line('', 'test accuracy', summary.testAccuracy),
        line('', 'test loss', summary.testLoss),
        ...(view?.rates ?? []).flatMap(({ name, rate, ratePerStep }) => [
          line(name, 'firing rate', rate),
          ...ratePerStep.map((share, t) => line(name, `firing rate at t = ${t + 1}`, share)),
        ]),
        ...(view?.gradients.layers ?? []).map(({ name, norm }) => line(name, 'norm', norm)),
        ...(view?.gradients.neurons ?? []).flatMap((layer) =>
          (['open', 'flat', 'gain'] as const).map((measure) => line(layer.name, measure, layer[measure])),
        ),
      ];
    }),
  );
  return csv(['dynamics', 'seed', 'layer', 'measure', 'value'], rows);
}

/** The cells have files of their own; here is what was seen in each network. */
export function dynamicsJson(study: DynamicsStudy): string {
  const { settings, batches, arms, difference } = study;
  const { dynamics: _, seed: __, ...shared } = settings;
  const value = {
    settings: shared,
    batches,
    difference: difference ?? null,
    arms: arms.map(({ dynamics, runs, accuracy, deviation }) => ({
      dynamics,
      accuracy,
      deviation,
      runs: runs.map(({ record, view }) => ({
        seed: record.settings.seed,
        testAccuracy: record.summary.testAccuracy,
        view: view ?? null,
      })),
    })),
    sentences: dynamicsSentences(study),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}
