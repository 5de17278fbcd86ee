// From a run's settings to its network, and whether images fit it.

import { checkDataset, type Dataset } from '../data/dataset';
import { check } from '../errors';
import { mpr, type ResNetVariant, rectangular, resnet20, type SpikingResNet20 } from '../snn';
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
