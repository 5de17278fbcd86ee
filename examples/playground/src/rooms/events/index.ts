// The Events room: a recording of an event camera, played frame by frame, and what a small network takes it for. A
// simulated bar is there at first; any recording can be dropped.

import type { EventStream } from 'spikegrad';
import { defineRoom } from '../../frame/room';
import { choice } from '../../parts/choice';
import { element } from '../../parts/element';
import { player } from '../../parts/player';
import { slider } from '../../parts/slider';
import { recordingChooser } from './files';
import { type Film, film, sizeOf } from './film';
import type { News, Order } from './messages';
import { DIRECTION_NAMES, type EventsState, eventsCodec, ranges } from './state';
import { verdict } from './verdict';

const RATE = matchMedia('(prefers-reduced-motion: reduce)').matches ? 2 : 20;
const names = Object.fromEntries(DIRECTION_NAMES.map((name) => [name, name])) as Record<
  EventsState['bar'],
  string
>;

export const eventsRoom = defineRoom<EventsState>({
  codec: eventsCodec,
  async open(host, { state: first, changed: tell, announce }) {
    let state = first;
    let events: EventStream | undefined;
    let shown: Film | undefined;
    let frame = 0;
    let waiting = 0;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const problem = element('p', { class: 'notice', role: 'alert', hidden: true });
    const facts = element('p', { class: 'facts' });
    const screen = element('div', { class: 'screen' });
    const judged = verdict();
    const several = element('div', { hidden: true });
    let count = 1;
    const time = player({ rate: RATE, onStep: moveTo });

    function moveTo(step: number): void {
      if (shown === undefined) return;
      frame = Math.min(step, shown.frames - 1);
      shown.show(frame);
      time.show(frame, shown.frames);
    }
    function cut(): void {
      if (events === undefined) return;
      shown = film(events, state.span);
      screen.replaceChildren(shown.canvas);
      moveTo(Math.min(frame, shown.frames - 1));
    }
    function ask(order: Order, what: string): void {
      waiting++;
      problem.hidden = true;
      facts.textContent = `Reading ${what}…`;
      judged.wait('');
      frame = 0;
      worker.postMessage(order, order.order === 'open' ? { transfer: [order.bytes.buffer] } : {});
    }
    const openFile = (bytes: Uint8Array, name: string) => {
      count = 0; // another file: the first of its recordings, however many the last one had
      ask({ order: 'open', bytes }, name);
    };
    const simulate = () =>
      ask({ order: 'simulate', direction: DIRECTION_NAMES.indexOf(state.bar) }, 'a simulated bar');

    worker.addEventListener('message', ({ data }: MessageEvent<News>) => {
      if (data.news === 'events') {
        events = data.events;
        facts.textContent = inWords(events);
        if (data.count !== count) offer(data.count);
        judged.wait('The network has not seen it yet.');
        cut();
        announce(facts.textContent);
      } else if (data.news === 'learning') {
        judged.wait(`The network is learning: step ${data.step} of ${data.steps}.`);
      } else {
        waiting--;
        if (data.news === 'failed') fail(data.text);
        else if (data.news === 'sound') judged.wait('A sound: there is nothing in it that moves.');
        else if (waiting === 0) announce(judged.show(data.shares, data.tested));
      }
    });
    /** Which recording of a file with several, counted from 1 as people do. */
    function offer(recordings: number): void {
      count = recordings;
      several.hidden = count === 1;
      const which = slider({
        label: 'Recording',
        range: { min: 1, max: Math.max(2, count), step: 1 },
        value: 1,
        hint: { text: `The file has ${count.toLocaleString('en-US')}.` },
        onInput: (value) => ask({ order: 'recording', index: value - 1 }, `recording ${value}`),
      });
      several.replaceChildren(which.element);
    }
    worker.addEventListener('error', () => fail('its reader did not load'));
    function fail(text: string): void {
      facts.textContent = events === undefined ? '' : inWords(events);
      problem.textContent = `The recording was not read: ${text}.`;
      problem.hidden = false;
    }

    function take(next: EventsState): void {
      const [barBefore, spanBefore] = [state.bar, state.span];
      state = next;
      bar.show(state.bar);
      span.show(state.span);
      if (state.bar !== barBefore) simulate();
      else if (state.span !== spanBefore) cut();
    }
    const set = (change: Partial<EventsState>) => {
      take({ ...state, ...change });
      tell(state);
    };
    const bar = choice<EventsState['bar']>({
      label: 'Simulated bar moves',
      values: names,
      value: state.bar,
      hint: { text: 'A bar that crosses 34x34 pixels, as an event camera would see it.' },
      onInput: (value) => set({ bar: value }),
    });
    const span = slider({
      label: 'Frame, ms',
      range: ranges.span,
      value: state.span,
      hint: { text: 'Events of so many milliseconds are one picture.' },
      onInput: (value) => set({ span: value }),
    });
    const open = recordingChooser(host, async (file) =>
      openFile(new Uint8Array(await file.arrayBuffer()), file.name),
    );
    const formats = element(
      'p',
      { class: 'file-note' },
      'AEDAT 2, 3.1 and 4, .dat, N-MNIST’s .bin, .npz of SpikingJelly, HDF5 of SHD and DVS Gesture. Or drop it here; it stays in this browser.',
    );
    host.append(
      element('div', { class: 'side' }, open, formats, several, bar.element, span.element),
      element('div', { class: 'recording card' }, problem, facts, screen, time.element),
      judged.element,
    );
    simulate();
    return { show: take, pause: () => time.pause(), resume: () => time.resume() };
  },
});

function inWords(events: EventStream): string {
  const { length, polarity, time } = events;
  let [first, last, on] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < length; i++) {
    first = Math.min(first, time[i]!);
    last = Math.max(last, time[i]!);
    on += polarity[i]!;
  }
  const { width, height } = sizeOf(events);
  const seconds = (last - first) / 1e6;
  const where = height === 1 ? `${width} channels` : `${width}x${height} pixels`;
  return `${length.toLocaleString('en-US')} events in ${seconds.toPrecision(3)} s on ${where}, ${Math.round((100 * on) / length)} % of them ON.`;
}
