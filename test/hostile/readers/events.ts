// Readers of recordings of events; those of HDF5 are in hdf5.ts.

import { readAedat } from '../../../src/data/events/aedat';
import { readNMnist } from '../../../src/data/events/nmnist';
import { npyEvents, npzEvents } from '../../../src/data/events/numpy';
import { readDat } from '../../../src/data/events/read';
import type { EventStream } from '../../../src/data/events/stream';
import { tellNotices } from '../../../src/notices';
import { aedat4 } from '../../data/aedat4-file';
import { aedat3, bigEndian, joined } from '../../data/sources';
import type { Reader } from '../attack';
import { fixture, utf8 } from './files';

/** A mutated recording may be a cut one, which is told each time. */
tellNotices(() => undefined);

const eventsOf = ({ x, y, polarity, time }: EventStream) =>
  x.byteLength + y.byteLength + polarity.byteLength + time.byteLength;
const packets: [number, number, number, number][] = [
  [3, 4, 1, 1000],
  [5, 6, 0, 2000],
];
/** Rows of x, y, polarity and time. */
const rows = fixture('gesture/DVSGesture/ibmGestureTest/user01_led/3.npy');

export const eventReaders: readonly Reader[] = [
  {
    name: 'N-MNIST events',
    files: [joined([bigEndian(0x05060000, 0x01070a80), Uint8Array.of(0, 9, 8, 7, 0, 0, 1)])],
    read: async (source) => eventsOf(await readNMnist(source)),
    place: /byte|event/,
    most: (length) => 8 * length,
  },
  {
    name: 'AEDAT events',
    files: [
      aedat3([
        [3, 2, 1, 5],
        [3, 2, 1, 9],
      ]),
      joined([utf8('#!AER-DAT2.0\r\n'), bigEndian(0x0506, 7, 0x0307, 9)]),
    ],
    read: async (source) => eventsOf(await readAedat(source)),
    place: /byte|version|event/,
    most: (length) => 8 * length,
  },
  {
    name: 'AEDAT 4 events',
    files: [aedat4('none', [packets]), aedat4('LZ4', [packets, packets]), aedat4('Zstandard', [packets])],
    read: async (source) => eventsOf(await readAedat(source)),
    place: /byte|version|packed|event|frame|stream/,
    most: (length) => 255 * length,
  },
  {
    name: '.dat events',
    files: [
      joined([utf8('% Version 2\n% Width 64\n'), Uint8Array.of(12, 8), bigEndian(0x05000000, 0x10000, 9, 7)]),
    ],
    read: async (source) => eventsOf(await readDat(source)),
    place: /byte|events/,
    most: (length) => 8 * length,
  },
  {
    name: 'events in .npy',
    files: [rows],
    read: async ({ bytes }) => eventsOf(await npyEvents(bytes, 1000, 'npyEvents')),
    place: /array|header|byte|event/,
    most: (length) => 8 * length,
  },
  {
    name: 'events in .npz',
    files: [fixture('cifar10dvs/events_np/cat/cifar10_cat_0.npz')],
    read: async ({ bytes }) => eventsOf(await npzEvents(bytes, 'npzEvents')),
    place: /archive|array|entry|byte|event/,
    most: (length) => 1100 * length,
  },
];
