// What runs may be of, by name: networks, with the widths that they have where none is asked for, and data sets.

import { EVENT_SETS, type EventSetName } from '../../data/event-sets/sets';

/** The networks that a run may train. */
export const ARCHITECTURES = [
  ...(['resnet20-small', 'resnet20', 'csnn', 'vgg9', 'vgg11', 'sew-resnet18', 'ms-resnet20', 'mlp'] as const),
  ...(['spikformer', 'dvs-net', 'events-conv', 'events-dense'] as const),
] as const;
/** What files call a network that none of these is, built by a program of the user's. */
export const OWN = 'own';
/** The name of a network that a run may train; 'own' of one that a program of the user's builds. */
export type Architecture = (typeof ARCHITECTURES)[number] | typeof OWN;

/** Channels of the first stage where none are asked for. */
export const defaultWidth: Record<Architecture, number> = {
  'resnet20-small': 16,
  resnet20: 64,
  csnn: 12,
  vgg9: 16,
  vgg11: 16,
  'sew-resnet18': 16,
  'ms-resnet20': 16,
  mlp: 512,
  spikformer: 64,
  'dvs-net': 32,
  'events-conv': 16,
  'events-dense': 128,
  own: 16,
};

/**
 * Networks that have neurons right behind linear layers, where no norm brings a membrane back that is far from the
 * threshold: only a surrogate with tails does, and MPR would cut these off.
 */
export const UNNORMED: readonly string[] = ['csnn', 'vgg9', 'vgg11', 'mlp', 'dvs-net'];
/** Whether a network has neurons without a norm in front. */
export const hasUnnormed = (arch: string): boolean => UNNORMED.includes(arch);

/** The data sets that a run may use. */
export const DATASETS = [
  ...['cifar10', 'cifar100', 'mnist', 'fashion-mnist', 'images', 'shapes'],
  ...EVENT_SETS,
] as readonly DatasetName[];
/** The name of a data set that a run may use. */
export type DatasetName = ImageSetName | EventSetName;
/** Those of images. */
export type ImageSetName = 'cifar10' | 'cifar100' | 'mnist' | 'fashion-mnist' | 'images' | 'shapes';

/** The charge equations. */
export const CHARGES = ['leak', 'paper'] as const;
