// The ResNet20 that weights of another tool are of, by the names and shapes of its tensors: what they do not tell is
// given, or the defaults of a data set of such images.

import { makeDataset } from '../../data/dataset';
import type { SafetensorsEntry } from '../../interop/safetensors';
import { fileTensors } from '../../interop/state';
import { anObject, checkKind, text } from '../../options';
import type { DatasetName, RunSettings } from '../settings';
import { type GivenSettings, runSettings } from '../settings/defaults';

/** The names by which a ResNet20 is known, and its sizes. */
export const [STEM, SECOND_STEM, HEAD] = ['stem.0.conv.weight', 'stem.1.conv.weight', 'fc.weight'] as const;

/**
 * Settings of the run that such weights might be of: the ResNet20 that `resnet20` builds, with the widths and classes
 * of the tensors.
 * @param tensors of a file, under the names of `resnet20`
 * @param given what tensors do not tell: time steps, dynamics, MPR, the data set
 * @param prefix of the names
 * @returns undefined where the tensors have other names
 */
export function weightsSettings(
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  given: GivenSettings = {},
  prefix = '',
): RunSettings | undefined {
  checkKind('weightsSettings', 'tensors', fileTensors, tensors);
  checkKind('weightsSettings', 'given', anObject, given);
  checkKind('weightsSettings', 'prefix', text, prefix);
  const [stem, fc] = [STEM, HEAD].map((name) => tensors.get(prefix + name)?.shape);
  if (stem?.length !== 4 || fc?.length !== 2) return undefined;
  const [width, channels] = stem as [number, number];
  const classes = fc[0]!;
  const byShape: DatasetName = channels === 1 ? 'mnist' : classes === 100 ? 'cifar100' : 'cifar10';
  const dataset = given.dataset ?? byShape;
  const arch = tensors.has(prefix + SECOND_STEM) ? 'resnet20' : 'resnet20-small';
  const side = dataset === 'mnist' ? 28 : 32;
  const image = makeDataset({
    name: dataset,
    classes: Array.from({ length: classes }, (_, i) => String(i)),
    height: side,
    width: side,
    channels,
    pixels: new Uint8Array(side * side * channels),
    labels: Uint8Array.of(0),
    mean: new Array<number>(channels).fill(0),
    deviation: new Array<number>(channels).fill(1),
  });
  return runSettings({ mpr: null, ...given, arch, width, dataset }, image);
}
