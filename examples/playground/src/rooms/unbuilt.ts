// Stands where a room is not built yet, so that its tab and its links already lead somewhere.

import { codec } from '../frame/codec';
import { defineRoom, type Room } from '../frame/room';
import { element } from '../parts/element';

export const unbuiltRoom = (what: string): Room =>
  defineRoom<object>({
    codec: codec<object>({}),
    open(host) {
      host.append(element('p', { class: 'notice' }, `${what} This room is not built yet.`));
      return { show() {}, pause() {}, resume() {} };
    },
  });
