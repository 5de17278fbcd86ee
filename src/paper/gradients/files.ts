// What `paper gradients` measured as CSV and JSON.

import { armName } from '../arm';
import { csv } from '../csv';
import type { SteepnessArm, SteepnessStudy } from '.';
import { steepnessSentences } from './words';

/** One line for each number: arm, layer, what was measured. */
export function gradientsCsv(arms: readonly SteepnessArm[]): string {
  const rows = arms.flatMap(({ layers, neurons, gains, ...arm }) => [
    ...layers.flatMap(({ name, norm, deviation }) => [
      [armName(arm), name, 'norm', norm],
      [armName(arm), name, 'deviation', deviation ?? ''],
    ]),
    ...neurons.flatMap((layer) =>
      (['open', 'flat', 'gain'] as const).map((measure) => [
        armName(arm),
        layer.name,
        measure,
        layer[measure],
      ]),
    ),
    ...gains.paths.flatMap(({ name, gain, predicted }) => [
      [armName(arm), name, 'layer gain', gain ?? ''],
      [armName(arm), name, 'layer gain predicted, low', predicted?.[0] ?? ''],
      [armName(arm), name, 'layer gain predicted, high', predicted?.[1] ?? ''],
    ]),
    ...gains.neurons.flatMap(({ name, rate, measured, predicted }) => [
      [armName(arm), name, 'rate', rate],
      [armName(arm), name, 'gradient over the last', measured],
      [armName(arm), name, 'gradient over the last predicted, low', predicted?.[0] ?? ''],
      [armName(arm), name, 'gradient over the last predicted, high', predicted?.[1] ?? ''],
    ]),
  ]);
  return csv(['arm', 'layer', 'measure', 'value'], rows);
}

export function gradientsJson(study: SteepnessStudy): string {
  return `${JSON.stringify({ ...study, sentences: steepnessSentences(study.arms) }, null, 1)}\n`;
}
