// The ResNet room: a spiking ResNet20 trains in a worker on drawn images or the reader's CIFAR-10 files, and shows what goes
// on in it. A change of settings starts the training over.

import { eachFrame } from '../../frame/each-frame';
import { defineRoom } from '../../frame/room';
import { download } from '../../parts/download';
import { element } from '../../parts/element';
import { experimentList } from '../../parts/experiments';
import { actions, type Standing } from './actions';
import { resnetControls } from './controls';
import { experiments } from './experiments';
import { files } from './files';
import type { Wish } from './messages';
import { stateWith } from './settings';
import { type ResNetState, resnetCodec } from './state';
import { Training } from './training';
import { resnetViews } from './views';
import { describe } from './words';

const CIFAR = 'https://www.cs.toronto.edu/~kriz/cifar.html';
/** A slider's way is not trained along, only where it rests. */
const REST = 350;

export const resnetRoom = defineRoom<ResNetState>({
  codec: resnetCodec,
  open(host, { state: first, changed: tell, announce }) {
    let state = first;
    let images: readonly File[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const standing = { network: 'starting' as Standing['network'], playing: false, done: false };
    const draw = eachFrame(() => views.draw());

    const alert = element('p', { class: 'notice', role: 'alert', hidden: true });
    const warn = (text: string | undefined) => {
      alert.textContent = text ?? '';
      alert.hidden = text === undefined;
    };
    const facts = element('p', { class: 'facts' });

    const training = new Training({
      onReady(ready, wish) {
        if (wish.checkpoint !== undefined) take(stateWith(state, ready.settings, ready.train));
        else if (wish.files !== images) take({ ...state, source: 'cifar10' });
        images = wish.files;
        warn(ready.note);
        Object.assign(standing, { network: 'ready', done: ready.step >= ready.steps });
        views.begin(ready);
        facts.textContent = describe(ready);
        if (wish.checkpoint !== undefined) {
          announce(`${wish.checkpoint.name} is open, at step ${ready.step} of ${ready.steps}`);
        }
        tellFiles();
        refresh();
      },
      onNews(news) {
        if (news.news === 'step') views.step(news.step);
        else if (news.news === 'epoch') {
          views.epoch(news.epoch);
          const { epoch, trainLoss, testAccuracy = 0 } = news.epoch;
          announce(
            `Epoch ${epoch + 1}: loss ${trainLoss.toFixed(3)}, test accuracy ${(100 * testAccuracy).toFixed(0)} %`,
          );
        } else if (news.news === 'look') views.look(news.look);
        else if (news.news === 'saved') download(news.bytes, `resnet20-step${news.step}.safetensors`);
        else standing.done = news.done;
        refresh();
      },
      onFailure(text, wish) {
        warn(wish === undefined ? `The training stopped: ${text}` : text);
        if (wish === undefined || standing.network === 'starting') standing.network = 'none';
        tellFiles();
        refresh();
      },
      onPlaying(playing) {
        standing.playing = playing;
        refresh();
      },
    });

    function refresh(): void {
      buttons.show(standing);
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
      clearTimeout(timer);
      timer = setTimeout(() => training.begin(wish()), delay);
      refresh();
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
        training.begin({ state: { ...state, source: 'cifar10' }, files: chosen });
      },
      onCheckpoint(checkpoint) {
        clearTimeout(timer);
        training.play(false);
        training.begin({ ...wish(), checkpoint });
      },
    });
    function set(change: Partial<ResNetState>, from = state): void {
      take({ ...from, ...change });
      tellFiles();
      begin(REST);
    }
    const controls = resnetControls(first, own.images, set);
    const tryThese = experimentList(experiments, (change) => set(change, resnetCodec.initial));
    const views = resnetViews((layer) => take({ ...state, layer }));
    const buttons = actions(own.checkpoint, {
      onPlay: (playing) => training.play(playing),
      onStep: () => training.step(),
      onReset() {
        training.play(false);
        begin();
      },
      onSave: () => training.save(),
    });
    host.append(
      element('div', { class: 'side' }, controls.element, tryThese),
      element('div', { class: 'training card' }, alert, buttons.element, views.standing, facts, views.images),
      views.inside,
    );
    controls.show(state);
    views.choose(state.layer);
    tellFiles();
    refresh();
    begin();
    return {
      show(next) {
        const { layer: _, ...training } = next;
        const same = Object.entries(training).every(
          ([name, value]) => state[name as keyof ResNetState] === value,
        );
        take(next);
        if (!same) begin();
      },
      pause: () => training.setInView(false),
      resume: () => training.setInView(true),
    };
  },
});
