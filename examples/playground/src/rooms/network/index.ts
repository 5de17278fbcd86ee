// The Network room: spiking networks that learn points in the plane, in a worker, with MPR and without side by side.

import { eachFrame } from '../../frame/each-frame';
import { snap } from '../../frame/fields';
import { defineRoom } from '../../frame/room';
import { element } from '../../parts/element';
import { experimentList } from '../../parts/experiments';
import { transport } from '../../parts/transport';
import { undo } from '../../parts/undo';
import { FIRST } from '../neuron/own/first';
import { withLearnt } from '../neuron/own/written';
import { pageClient, workerClient } from './client';
import { networkControls } from './controls';
import { experiments } from './experiments';
import type { Snapshot } from './messages';
import { Session } from './session';
import { changed, type NetworkState, networkCodec, ranges, trainAlike } from './state';
import { lossesInWords, networkViews } from './views';

const NOTHING = { steps: 0, at: 0 };
/** Milliseconds. */
const MOMENT = 5000;

export const networkRoom = defineRoom<NetworkState>({
  codec: networkCodec,
  async open(host, { state: first, changed: tell, announce, lead }) {
    let state = first;
    let snapshot: Snapshot | undefined;
    let last = NOTHING;
    /**
     * Steps that were offered back a moment ago: while a slider moves and training plays, they are not to be forgotten.
     */
    const offered = () => (performance.now() - last.at < MOMENT ? last.steps : 0);
    /** Where one column is all there is, it stays in sight. */
    const lossesNow = element('p', { class: 'losses-now', 'aria-hidden': 'true' });
    const problem = element('p', { class: 'notice', role: 'alert', hidden: true });

    const draw = eachFrame(() => {
      if (snapshot === undefined) return;
      views.show(state, snapshot);
      lossesNow.textContent = lossesInWords(snapshot);
      drive.showProgress(
        snapshot.step < state.steps ? `step ${snapshot.step} of ${state.steps}` : `step ${snapshot.step}`,
      );
    });
    const move = eachFrame(() => views.movePoint(state));

    const session = new Session('Worker' in globalThis ? workerClient() : await pageClient(), {
      onSnapshot(next) {
        snapshot = next;
        problem.hidden = true;
        if (next.step > state.steps) {
          state = { ...state, steps: next.step };
          tell(state);
        }
        draw();
        announce(lossesInWords(next));
      },
      onPlaying: (playing) => drive.showPlaying(playing),
      onProblem(text) {
        problem.textContent = `The training stopped: ${text}. Reset starts it again.`;
        problem.hidden = false;
      },
    });

    function take(next: NetworkState): void {
      state = next;
      controls.show(state);
      session.aim(state, state.steps, state.speed);
      draw();
    }
    function set(change: Partial<NetworkState>, from = state, leap = false): void {
      const before = state;
      const next = changed(from, change);
      // what is trained anew can be trained again as far as it was: the numbers follow from the state
      const lost = before.steps > offered() && (next.steps < before.steps || !trainAlike(before, next));
      take(next);
      tell(state, leap);
      if (lost) {
        last = { steps: before.steps, at: performance.now() };
        put.offer(`The networks started over at step 0. They were at step ${before.steps}.`, 'Undo', () => {
          session.play(false);
          last = NOTHING;
          set(before, before, true);
        });
      }
    }
    function pointAt(x: number, y: number): void {
      const place = { x: snap(x, ranges.x), y: snap(y, ranges.y) };
      if (place.x === state.x && place.y === state.y) return;
      state = { ...state, ...place };
      controls.show(state);
      move();
      tell(state);
    }

    const put = undo();
    const controls = networkControls(first, set, () =>
      lead('neuron', new Map([['own', state.own || FIRST]])),
    );
    const views = networkViews({ onPoint: pointAt, onNeuron: (neuron) => set({ neuron }) }, (learned) =>
      lead('neuron', new Map([['own', withLearnt(state.own || FIRST, learned)]])),
    );
    const drive = transport({
      onPlay: (playing) => session.play(playing),
      onStep: () => set({ steps: Math.min(ranges.steps.max, state.steps + 1) }),
      onReset: () => set({ steps: 0 }),
    });
    const tryThese = experimentList(experiments, (change) => set(change, networkCodec.initial, true));
    host.append(
      element('div', { class: 'side' }, tryThese, controls.element),
      element(
        'div',
        { class: 'trained card' },
        problem,
        put.element,
        element('div', { class: 'drive' }, drive.element, controls.speed),
        views.networks,
      ),
      views.progress,
      lossesNow,
    );
    take(first);
    return {
      show: take,
      pause: () => session.pause(),
      resume: () => session.resume(),
    };
  },
});
