// The Neuron room: one neuron, its input, and what happens in it. A change of state is computed and shown within a
// frame.

import { createBackend } from 'spikegrad';
import { eachFrame } from '../../frame/each-frame';
import { defineRoom } from '../../frame/room';
import { choice } from '../../parts/choice';
import { element } from '../../parts/element';
import { experimentList } from '../../parts/experiments';
import { player } from '../../parts/player';
import { neuronControls } from './controls';
import { experiments } from './experiments';
import { chosen } from './input';
import type { OwnRoom } from './own';
import { FIRST } from './own/first';
import { curves, simulate } from './simulate';
import { changed, type NeuronState, neuronCodec } from './state';
import { membraneSpan, neuronViews } from './views';

/** What was drawn before: so many strokes can be undone. */
const STROKES = 100;

/** Time steps a second: fewer for those who asked for less motion. */
const RATE = matchMedia('(prefers-reduced-motion: reduce)').matches ? 2 : 5;

export const neuronRoom = defineRoom<NeuronState>({
  codec: neuronCodec,
  async open(host, { state: first, changed: tell, announce, lead }) {
    const backend = await createBackend({ backend: 'cpu', precision: 'f64' });
    let state = first;
    let strokes: Pick<NeuronState, 'input' | 'drawn'>[] = [];
    let own: OwnRoom | undefined;
    let opening: Promise<void> | undefined;
    let shown: 'paper' | 'own' | undefined;

    const compute = eachFrame(async () => {
      if (state.own !== '') return;
      const now = state;
      const simulation = await simulate(now, backend);
      views.show(now, simulation, curves(now, simulation.charged, membraneSpan(simulation), backend));
      describe(simulation.spikes, simulation.error);
    });
    const describe = (spikes: ArrayLike<number>, { before, after }: { before: number; after: number }) => {
      const fired = Array.from(spikes).reduce((sum, spike) => sum + spike, 0);
      announce(
        `${fired} spikes in ${spikes.length} time steps; quantization error ${before.toFixed(3)} before, ${after.toFixed(3)} after`,
      );
    };

    function take(next: NeuronState): void {
      state = next;
      time.show(state.step, state.T);
      switcher.show(state.own === '' ? 'paper' : 'own');
      if (state.own === '') {
        lay('paper');
        controls.show(state);
        compute();
      } else if (own === undefined) {
        opening ??= openOwn();
        void opening;
      } else {
        lay('own');
        own.show(state);
      }
    }
    async function openOwn(): Promise<void> {
      const { ownRoom } = await import('./own');
      own = ownRoom({
        ...actions,
        announce,
        onState: set,
        onNetwork: (text) =>
          lead(
            'network',
            new Map([
              ['own', text],
              ['networks', 'own'],
            ]),
          ),
      });
      own.showUndo(strokes.length > 0);
      take(state);
    }
    /** Puts the parts of one of the two into the room's columns. */
    function lay(which: 'paper' | 'own'): void {
      if (which === shown) return;
      shown = which;
      host.classList.toggle('own', which === 'own');
      const parts =
        which === 'own'
          ? { side: [own!.side], over: own!.over, learning: own!.learning }
          : {
              side: [tryThese, controls.element],
              over: [views.traces, views.table],
              learning: views.learning,
            };
      const [traces, ...rest] = parts.over;
      host.replaceChildren(
        element('div', { class: 'side' }, switcher.element, ...parts.side),
        element('div', { class: 'over-time card' }, traces!, time.element, ...rest),
        parts.learning,
      );
    }
    function set(next: NeuronState, leap = false): void {
      take(next);
      tell(state, leap);
    }
    function showUndo(possible: boolean): void {
      views.showUndo(possible);
      own?.showUndo(possible);
    }
    function keepStroke(): void {
      const { input, drawn } = state;
      strokes = [...strokes, { input, drawn }].slice(-STROKES);
      showUndo(true);
    }
    function undoStroke(): void {
      const before = strokes.pop();
      if (before !== undefined) set(changed(state, before));
      showUndo(strokes.length > 0);
    }
    host.addEventListener('keydown', (event) => {
      const { target } = event;
      const typing =
        target instanceof HTMLTextAreaElement ||
        (target instanceof HTMLInputElement && ['number', 'text'].includes(target.type));
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || typing || strokes.length === 0) return;
      event.preventDefault();
      undoStroke();
    });
    function moveTo(step: number): void {
      if (step === state.step) return;
      state = { ...state, step };
      time.show(step, state.T);
      views.moveCursor(step);
      own?.moveCursor(step);
      tell(state);
    }
    /** From the paper's neuron to one's own, and back; what was written is kept while the page is open. */
    function choose(which: 'paper' | 'own'): void {
      if (which === 'paper') kept = state.own;
      set(changed(state, { own: which === 'paper' ? '' : (kept ?? FIRST) }), true);
    }

    let kept: string | undefined;
    const actions = {
      state: () => state,
      onState: (next: NeuronState) => set(next),
      onStep: moveTo,
      onStroke: keepStroke,
      onUndo: undoStroke,
    };
    const switcher = choice<'paper' | 'own'>({
      label: 'Neuron',
      values: { paper: 'LIF and MPR', own: 'Write your own' },
      value: 'paper',
      hint: {
        text: 'The neuron of the paper by its sliders, or any neuron by its equations: type them, and watch every value that they assign.',
        equation: 'charge',
      },
      onInput: choose,
    });
    switcher.element.classList.add('switch');
    const controls = neuronControls(first, (change) => set(chosen(state, change)));
    const views = neuronViews(actions);
    const time = player({ rate: RATE, onStep: moveTo });
    const tryThese = experimentList(experiments, (change) => set(changed(neuronCodec.initial, change), true));
    take(first);
    return {
      show: take,
      pause: () => time.pause(),
      resume: () => time.resume(),
    };
  },
});
