// The page around the rooms: tabs, tools, equations; which room is in view, and who moves while it is.

import { element } from '../parts/element';
import { Address } from './address';
import { announcer } from './announcer';
import type { Params } from './codec';
import { copyLink } from './copy-link';
import { equationNames, equationsPanel } from './equations';
import { introduction } from './introduction';
import { painted } from './painted';
import type { OpenRoom } from './room';
import { type RoomEntry, rooms } from './rooms';
import { playByKey, skipToPlay } from './shortcuts';
import { inSite } from './site';
import { browserFeatures, shortcomings } from './support';
import { tabs } from './tabs';
import { themeSwitch } from './theme';

interface Opened {
  readonly panel: HTMLElement;
  /** Absent while its code is on the way. */
  room?: OpenRoom<Params>;
}

export function startPage(host: HTMLElement): void {
  const opened = new Map<string, Opened>();
  const live = announcer();
  const address = new Address({ rooms: rooms.map(({ id }) => id), equations: equationNames }, () => {
    opened.get(address.route.room)?.room?.show(address.params(address.route.room));
    view();
  });
  const bar = tabs(rooms, (room) => {
    address.go({ room });
    view();
  });
  const equations = equationsPanel(() => {
    address.go({ room: address.route.room });
    view();
  });
  const openEquations = element('a', { class: 'plain', href: `#${equationNames[0]}` }, 'Equations');
  const main = element('main');
  const go = (room: string, params: Params) => {
    address.go({ room }, params);
    opened.get(room)?.room?.show(params);
    view();
  };
  const intro = introduction(go);
  const lead = (room: string, params: Params) => go(room, new Map([...address.params(room), ...params]));
  const notices = shortcomings(browserFeatures()).map((text) =>
    element('p', { class: 'notice', role: 'note' }, text),
  );
  const home = inSite('index.html');
  const name = home === undefined ? 'spikegrad' : element('a', { href: home }, 'spikegrad');
  const head = element(
    'header',
    { class: 'page-head' },
    element('h1', {}, name, ' ', element('span', {}, 'playground')),
    bar.element,
    element(
      'div',
      { class: 'tools' },
      openEquations,
      copyLink(() => address.link(), live.say),
      themeSwitch(),
    ),
  );
  const sheet = element(
    'div',
    { class: 'sheet' },
    skipToPlay(main),
    head,
    live.element,
    ...notices,
    intro,
    main,
  );
  host.append(element('div', { class: 'measure' }, sheet), equations.element);
  playByKey(main);

  async function open(entry: RoomEntry): Promise<void> {
    const panel = element('section', {
      class: `room ${entry.id}`,
      id: `room-${entry.id}`,
      role: 'tabpanel',
      'aria-labelledby': `tab-${entry.id}`,
    });
    const state: Opened = { panel };
    opened.set(entry.id, state);
    main.append(panel);
    try {
      await painted();
      const room = await entry.load();
      state.room = await room.open(
        panel,
        address.params(entry.id),
        (params, leap) => address.set(entry.id, params, leap),
        live.say,
        lead,
      );
      breathe();
    } catch (error) {
      panel.replaceChildren(
        element(
          'p',
          { class: 'notice', role: 'alert' },
          `This room did not open: ${String(error)}. Reload the page to try again.`,
        ),
      );
    }
  }

  /** Whoever is in view moves, all others rest. */
  function breathe(): void {
    for (const [id, { room }] of opened) {
      if (id === address.route.room && !document.hidden) room?.resume();
      else room?.pause();
    }
  }

  function view(): void {
    const { room, equation } = address.route;
    const entry = rooms.find(({ id }) => id === room)!;
    bar.show(room);
    if (!opened.has(room)) void open(entry);
    for (const [id, { panel }] of opened) panel.hidden = id !== room;
    equations.show(equation);
    document.title = `${entry.title} · spikegrad playground`;
    breathe();
  }

  document.addEventListener('visibilitychange', breathe);
  view();
}
