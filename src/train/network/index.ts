// From a run's settings to its network, and whether images fit it.

import { type AnyDataset, checkAnyDataset, isFloats } from '../../data/float-dataset';
import { check } from '../../errors';
import type { SafetensorsEntry } from '../../interop/safetensors';
import type { Module } from '../../nn/module';
import {
  type LifLayerOptions,
  type MprRectifier,
  mpr,
  type ResNetVariant,
  rectangular,
  resnet20,
} from '../../snn';
import { numbersOfResNet20 } from '../../snn/resnet20/plan';
import { type Architecture, checkNetworkSettings, checkNeuronAlone, type NetworkSettings } from '../settings';
import { runNeuronModel } from '../settings/neuron';
import { eventsNetwork, numbersOfEventsNetwork } from './events';
import { knownNetworks } from './known';

/** [H,W,C] of an image, or of a frame. @throws for records of another kind */
function imageShape(where: string, images: AnyDataset): readonly number[] {
  if (!isFloats(images)) return [images.height, images.width, images.channels];
  check(
    images.sequences && images.shape.length === 4,
    where,
    () =>
      `a run takes 8-bit images, or sequences of frames [T,H,W,C]; ${images.name} has records [${images.shape}]`,
  );
  return images.shape.slice(1);
}

/** The part of a run's settings that its images decide. */
export function imageSettings(
  images: AnyDataset,
): Pick<NetworkSettings, 'classes' | 'channels' | 'height' | 'imageWidth'> {
  checkAnyDataset('imageSettings', images, 'images');
  const [height, imageWidth, channels] = imageShape('imageSettings', images) as [number, number, number];
  return { classes: images.classes.length, channels, height, imageWidth };
}

const variants: Partial<Record<Architecture, ResNetVariant>> = {
  'resnet20-small': 'small',
  resnet20: 'wide',
};

/** Numbers that a network may claim beyond what its file holds, without being refused for it: 256 kB. */
const SPARE = 2 ** 16;

/**
 * Whether a file holds about as many numbers as the network has that it says to be of. To be asked before the network
 * is built, so that a small file cannot ask for a large one; whether names and shapes fit is asked when it is filled.
 * @throws where the settings claim more than twice of what is there
 */
export function checkHolds(
  where: string,
  settings: NetworkSettings,
  tensors: ReadonlyMap<string, SafetensorsEntry>,
): void {
  const variant = variants[settings.arch];
  const claimed =
    variant !== undefined
      ? numbersOfResNet20({ ...settings, variant })
      : (knownNetworks[settings.arch]?.numbers(settings) ?? numbersOfEventsNetwork(settings));
  let held = 0;
  for (const { data } of tensors.values()) held += data.length;
  check(
    claimed <= 2 * held + SPARE,
    where,
    () =>
      `the settings are those of ${settings.arch} of width ${settings.width} for ${settings.classes} classes and ${settings.channels} channels, ${claimed} numbers, and the tensors hold ${held}: the file is damaged, or not what it says`,
  );
}

/** The same neuron with a threshold of 1, which norms without a threshold in their scale go with. */
function atOne({ rectifier, ...lif }: RunNeuron): RunNeuron {
  const moved = rectifier && mpr({ k: rectifier.parameters.k, centre: 1 });
  return { ...lif, rectifier: moved, tau: 0.5, vth: 1 };
}

type RunNeuron = LifLayerOptions & { readonly rectifier: MprRectifier | null };

/** Builds the network; its initial weights are drawn from the global random stream. */
export function buildNetwork(settings: NetworkSettings): Module {
  checkNetworkSettings('buildNetwork', settings);
  checkNeuronAlone('buildNetwork', settings);
  const lif = {
    dynamics: settings.dynamics,
    rectifier: settings.mpr === null ? null : mpr({ k: settings.mpr }),
    surrogate: rectangular({ window: settings.surrogateWidth, scale: settings.gradientScale }),
  };
  const own = settings.neuron ?? 'lif';
  const neuron = own === 'lif' ? lif : runNeuronModel('buildNetwork', own);
  const { arch, width, classes, timesteps, channels } = settings;
  const variant = variants[arch];
  const known = knownNetworks[arch];
  if (known !== undefined) return known.build(settings, own === 'lif' ? atOne(lif) : neuron);
  if (variant === undefined) return eventsNetwork(settings, neuron);
  return resnet20({ variant, width, classes, timesteps, channels, neuron });
}

/** Whether images fit a network. @throws when they are not those it was made for */
export function checkImages(settings: NetworkSettings, dataset: AnyDataset): void {
  checkNetworkSettings('checkImages', settings);
  checkAnyDataset('checkImages', dataset);
  const wanted = [settings.height, settings.imageWidth, settings.channels];
  const got = imageShape('checkImages', dataset);
  const areEvents = isFloats(dataset);
  const takesBoth = knownNetworks[settings.arch] !== undefined;
  check(takesBoth || areEvents === (variants[settings.arch] === undefined), 'checkImages', () =>
    areEvents
      ? `${dataset.name} is recordings of events; --arch events-conv, events-dense or vgg9 takes them, ${settings.arch} takes images`
      : `${dataset.name} is images; --arch resnet20-small or resnet20 takes them, ${settings.arch} takes recordings of events`,
  );
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
