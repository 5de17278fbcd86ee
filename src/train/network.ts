// From a run's settings to its network, and whether images fit it.

import { checkDataset, type Dataset } from '../data/dataset';
import { check } from '../errors';
import type { SafetensorsEntry } from '../interop/safetensors';
import { mpr, type ResNetVariant, rectangular, resnet20, type SpikingResNet20 } from '../snn';
import { numbersOfResNet20 } from '../snn/resnet20-plan';
import { type Architecture, checkNetworkSettings, type NetworkSettings } from './settings';

/** The part of a run's settings that its images decide. */
export function imageSettings(
  images: Dataset,
): Pick<NetworkSettings, 'classes' | 'channels' | 'height' | 'imageWidth'> {
  checkDataset('imageSettings', images, 'images');
  const { classes, channels, height, width } = images;
  return { classes: classes.length, channels, height, imageWidth: width };
}

const variants: Record<Architecture, ResNetVariant> = { 'resnet20-small': 'small', resnet20: 'wide' };

/** Numbers that a network may claim beyond what its file holds, without being refused for it: 256 kB. */
const SPARE = 2 ** 16;

/**
 * Whether a file holds about as many numbers as the network has that it says to be of. To be asked before the network is built,
 * so that a small file cannot ask for a large one; whether names and shapes fit is asked when it is filled.
 * @throws where the settings claim more than twice of what is there
 */
export function checkHolds(
  where: string,
  settings: NetworkSettings,
  tensors: ReadonlyMap<string, SafetensorsEntry>,
): void {
  const variant = variants[settings.arch];
  const claimed = numbersOfResNet20({ ...settings, variant });
  let held = 0;
  for (const { data } of tensors.values()) held += data.length;
  check(
    claimed <= 2 * held + SPARE,
    where,
    () =>
      `the settings are those of ${settings.arch} of width ${settings.width} for ${settings.classes} classes and ${settings.channels} channels, ${claimed} numbers, and the tensors hold ${held}: the file is damaged, or not what it says`,
  );
}

/** Builds the network; its initial weights are drawn from the global random stream. */
export function buildNetwork(settings: NetworkSettings): SpikingResNet20 {
  checkNetworkSettings('buildNetwork', settings);
  return resnet20({
    variant: variants[settings.arch],
    width: settings.width,
    classes: settings.classes,
    timesteps: settings.timesteps,
    channels: settings.channels,
    neuron: {
      dynamics: settings.dynamics,
      rectifier: settings.mpr === null ? null : mpr({ k: settings.mpr }),
      surrogate: rectangular({ scale: settings.gradientScale }),
    },
  });
}

/** Whether images fit a network. @throws when they are not those it was made for */
export function checkImages(settings: NetworkSettings, dataset: Dataset): void {
  checkNetworkSettings('checkImages', settings);
  checkDataset('checkImages', dataset);
  const wanted = [settings.height, settings.imageWidth, settings.channels];
  const got = [dataset.height, dataset.width, dataset.channels];
  check(
    wanted.every((length, i) => length === got[i]),
    'checkImages',
    () => `the network was made for images [${wanted}], ${dataset.name} has [${got}]`,
  );
  check(
    dataset.classes.length === settings.classes,
    'checkImages',
    () =>
      `the network tells ${settings.classes} classes apart, ${dataset.name} has ${dataset.classes.length}`,
  );
}
