// What `paper gradients` measured as CSV and JSON.

import { csv } from './csv';
import type { SteepnessArm, SteepnessStudy } from './gradients';
import { steepnessSentences } from './gradients-words';

/** One line for each number: steepness, layer, what was measured. */
export function gradientsCsv(arms: readonly SteepnessArm[]): string {
  const rows = arms.flatMap(({ mpr, layers, neurons }) => [
    ...layers.flatMap(({ name, norm, spread }) => [
      [mpr ?? 'none', name, 'norm', norm],
      [mpr ?? 'none', name, 'deviation', spread ?? ''],
    ]),
    ...neurons.flatMap((layer) =>
      (['open', 'flat', 'gain'] as const).map((measure) => [
        mpr ?? 'none',
        layer.name,
        measure,
        layer[measure],
      ]),
    ),
  ]);
  return csv(['k', 'layer', 'measure', 'value'], rows);
}

export function gradientsJson(study: SteepnessStudy): string {
  return `${JSON.stringify({ ...study, sentences: steepnessSentences(study.arms) }, null, 1)}\n`;
}
