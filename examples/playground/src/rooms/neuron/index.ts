// The Neuron room: one neuron, its input, and what happens in it. A change of state is computed and shown within a
// frame.

import { createBackend } from 'spikegrad';
import { eachFrame } from '../../frame/each-frame';
import { defineRoom } from '../../frame/room';
import { element } from '../../parts/element';
import { experimentList } from '../../parts/experiments';
import { player } from '../../parts/player';
import { neuronControls } from './controls';
import { experiments } from './experiments';
import { chosen } from './input';
import { curves, simulate } from './simulate';
import { changed, type NeuronState, neuronCodec } from './state';
import { membraneSpan, neuronViews } from './views';

/** What was drawn before: so many strokes can be undone. */
const STROKES = 100;

/** Time steps a second: fewer for those who asked for less motion. */
const RATE = matchMedia('(prefers-reduced-motion: reduce)').matches ? 2 : 5;

export const neuronRoom = defineRoom<NeuronState>({
  codec: neuronCodec,
  async open(host, { state: first, changed: tell, announce }) {
    const backend = await createBackend({ backend: 'cpu', precision: 'f64' });
    let state = first;
    let strokes: Pick<NeuronState, 'input' | 'drawn'>[] = [];

    const compute = eachFrame(async () => {
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
      controls.show(state);
      time.show(state.step, state.T);
      compute();
    }
    function set(next: NeuronState, leap = false): void {
      take(next);
      tell(state, leap);
    }
    function keepStroke(): void {
      const { input, drawn } = state;
      strokes = [...strokes, { input, drawn }].slice(-STROKES);
      views.showUndo(true);
    }
    function undoStroke(): void {
      const before = strokes.pop();
      if (before !== undefined) set(changed(state, before));
      views.showUndo(strokes.length > 0);
    }
    host.addEventListener('keydown', (event) => {
      const typing = event.target instanceof HTMLInputElement && event.target.type === 'number';
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || typing || strokes.length === 0) return;
      event.preventDefault();
      undoStroke();
    });
    function moveTo(step: number): void {
      if (step === state.step) return;
      state = { ...state, step };
      time.show(step, state.T);
      views.moveCursor(step);
      tell(state);
    }

    const controls = neuronControls(first, (change) => set(chosen(state, change)));
    const views = neuronViews({
      state: () => state,
      onState: set,
      onStep: moveTo,
      onStroke: keepStroke,
      onUndo: undoStroke,
    });
    const time = player({ rate: RATE, onStep: moveTo });
    const tryThese = experimentList(experiments, (change) => set(changed(neuronCodec.initial, change), true));
    host.append(
      element('div', { class: 'side' }, tryThese, controls.element),
      element('div', { class: 'over-time card' }, views.traces, time.element, views.table),
      views.learning,
    );
    take(first);
    return {
      show: take,
      pause: () => time.pause(),
      resume: () => time.resume(),
    };
  },
});
