// "Write your own": the equations beside their traces, compiled at each keystroke, with the laws that hold. Loaded when
// it is first opened.

import '../../../styles/own.css';
import { eachFrame } from '../../../frame/each-frame';
import { choice } from '../../../parts/choice';
import { element } from '../../../parts/element';
import { Settings } from '../../../parts/settings';
import { inputControls } from '../controls';
import { inputCurrent } from '../input';
import { changed, type Gain, gains, type NeuronState } from '../state';
import type { ViewActions } from '../views';
import { besideControl } from './beside';
import { carry } from './carry';
import { constants } from './constants';
import { editor } from './editor';
import { formControl } from './form';
import { lawsView } from './laws-view';
import { sources } from './sources';
import { startControl } from './start';
import { studio } from './studio/client';
import type { Mistake } from './studio/messages';
import { surrogateControl } from './surrogate';
import { ownViews } from './views';
import { fromJson, sound, toJson, type Written } from './written';

export interface OwnContext extends Omit<ViewActions, 'onState'> {
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
  const { state } = context;
  let written = fromJson(state().own)!;
  let isSound = true;

  const set = (next: Written, leap = false) => context.onState(changed(state(), { own: toJson(next) }), leap);
  const now = () => written;
  const problem = element('p', { class: 'notice', role: 'alert', hidden: true });
  const onConstant = (name: string) => set({ ...written, parameters: { ...written.parameters, [name]: 1 } });
  const fields = editor({ onText: (equations) => set({ ...written, equations }), onConstant });
  const beside = besideControl(now, set, onConstant);
  const start = startControl(now, set);
  const form = formControl({
    now,
    ask: (own) => work.difference(own),
    onChange: (next) => set(next, true),
  });
  const menu = sources(({ own, gain }) =>
    context.onState(changed(state(), { own, gain: String(gain) as Gain }), true),
  );
  const numbers = constants(now, set);
  const slope = surrogateControl(now, set);
  const input = inputControls(state(), (change) => context.onState(changed(state(), change)));
  const settings = new Settings(state(), (change: Partial<NeuronState>) =>
    context.onState(changed(state(), change)),
  );
  const gain = settings.bind('gain', (bound) =>
    choice({
      ...bound,
      label: 'X times',
      values: gains,
      hint: {
        text: 'x is this many times the current X that is drawn: a neuron in millivolts needs tens or hundreds.',
        equation: 'charge',
      },
    }),
  );
  const along = carry({
    now,
    onOpen: (next) => set(next, true),
    onNetwork: () => context.onNetwork(toJson(sound(written))),
    say: context.announce,
  });
  const views = ownViews(context);
  const laws = lawsView();
  const explained = element('pre');
  const asComputed = element(
    'details',
    { class: 'explained' },
    element('summary', {}, 'What the library makes of it'),
    explained,
  );
  const work = studio({
    onOffer({ zoo, surrogates }) {
      menu.fill(zoo);
      slope.fill(surrogates);
    },
    onRun(next) {
      judge(true);
      views.show(state(), next);
      views.moveCursor(state().step);
      explained.textContent = next.explained;
      along.showFires(next.slope !== undefined);
      if (work.laws(toJson(sound(written)))) laws.wait();
      context.announce(`${next.events.length} spikes in ${state().T} time steps`);
    },
    onMistake(mistake) {
      judge(false);
      showMistake(mistake);
    },
    onLaws: laws.show,
    onDifference: form.take,
    onProblem(text) {
      problem.textContent = `The compiler stopped: ${text}. Reload the page to start it again.`;
      problem.hidden = false;
    },
  });

  /** Whether the equations can be read: what is shown besides them is of older ones where not. */
  function judge(can: boolean): void {
    isSound = can;
    if (can) showMistake(undefined);
    views.showStale(!can);
    laws.showStale(!can);
    numbers.show(written, isSound);
    form.show(written, isSound);
  }

  /** Where it stands: in the equations, or in what stands beside them. */
  function showMistake(mistake: Mistake | undefined): void {
    fields.showMistake(mistake?.beside === undefined ? mistake : undefined);
    beside.showMistake(mistake);
  }

  const compute = eachFrame(() => work.run(toJson(written), currentOf(state())));

  return {
    side: element(
      'form',
      { class: 'controls own-controls', 'aria-label': 'A neuron of your own' },
      element(
        'div',
        { class: 'own-top' },
        problem,
        menu.element,
        fields.element,
        beside.element,
        start.element,
        form.element,
        asComputed,
      ),
      element(
        'div',
        { class: 'own-bottom' },
        numbers.element,
        slope.element,
        element('div', {}, input.element, gain),
      ),
    ),
    over: [views.traces, views.table],
    learning: element('div', { class: 'learning card' }, laws.element, views.surrogate, along.element),
    show(next) {
      written = fromJson(next.own) ?? written;
      fields.show(written.equations);
      beside.show(written);
      start.show(written);
      form.show(written, isSound);
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
