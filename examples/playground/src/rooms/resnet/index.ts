// The ResNet room: a spiking ResNet20 trains in a worker on drawn images or the reader's CIFAR-10 files, and shows
// what goes on in it. A change of most settings starts the training over; the one before is kept, so that the reader
// can go back.

import { eachFrame } from '../../frame/each-frame';
import { defineRoom } from '../../frame/room';
import { download } from '../../parts/download';
import { element } from '../../parts/element';
import { experimentList } from '../../parts/experiments';
import { undo } from '../../parts/undo';
import { actions, type Standing } from './actions';
import { resnetControls } from './controls';
import { evaluated } from './evaluated';
import { experiments } from './experiments';
import { files } from './files';
import type { Wish } from './messages';
import { stateWith } from './settings';
import { goesOn, type ResNetState, resnetCodec } from './state';
import { Training } from './training';
import { resnetViews } from './views';
import { describe, describePace } from './words';

const CIFAR = 'https://www.cs.toronto.edu/~kriz/cifar.html';
/** A slider's way is not trained along, only where it rests. */
const REST = 350;
const AT_REST = { word: '', busy: false };
const EVALUATING = { word: 'evaluating in integers …', busy: true };
const STARTING = { word: 'starting …', busy: true };
/** How often it is said what a training that plays is at. */
const PULSE = 500;

export const resnetRoom = defineRoom<ResNetState>({
  codec: resnetCodec,
  open(host, { state: first, changed: tell, announce }) {
    let state = first;
    let images: readonly File[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** The states of trainings, by what they were begun with; and the one in place. */
    const states = new Map<Wish, ResNetState>();
    let inPlace: Wish | undefined;
    /** Whether a training starts that is to take its place. */
    let pending = false;
    /** Whether it has done steps that no file holds. */
    let unsaved = false;
    let pace = { step: 0, steps: 0, rate: 0 };
    let heard = 0;
    const standing = {
      network: 'starting' as Standing['network'],
      playing: false,
      done: false,
      evaluating: false,
    };
    const draw = eachFrame(() => views.draw());

    const alert = element('p', { class: 'notice', role: 'alert', hidden: true });
    const warn = (text: string | undefined) => {
      alert.textContent = text ?? '';
      alert.hidden = text === undefined;
    };
    const facts = element('p', { class: 'facts' });
    const integers = evaluated();

    const training = new Training({
      onReady(ready, wish) {
        const { former } = training;
        const kept = states.get(wish);
        if (kept !== undefined) take({ ...kept, layer: state.layer });
        else if (wish.checkpoint !== undefined) take(stateWith(state, ready.settings, ready.train));
        else if (wish.files !== images) take({ ...state, source: 'cifar10' });
        [inPlace, pending] = [wish, false];
        states.set(wish, state);
        for (const one of states.keys()) if (one !== wish && one !== former) states.delete(one);
        images = wish.files;
        warn(ready.note);
        pace = { step: ready.step, steps: ready.steps, rate: 0 };
        unsaved = kept !== undefined || former !== undefined;
        if (former !== undefined) {
          put.offer(
            kept !== undefined
              ? 'This is the training before, where it stood. The other one is kept.'
              : 'The training started over. The one before is kept, where it stood.',
            'Go back to it',
            () => training.back(),
          );
        } else put.withdraw();
        Object.assign(standing, { network: 'ready', done: ready.step >= ready.steps, evaluating: false });
        integers.show();
        views.begin(ready);
        facts.textContent = describe(ready);
        if (wish.checkpoint !== undefined) {
          announce(`${wish.checkpoint.name} is open, at step ${ready.step} of ${ready.steps}`);
        }
        tellFiles();
        refresh();
      },
      onNews(news) {
        heard = performance.now();
        if (news.news === 'step') {
          views.step(news.step);
          pace = { ...pace, step: news.step.step, rate: news.step.rate };
          unsaved = true;
        } else if (news.news === 'epoch') {
          views.epoch(news.epoch);
          const { epoch, trainLoss, testAccuracy = 0 } = news.epoch;
          announce(
            `Epoch ${epoch + 1}: loss ${trainLoss.toFixed(3)}, test accuracy ${(100 * testAccuracy).toFixed(0)} %`,
          );
        } else if (news.news === 'look') views.look(news.look);
        else if (news.news === 'saved') {
          download(news.bytes, `resnet20-step${news.step}.safetensors`);
          unsaved = training.former !== undefined;
        } else if (news.news === 'retuned') {
          pace = { ...pace, steps: news.steps };
          views.end(news.steps);
          standing.done = news.done;
        } else if (news.news === 'rested') standing.done = news.done;
        else {
          standing.evaluating = false;
          warn(news.news === 'refused' ? news.text : undefined);
          if (news.news === 'integers') integers.show(news.integers);
        }
        refresh();
      },
      onFailure(text, wish) {
        pending = standing.evaluating = false;
        warn(wish === undefined ? `The training stopped: ${text}` : text);
        if (wish === undefined || standing.network === 'starting') standing.network = 'none';
        tellFiles();
        refresh();
      },
      onPlaying(playing) {
        standing.playing = playing;
        heard = performance.now();
        refresh();
      },
    });

    const stateInPlace = () => (inPlace === undefined ? undefined : states.get(inPlace));
    const stateBefore = () => (training.former === undefined ? undefined : states.get(training.former));
    const leadsTo = (from: ResNetState | undefined, to: ResNetState) =>
      from !== undefined && goesOn(from, to);
    function refresh(): void {
      const silent = performance.now() - heard;
      const batch = stateInPlace()?.batch ?? state.batch;
      const at = pending
        ? STARTING
        : standing.evaluating
          ? EVALUATING
          : standing.playing
            ? describePace({ ...pace, batch, silent })
            : AT_REST;
      buttons.show({ ...standing, ...at });
      draw();
    }
    function tellFiles(): void {
      const names = images.map(({ name }) => name).join(', ');
      if (images.length > 0) own.say(`${names}, read in this browser.`);
      else if (state.source === 'cifar10')
        own.say(
          'Choose or drop data_batch_1.bin or others of ',
          element('a', { href: CIFAR }, 'CIFAR-10’s binary version'),
          '; drawn shapes stand in until then.',
        );
      else own.say('Or drop files here. They stay on this computer.');
    }
    /** What can be trained now: without files, the drawn shapes stand in for them. */
    const wish = (): Wish => ({
      state: images.length > 0 ? state : { ...state, source: 'shapes' },
      files: images,
    });
    function begin(delay = 0): void {
      if (standing.network === 'none') standing.network = 'starting';
      pending = true;
      clearTimeout(timer);
      timer = setTimeout(() => training.begin(wish()), delay);
      refresh();
    }
    /** @param file absent for the network in place */
    function evaluate(file?: File): void {
      if (standing.network !== 'ready') warn('There is no network beside it yet: open the file again.');
      else {
        standing.evaluating = true;
        training.evaluateIntegers(file);
        refresh();
      }
    }
    function take(next: ResNetState): void {
      state = next;
      controls.show(state);
      views.choose(state.layer);
      tell(state);
      refresh();
    }

    const own = files(host, {
      onImages(chosen) {
        clearTimeout(timer);
        pending = true;
        training.begin({ state: { ...state, source: 'cifar10' }, files: chosen });
      },
      onCheckpoint(checkpoint) {
        clearTimeout(timer);
        pending = true;
        training.play(false);
        training.begin({ ...wish(), checkpoint });
      },
      onCompiled: evaluate,
    });
    /** To another state: the training in place goes on, one before comes back, or a new one begins. */
    function move(next: ResNetState, delay: number): void {
      const last = state;
      take(next);
      tellFiles();
      if (pending || inPlace === undefined || !goesOn(last, next)) begin(delay);
      else {
        states.set(inPlace, next);
        if (last.lr !== next.lr || last.epochs !== next.epochs) training.retune(next.lr, next.epochs);
      }
    }
    function set(change: Partial<ResNetState>): void {
      move({ ...state, ...change }, REST);
    }
    function leap(change: Partial<ResNetState>): void {
      const next = { ...resnetCodec.initial, ...change };
      tell(next, true);
      take(next);
      tellFiles();
      begin(REST);
    }
    const controls = resnetControls(first, own.images, set);
    const tryThese = experimentList(experiments, leap);
    const put = undo();
    const views = resnetViews((layer) => take({ ...state, layer }));
    const buttons = actions(own.checkpoint, {
      onPlay: (playing) => training.play(playing),
      onStep: () => training.step(),
      onReset() {
        training.play(false);
        begin();
      },
      onIntegers: () => evaluate(),
      onSave: () => training.save(),
    });
    host.append(
      element('div', { class: 'side' }, tryThese, controls.element),
      element(
        'div',
        { class: 'training card' },
        alert,
        put.element,
        buttons.element,
        views.standing,
        facts,
        integers.element,
        views.images,
      ),
      views.inside,
    );
    controls.show(state);
    views.choose(state.layer);
    tellFiles();
    refresh();
    begin();
    setInterval(() => {
      if (standing.playing) refresh();
    }, PULSE);
    addEventListener('beforeunload', (event) => {
      if (unsaved) event.preventDefault();
    });
    return {
      show(next) {
        if (pending && leadsTo(stateInPlace(), next) && training.stay()) {
          clearTimeout(timer);
          pending = false;
          take(next);
        } else if (!goesOn(state, next) && leadsTo(stateBefore(), next)) {
          clearTimeout(timer);
          training.back();
        } else move(next, 0);
      },
      pause: () => training.setInView(false),
      resume: () => training.setInView(true),
    };
  },
});
