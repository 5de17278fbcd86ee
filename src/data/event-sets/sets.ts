// Data sets of events: what each is, and the frames that a network gets of it where nobody says otherwise. Words and
// numbers only; where the files lie is layouts.ts's business.
//
//                 sensor     as frames        cut
//   nmnist        34x34      34x34, T = 6     into T spans of equal time
//   dvs-gesture   128x128    32x32, T = 16    into T pieces of equally many events
//   cifar10-dvs   128x128    32x32, T = 8     into T pieces of equally many events
//   shd, ssc      700        140, T = 100     into T spans, 1 s together; shorter ones get empty frames
//
// All five are untried: no network has been trained here on their real files, which are large. Format, labels, splits
// and shapes are tested on files that tonic, SpikingJelly or h5py wrote (test/data/forms.test.ts).

import { CIFAR10_CLASSES, MNIST_CLASSES } from '../classes';

export const EVENT_SETS = ['nmnist', 'dvs-gesture', 'cifar10-dvs', 'shd', 'ssc'] as const;
/** The name of a data set of events. */
export type EventSetName = (typeof EVENT_SETS)[number];

export const isEventSet = (name: string): name is EventSetName => EVENT_SETS.includes(name as EventSetName);

export interface EventSet {
  readonly title: string;
  readonly classes: readonly string[];
  /** Rows and columns of the sensor. */
  readonly height: number;
  readonly width: number;
  /** 2 for OFF and ON; 1 where there is only ON. */
  readonly channels: 1 | 2;
  /** Pixels of a side that become one. */
  readonly pool: number;
  readonly by: 'time' | 'count';
  /**
   * Microseconds of all frames together, from the recording's begin; else they are shared among the frames as `by`
   * says.
   */
  readonly duration?: number;
  readonly timesteps: number;
}

/** The order of labels.csv and of tonic, which count from 1 and from 0. */
const GESTURES = [
  ...['hand clapping', 'right hand wave', 'left hand wave', 'right arm clockwise'],
  ...['right arm counter clockwise', 'left arm clockwise', 'left arm counter clockwise', 'arm roll'],
  ...['air drums', 'air guitar', 'other gestures'],
];
const GERMAN = ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'];
const ENGLISH = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** Those of Google's Speech Commands in the order of SSC's keys. */
const COMMANDS =
  `yes no up down left right on off stop go backward bed bird cat dog eight five follow forward four happy
house learn marvin nine one seven sheila six three tree two visual wow zero`.split(/\s+/);

const SOUND = {
  height: 1,
  width: 700,
  channels: 1,
  pool: 5,
  by: 'time',
  duration: 1e6,
  timesteps: 100,
} as const;
const DVS128 = { height: 128, width: 128, channels: 2, pool: 4, by: 'count' } as const;

export const EVENT_SET: Readonly<Record<EventSetName, EventSet>> = {
  nmnist: {
    title: 'N-MNIST',
    classes: MNIST_CLASSES,
    height: 34,
    width: 34,
    channels: 2,
    pool: 1,
    by: 'time',
    timesteps: 6,
  },
  'dvs-gesture': { title: 'DVS Gesture', classes: GESTURES, ...DVS128, timesteps: 16 },
  'cifar10-dvs': { title: 'CIFAR10-DVS', classes: CIFAR10_CLASSES, ...DVS128, timesteps: 8 },
  shd: { title: 'Spiking Heidelberg Digits', classes: [...GERMAN, ...ENGLISH], ...SOUND },
  ssc: { title: 'Spiking Speech Commands', classes: COMMANDS, ...SOUND },
};
