// "Write your own": the equations beside their traces, compiled at each keystroke, with the laws that hold. Loaded when
// it is first opened.

import '../../../styles/own.css';
import type { Backend } from 'spikegrad';
import { eachFrame } from '../../../frame/each-frame';
import { choice } from '../../../parts/choice';
import { element } from '../../../parts/element';
import { Settings } from '../../../parts/settings';
import { inputControls } from '../controls';
import { inputCurrent } from '../input';
import { changed, type Gain, gains, type NeuronState } from '../state';
import type { ViewActions } from '../views';
import { carry } from './carry';
import { compile } from './compile';
import { constants } from './constants';
import { editor } from './editor';
import { lawClient } from './laws/client';
import { lawsView } from './laws/view';
import { runWritten } from './run';
import { sources } from './sources';
import { surrogateControl } from './surrogate';
import { ownViews } from './views';
import { fromJson, sound, toJson, type Written } from './written';
import { zoo } from './zoo';

export interface OwnContext extends Omit<ViewActions, 'onState'> {
  readonly backend: Backend;
  /** @param leap whether Back leads to the state before */
  onState(state: NeuronState, leap?: boolean): void;
  announce(text: string): void;
  /** The neuron is to learn in the Network room. */
  onNetwork(own: string): void;
}

/** What fills the three columns of the room. */
export interface OwnRoom {
  readonly side: HTMLElement;
  readonly over: readonly HTMLElement[];
  readonly learning: HTMLElement;
  show(state: NeuronState): void;
  moveCursor(step: number): void;
  showUndo(possible: boolean): void;
  focus(): void;
}

export function ownRoom(context: OwnContext): OwnRoom {
  const { state, backend } = context;
  let written = fromJson(state().own)!;
  let isSound = true;

  const set = (next: Written, leap = false) => context.onState(changed(state(), { own: toJson(next) }), leap);
  const fields = editor({
    onText: (equations) => set({ ...written, equations }),
    onConstant: (name) => set({ ...written, parameters: { ...written.parameters, [name]: 1 } }),
  });
  const take = (next: Written) =>
    context.onState(changed(state(), { own: toJson(next), gain: gainFor(next) }), true);
  const menu = sources(zoo, (entry) => take(entry.make()));
  const numbers = constants(() => written, set);
  const slope = surrogateControl(() => written, set);
  const input = inputControls(state(), (change) => context.onState(changed(state(), change)));
  const settings = new Settings(state(), (change: Partial<NeuronState>) =>
    context.onState(changed(state(), change)),
  );
  const gain = settings.bind('gain', (bound) =>
    choice({
      ...bound,
      label: 'times',
      values: gains,
      hint: {
        text: 'x is this many times the current that is drawn: a neuron in millivolts needs tens or hundreds.',
        equation: 'charge',
      },
    }),
  );
  const along = carry({
    now: () => written,
    onOpen: take,
    onNetwork: () => context.onNetwork(toJson(sound(written))),
    say: context.announce,
  });
  const views = ownViews(context);
  const laws = lawsView();
  const lawsOf = lawClient((news) => laws.show(news));

  const compute = eachFrame(() => {
    const now = state();
    const compiled = compile(written);
    fields.showMistake('mistake' in compiled ? compiled.mistake : undefined);
    views.showStale('mistake' in compiled);
    isSound = 'model' in compiled;
    numbers.show(written, isSound);
    laws.showStale('mistake' in compiled);
    if ('mistake' in compiled) {
      lawsOf.ask(undefined);
      return;
    }
    const run = runWritten(compiled.model, currentOf(now), backend);
    views.show(now, compiled.model, run);
    views.moveCursor(now.step);
    if (lawsOf.ask(toJson(sound(written)))) laws.wait();
    context.announce(`${run.events.length} spikes in ${now.T} time steps`);
  });

  /** The least gain with which the input of now makes it fire. */
  function gainFor(next: Written): Gain {
    const compiled = compile(next);
    if ('mistake' in compiled) return '1';
    const fires = (gain: string) =>
      runWritten(
        compiled.model,
        inputCurrent(state()).map((x) => x * Number(gain)),
        backend,
      ).events.length > 0;
    return (Object.keys(gains) as Gain[]).find(fires) ?? '1';
  }

  return {
    side: element(
      'form',
      { class: 'controls own-controls', 'aria-label': 'A neuron of your own' },
      menu.element,
      fields.element,
      numbers.element,
      slope.element,
      input.element,
      gain,
    ),
    over: [views.traces, views.table],
    learning: element('div', { class: 'learning card' }, laws.element, views.surrogate, along.element),
    show(next) {
      written = fromJson(next.own) ?? written;
      fields.show(written.equations);
      menu.show(toJson(written));
      numbers.show(written, isSound);
      slope.show(written);
      input.show(next);
      settings.show(next);
      along.show(written);
      compute();
    },
    moveCursor: (step) => views.moveCursor(step),
    showUndo: (possible) => views.showUndo(possible),
    focus: () => fields.focus(),
  };
}

const currentOf = (state: NeuronState): number[] => inputCurrent(state).map((x) => x * Number(state.gain));
