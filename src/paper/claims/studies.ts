// Gradients as `paper gradients` wrote them, from a file that is not trusted, and what claims take from them.

import { check, SpikegradError } from '../../errors';
import { anObject, finite, kind, listOf } from '../../options';
import { type Arm, isReference } from '../arm';
import type { LayerGradient, SteepnessArm, SteepnessStudy } from '../gradients';
import { layerGain } from '../gradients';
import type { GainBounds } from '../gradients/predicted-gain';

/** What is read of an arm; older files have no factors and no predictions. */
export interface StudiedArm extends Arm {
  readonly layers: readonly LayerGradient[];
  readonly gain: { readonly measured: number; readonly predicted: GainBounds } | undefined;
}

/** A study with the place it lies in. */
export interface NamedStudy {
  readonly path: string;
  readonly study: Pick<SteepnessStudy, 'settings' | 'weights' | 'dataset' | 'batches'>;
  readonly arms: readonly StudiedArm[];
}

const isArm = (value: unknown): boolean => {
  if (!anObject.holds(value)) return false;
  const { mpr, scale, layers, gains } = value;
  const hasNorm = (layer: unknown) => anObject.holds(layer) && finite().holds(layer.norm);
  return (
    (mpr === null || finite({ above: 0 }).holds(mpr)) &&
    (scale === undefined || finite({ above: 0 }).holds(scale)) &&
    Array.isArray(layers) &&
    layers.length > 0 &&
    layers.every(hasNorm) &&
    (gains === undefined || (anObject.holds(gains) && Array.isArray(gains.paths)))
  );
};

/** @throws naming the path of what is no study of gradients */
export function parseStudy(text: string, path: string): NamedStudy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SpikegradError('parseStudy', `${path} is not JSON: ${String(cause)}`, { cause });
  }
  const study = (anObject.holds(value) ? value : {}) as Partial<Record<keyof SteepnessStudy, unknown>>;
  const { settings, batches, arms, weights, dataset } = study;
  check(
    [settings, batches].every(anObject.holds) &&
      [weights, dataset].every((word) => typeof word === 'string') &&
      listOf(kind('an arm', isArm)).holds(arms),
    'parseStudy',
    () => `${path} is no study of gradients, as spikegrad paper gradients writes them`,
  );
  const known = study as unknown as SteepnessStudy;
  return {
    path,
    study: known,
    arms: known.arms.map((arm) => {
      const { mpr, scale = 1, layers, gains } = arm as Partial<SteepnessArm> & Pick<SteepnessArm, 'layers'>;
      return {
        ...{ mpr: mpr ?? null, scale, layers },
        gain: gains === undefined ? undefined : layerGain(arm),
      };
    }),
  };
}

/** The norm in the first layer over that without MPR; undefined where one of the two is missing. */
export function normRatio({ arms }: NamedStudy, mpr: number): number | undefined {
  const of = (arm: StudiedArm | undefined) => arm?.layers[0]?.norm;
  const none = of(arms.find(isReference));
  const steep = of(arms.find((arm) => arm.mpr === mpr && arm.scale === 1));
  return none === undefined || steep === undefined ? undefined : steep / none;
}

/** `resnet20-small of width 16, T = 2, cifar10, initial weights of seed 0, 4 batches of 32`. */
export function studyWords({ study }: NamedStudy): string {
  const { settings, weights, dataset, batches } = study;
  return `${settings.arch} of width ${settings.width}, T = ${settings.timesteps}, ${dataset}, ${weights}, ${batches.count} batches of ${batches.size}`;
}
