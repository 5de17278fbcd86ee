// What the ResNet room shows of a training: where it stands, its learning curve, the test images, firing rates and the
// membranes of one layer.

import type { EpochMetrics } from 'spikegrad';
import { element } from '../../parts/element';
import { percent } from '../../parts/reading';
import { readouts } from '../../parts/readouts';
import { gallery } from './gallery';
import { layerList } from './layers';
import { learningCurve } from './learning-curve';
import { membranes } from './membranes';
import type { Look, Ready, StepNews } from './messages';

export interface Views {
  readonly standing: HTMLElement;
  readonly images: HTMLElement;
  readonly inside: HTMLElement;
  begin(ready: Ready): void;
  step(news: StepNews): void;
  epoch(news: EpochMetrics): void;
  /** The training goes on, to another last step. */
  end(steps: number): void;
  look(look: Look): void;
  choose(layer: number): void;
  /** Draws what has changed; once a frame. */
  draw(): void;
}

export function resnetViews(onLayer: (layer: number) => void): Views {
  const numbers = readouts('Where the training stands', {
    step: 'Step',
    loss: 'Loss',
    accuracy: 'Test accuracy',
    rate: 'Images a second',
    backend: 'Backend',
  });
  const curve = learningCurve();
  const pictures = gallery();
  const rates = layerList(onLayer);
  const inside = membranes();
  let seen: Look | undefined;
  let [steps, at, layer] = [0, 0, 0];
  const stale = { curve: false, look: false, layer: false };

  const step = (done: number) => ({ text: `${done} of ${steps}`, value: done });
  const loss = (value: number | undefined) =>
    value === undefined ? { text: '–', value: '' } : { text: value.toFixed(3), value };
  const accuracy = (share: number | undefined) =>
    share === undefined ? { text: '–', value: '' } : { text: percent(share), value: share };

  return {
    standing: element('div', { class: 'standing' }, numbers.element, curve.element),
    images: element('div', { class: 'images' }, pictures.element, pictures.table),
    inside: element('div', { class: 'learning card' }, rates.element, ...inside.elements),
    begin(ready) {
      [steps, at] = [ready.steps, ready.step];
      numbers.show({
        step: step(ready.step),
        loss: loss(curve.begin(ready)),
        accuracy: accuracy(ready.history.at(-1)?.testAccuracy),
        rate: { text: '–', value: '' },
        backend: { text: ready.backend },
      });
      stale.curve = true;
    },
    step(news) {
      const { rate } = news;
      at = news.step;
      numbers.show({
        step: step(news.step),
        loss: loss(curve.step(news)),
        rate: { text: rate.toFixed(rate < 10 ? 1 : 0), value: rate },
      });
      stale.curve = true;
    },
    epoch(news) {
      curve.epoch(news);
      numbers.show({ accuracy: accuracy(news.testAccuracy) });
      stale.curve = true;
    },
    end(last) {
      steps = last;
      curve.end(last);
      numbers.show({ step: step(at) });
      stale.curve = true;
    },
    look(next) {
      seen = next;
      stale.look = stale.layer = true;
    },
    choose(next) {
      layer = next;
      rates.choose(next);
      stale.layer = true;
    },
    draw() {
      if (stale.curve) curve.draw();
      if (stale.look && seen !== undefined) {
        rates.show(seen.layers);
        pictures.show(seen);
      }
      const report = seen?.layers[layer];
      if (stale.layer && report !== undefined) inside.show(report);
      stale.curve = stale.look = stale.layer = false;
    },
  };
}
