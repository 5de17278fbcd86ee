// From a run's settings to its network, and whether images fit it.

import { checkTrainingData } from '../../data/float-dataset';
import { isStreamed, type TrainingData } from '../../data/stream/dataset';
import { check } from '../../errors';
import type { SafetensorsEntry } from '../../interop/safetensors';
import type { Module } from '../../nn/module';
import {
  arctan,
  type LifLayerOptions,
  type MprRectifier,
  mpr,
  type NeuronChoice,
  type NeuronModel,
  type ResNetVariant,
  rectangular,
  resnet20,
} from '../../snn';
import { isModel } from '../../snn/neuron-layer';
import { numbersOfResNet20 } from '../../snn/resnet20/plan';
import { type Architecture, checkNetworkSettings, hasUnnormed, type NetworkSettings, OWN } from '../settings';
import { checkNeuronAlone } from '../settings/alone';
import { runNeuronModel } from '../settings/neuron';
import { eventsNetwork, numbersOfEventsNetwork } from './events';
import { knownNetworks } from './known';

/** [H,W,C] of an image, or of a frame. @throws for records of another kind */
function imageShape(where: string, images: TrainingData): readonly number[] {
  if (!('shape' in images)) return [images.height, images.width, images.channels];
  if (isStreamed(images) && images.numbers === 'bytes' && images.shape.length === 3) return images.shape;
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
  images: TrainingData,
): Pick<NetworkSettings, 'classes' | 'channels' | 'height' | 'imageWidth'> {
  checkTrainingData('imageSettings', images, 'images');
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
  if (settings.arch === OWN) return; // whoever builds it is asked
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

/**
 * The same neuron with a threshold of 1, which norms without a threshold in their scale go with; where there are none,
 * with a surrogate that has tails.
 */
function atOne({ arch, gradientScale }: NetworkSettings, { rectifier, ...lif }: RunNeuron): RunNeuron {
  const moved = rectifier && mpr({ k: rectifier.parameters.k, centre: 1 });
  const tails = hasUnnormed(arch) && { surrogate: arctan({ scale: gradientScale }) };
  return { ...lif, ...tails, rectifier: moved, tau: 0.5, vth: 1 };
}

type RunNeuron = LifLayerOptions & { readonly rectifier: MprRectifier | null };

/** The neuron that settings say: options of `Lif`, with their rectifier, or equations. */
function neuronOf(settings: NetworkSettings): RunNeuron | NeuronModel {
  checkNeuronAlone('buildNetwork', settings);
  if (settings.neuron !== undefined && settings.neuron !== 'lif')
    return runNeuronModel('buildNetwork', settings.neuron);
  return {
    dynamics: settings.dynamics,
    rectifier: settings.mpr === null ? null : mpr({ k: settings.mpr }),
    surrogate: rectangular({ window: settings.surrogateWidth, scale: settings.gradientScale }),
  };
}

/** What a network of one's own is built for. */
export interface NetworkRequest {
  readonly classes: number;
  /** T, for images, which have no time axis. */
  readonly timesteps: number;
  readonly channels: number;
  /** Rows and columns of an image or frame. */
  readonly side: readonly [number, number];
  /** One image or frame, [H,W,C]. */
  readonly inputShape: readonly [number, number, number];
  /** What `--width` says. */
  readonly width: number;
  /** What `--neuron`, `--mpr` and `--dynamics` say: options of `Lif`, or equations. */
  readonly neuron: NeuronChoice;
}

/** What settings ask of a network that they do not build themselves. */
export function networkRequest(settings: NetworkSettings): NetworkRequest {
  const { classes, timesteps, channels, height, imageWidth, width } = settings;
  const neuron = neuronOf(settings);
  const side = [height, imageWidth] as const;
  return { classes, timesteps, channels, side, inputShape: [...side, channels], width, neuron };
}

/**
 * Builds the network; its initial weights are drawn from the global random stream.
 * @throws for a network of the user's own, whose program settings do not hold
 */
export function buildNetwork(settings: NetworkSettings): Module {
  checkNetworkSettings('buildNetwork', settings);
  const { arch, width, classes, timesteps, channels } = settings;
  check(
    arch !== OWN,
    'buildNetwork',
    () =>
      `the network is one of its own, built by ${settings.network ?? 'a program'}, which files of runs do not hold: train, eval, predict, export and inspect take it by --network ${settings.network ?? 'FILE'}`,
  );
  const neuron = neuronOf(settings);
  const variant = variants[arch];
  const known = knownNetworks[arch];
  if (known !== undefined) return known.build(settings, isModel(neuron) ? neuron : atOne(settings, neuron));
  if (variant === undefined) return eventsNetwork(settings, neuron);
  return resnet20({ variant, width, classes, timesteps, channels, neuron });
}

/** Whether images fit a network. @throws when they are not those it was made for */
export function checkImages(settings: NetworkSettings, dataset: TrainingData): void {
  checkNetworkSettings('checkImages', settings);
  checkTrainingData('checkImages', dataset);
  const wanted = [settings.height, settings.imageWidth, settings.channels];
  const got = imageShape('checkImages', dataset);
  const areEvents = 'shape' in dataset && dataset.sequences;
  const takesBoth = settings.arch === OWN || knownNetworks[settings.arch] !== undefined;
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
