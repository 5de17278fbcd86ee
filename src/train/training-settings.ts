// The training settings that a Trainer is given, checked. They may stand among those of the whole run.

import { AUGMENTATIONS } from '../data/augment';
import { SpikegradError } from '../errors';
import {
  anObject,
  checkKind,
  finite,
  type Kind,
  listOf,
  type OptionsOf,
  oneOf,
  orNull,
  required,
  shown,
  suggestion,
  whole,
} from '../options';
import type { RunSettings, TrainingSettings } from './settings';

const training = {
  epochs: required(whole({ least: 1 })),
  batch: required(whole({ least: 1 })),
  lr: required(finite({ least: 0 })),
  momentum: required(finite({ least: 0 })),
  weightDecay: required(finite({ least: 0 })),
  clip: required(orNull(finite({ above: 0 }))),
  augment: required(listOf(oneOf(AUGMENTATIONS))),
  seed: required(whole()),
} satisfies OptionsOf<TrainingSettings>;

/** Names that are no training settings and stand beside them in a run's. */
const others: Record<Exclude<keyof RunSettings, keyof TrainingSettings>, true> = {
  arch: true,
  width: true,
  timesteps: true,
  mpr: true,
  dynamics: true,
  classes: true,
  channels: true,
  height: true,
  imageWidth: true,
  dataset: true,
  limit: true,
};

/** @throws naming the setting that is missing, of the wrong kind, or no setting at all */
export function checkTrainingSettings(
  where: string,
  settings: unknown,
): asserts settings is TrainingSettings {
  checkKind(where, 'settings', anObject, settings);
  const names = Object.keys(training);
  for (const name in settings) {
    if (Object.hasOwn(training, name) || Object.hasOwn(others, name)) continue;
    throw new SpikegradError(
      where,
      `has no setting '${name}'${suggestion(name, names)} (it takes ${names.join(', ')}), got ${shown(settings[name])}`,
    );
  }
  for (const [name, { kind }] of Object.entries<{ readonly kind: Kind<unknown> }>(training))
    checkKind(where, name, kind, (settings as Record<string, unknown>)[name]);
}
