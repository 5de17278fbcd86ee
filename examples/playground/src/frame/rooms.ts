// The rooms of the page. The code of each is fetched when it is first opened.

import type { Room } from './room';

export interface RoomEntry {
  readonly id: string;
  readonly title: string;
  load(): Promise<Room>;
}

export const rooms: readonly RoomEntry[] = [
  { id: 'neuron', title: 'Neuron', load: async () => (await import('../rooms/neuron')).neuronRoom },
  { id: 'network', title: 'Network', load: async () => (await import('../rooms/network')).networkRoom },
  {
    id: 'resnet',
    title: 'ResNet',
    load: async () => (await import('../rooms/resnet')).resnetRoom,
  },
  { id: 'events', title: 'Events', load: async () => (await import('../rooms/events')).eventsRoom },
];
