// What the ResNet room shows of a training: where it stands, its learning curve, the test images, firing rates and the
// membranes of one layer.

import type { EpochMetrics } from 'spikegrad';
import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { histogram } from '../../parts/histogram';
import { type ProgressPoint, progressChart } from '../../parts/progress-chart';
import { reading } from '../../parts/reading';
import { readouts } from '../../parts/readouts';
import { gallery } from './gallery';
import { layerList, shortName } from './layers';
import type { Look, Ready, StepNews } from './messages';

/** Of every LIF layer of the network. */
const THRESHOLD = 0.5;
/** Steps over which the loss is averaged. */
const MEAN_OVER = 10;

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const about = (what: string, text: string, equation: Parameters<typeof hint>[1]['equation']) =>
  hint(what, { text, equation }).element;

export interface Views {
  readonly progress: HTMLElement;
  readonly images: HTMLElement;
  readonly inside: HTMLElement;
  begin(ready: Ready): void;
  step(news: StepNews): void;
  epoch(news: EpochMetrics): void;
  look(look: Look): void;
  choose(layer: number): void;
  /** Draws what has changed; once a frame. */
  draw(): void;
}

export function resnetViews(onLayer: (layer: number) => void): Views {
  const standing = readouts('Where the training stands', {
    step: 'Step',
    loss: 'Loss',
    accuracy: 'Test accuracy',
    rate: 'Images a second',
    backend: 'Backend',
  });
  const chart = progressChart({
    title: 'Learning curve',
    xName: 'step',
    ySpan: [0, 2.5],
    about: about(
      'the learning curve',
      'Watch the training loss leave log 10 = 2.3, where guessing stands, and the test loss follow it or not.',
      'loss',
    ),
    series: [
      { name: 'loss of each batch', ink: 'var(--ink-gradient)', look: 'faint' },
      { name: `mean of ${MEAN_OVER}`, ink: 'var(--ink-gradient)', look: 'line' },
      { name: 'test loss', ink: 'var(--ink-rectified)', look: 'dots' },
    ],
  });
  const membranes = histogram({
    title: 'Membranes',
    xName: 'membrane',
    outline: { name: 'H before', ink: 'var(--ink-charged)' },
    filled: { name: 'Ĥ after', ink: 'var(--ink-rectified)' },
    about: about(
      'the membrane histogram',
      'Watch rectification push membranes away from the threshold, towards the spike, 0 or 1, that they become.',
      'quantization',
    ),
  });
  const error = readouts('Quantization error of the layer', {
    before: 'error before, |H − O|',
    after: 'error after, |Ĥ − O|',
  });
  const pictures = gallery();
  const rates = layerList(onLayer);
  const layerName = element('p', { class: 'layer-name' });

  let ready: Ready | undefined;
  let seen: Look | undefined;
  let layer = 0;
  let at = 0;
  let [losses, means, tests]: ProgressPoint[][] = [[], [], []];
  const stale = { curve: false, look: false, layer: false };

  function drawCurve(): void {
    if (ready === undefined) return;
    const last = means!.at(-1);
    const tested = tests!.at(-1);
    chart.show({
      x: [0, ready.steps],
      points: [losses!, means!, tests!],
      words: `Loss over ${at} of ${ready.steps} steps: ${last === undefined ? 'not trained yet' : `training ${last.y.toFixed(3)}`}${tested === undefined ? '' : `, test ${tested.y.toFixed(3)}`}`,
    });
  }

  function drawLayer(): void {
    const report = seen?.layers[layer];
    if (report?.membrane === undefined || report.quantization === undefined) return;
    const { edges, before, after } = report.membrane;
    const total = before.reduce((sum, count) => sum + count, 0);
    const share = (counts: readonly number[]) => counts.map((count) => count / total);
    const { before: h, after: rectified } = report.quantization;
    layerName.textContent = `${shortName(report.name)}, ${report.neurons.toLocaleString('en')} neurons`;
    membranes.show({
      edges,
      shares: [share(before), share(after)],
      levels: [THRESHOLD],
      words: `Share of membranes by potential in ${report.name}: quantization error ${reading(h.absolute)} before rectification, ${reading(rectified.absolute)} after`,
    });
    error.show({
      before: { text: reading(h.absolute), value: h.absolute },
      after: { text: reading(rectified.absolute), value: rectified.absolute },
    });
  }

  return {
    progress: element('div', { class: 'standing' }, standing.element, chart.element),
    images: element('div', { class: 'images' }, pictures.element, pictures.table),
    inside: element('div', { class: 'learning' }, rates.element, membranes.element, layerName, error.element),
    begin(next) {
      ready = next;
      at = next.step;
      [losses, means] = [[], next.history.map(({ step, trainLoss }) => ({ x: step, y: trainLoss }))];
      tests = next.history.flatMap(({ step, testLoss }) =>
        testLoss === undefined ? [] : [{ x: step, y: testLoss }],
      );
      const accuracy = next.history.at(-1)?.testAccuracy;
      standing.show({
        step: { text: `${at} of ${next.steps}`, value: at },
        loss: { text: means.at(-1)?.y.toFixed(3) ?? '–', value: means.at(-1)?.y ?? '' },
        accuracy: accuracy === undefined ? { text: '–' } : { text: percent(accuracy), value: accuracy },
        rate: { text: '–', value: '' },
        backend: { text: next.backend },
      });
      stale.curve = true;
    },
    step(news) {
      at = news.step;
      losses!.push({ x: at, y: news.loss });
      const recent = losses!.slice(-MEAN_OVER);
      const mean = recent.reduce((sum, { y }) => sum + y, 0) / recent.length;
      means!.push({ x: at, y: mean });
      standing.show({
        step: { text: `${at} of ${ready!.steps}`, value: at },
        loss: { text: mean.toFixed(3), value: mean },
        rate: { text: news.rate.toFixed(news.rate < 10 ? 1 : 0), value: news.rate },
      });
      stale.curve = true;
    },
    epoch({ step, testLoss, testAccuracy }) {
      if (testLoss === undefined || testAccuracy === undefined) return;
      tests!.push({ x: step, y: testLoss });
      standing.show({ accuracy: { text: percent(testAccuracy), value: testAccuracy } });
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
      if (stale.curve) drawCurve();
      if (stale.look && seen !== undefined) {
        rates.show(seen.layers);
        pictures.show(seen);
      }
      if (stale.layer) drawLayer();
      stale.curve = stale.look = stale.layer = false;
    },
  };
}
