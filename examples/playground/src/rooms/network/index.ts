// The Network room: spiking networks that learn points in the plane, in a worker, with MPR and without side by side.

import { eachFrame } from '../../frame/each-frame';
import { snap } from '../../frame/fields';
import { defineRoom } from '../../frame/room';
import { element } from '../../parts/element';
import { experimentList } from '../../parts/experiments';
import { transport } from '../../parts/transport';
import { pageClient, workerClient } from './client';
import { networkControls } from './controls';
import { experiments } from './experiments';
import type { Snapshot } from './messages';
import { Session } from './session';
import { changed, type NetworkState, networkCodec, ranges } from './state';
import { lossesInWords, networkViews } from './views';

export const networkRoom = defineRoom<NetworkState>({
  codec: networkCodec,
  async open(host, { state: first, changed: tell, announce }) {
    let state = first;
    let snapshot: Snapshot | undefined;
    const problem = element('p', { class: 'notice', role: 'alert', hidden: true });

    const draw = eachFrame(() => {
      if (snapshot === undefined) return;
      views.show(state, snapshot);
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
    function set(change: Partial<NetworkState>, from = state): void {
      take(changed(from, change));
      tell(state);
    }
    function pointAt(x: number, y: number): void {
      const place = { x: snap(x, ranges.x), y: snap(y, ranges.y) };
      if (place.x === state.x && place.y === state.y) return;
      state = { ...state, ...place };
      controls.show(state);
      move();
      tell(state);
    }

    const controls = networkControls(first, set);
    const views = networkViews({ onPoint: pointAt, onNeuron: (neuron) => set({ neuron }) });
    const drive = transport({
      onPlay: (playing) => session.play(playing),
      onStep: () => set({ steps: Math.min(ranges.steps.max, state.steps + 1) }),
      onReset: () => set({ steps: 0 }),
    });
    const tryThese = experimentList(experiments, (change) => set(change, networkCodec.initial));
    host.append(
      element('div', { class: 'side' }, controls.element, tryThese),
      element(
        'div',
        { class: 'trained card' },
        problem,
        element('div', { class: 'drive' }, drive.element, controls.speed),
        views.networks,
      ),
      views.progress,
    );
    take(first);
    return {
      show: take,
      pause: () => session.pause(),
      resume: () => session.resume(),
    };
  },
});
