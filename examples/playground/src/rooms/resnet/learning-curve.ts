// The losses of a training over its steps, as a chart and as a table of epochs.

import type { EpochMetrics } from 'spikegrad';
import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { type ProgressPoint, progressChart } from '../../parts/progress-chart';
import { valueTable } from '../../parts/value-table';
import type { Ready, StepNews } from './messages';

/** Steps over which the loss is averaged. */
const MEAN_OVER = 10;

export interface LearningCurve {
  readonly element: HTMLElement;
  /** @returns the mean loss over the last steps; undefined where none has been done here */
  begin(ready: Ready): number | undefined;
  /** @returns the mean loss over the last steps */
  step(news: StepNews): number;
  epoch(news: EpochMetrics): void;
  /** The training ends at another step. */
  end(steps: number): void;
  draw(): void;
}

export function learningCurve(): LearningCurve {
  const chart = progressChart({
    title: 'Learning curve',
    xName: 'step',
    ySpan: [0, 2.5],
    about: hint('the learning curve', {
      text: 'Watch the training loss leave log 10 = 2.3, where guessing stands, and the test loss follow it or not.',
      equation: 'loss',
    }).element,
    series: [
      { name: 'loss of each batch', ink: 'var(--ink-gradient)', look: 'faint' },
      { name: `mean of ${MEAN_OVER}`, ink: 'var(--ink-gradient)', look: 'line' },
      { name: 'mean of an epoch', ink: 'var(--ink-gradient)', look: 'dots' },
      { name: 'test loss', ink: 'var(--ink-carried)', look: 'dots' },
    ],
  });
  const table = valueTable('All epochs as a table', 'epoch');
  let [steps, at] = [1, 0];
  let losses: ProgressPoint[] = [];
  let means: ProgressPoint[] = [];
  let epochs: EpochMetrics[] = [];

  const tests = () =>
    epochs.flatMap(({ step, testLoss }) => (testLoss === undefined ? [] : [{ x: step, y: testLoss }]));

  const trainings = () => epochs.map(({ step, trainLoss }) => ({ x: step, y: trainLoss }));

  /** @returns the mean over the last steps */
  function add(step: number, loss: number): number {
    at = step;
    losses.push({ x: at, y: loss });
    const recent = losses.slice(-MEAN_OVER);
    const mean = recent.reduce((sum, { y }) => sum + y, 0) / recent.length;
    means.push({ x: at, y: mean });
    return mean;
  }

  function words(): string {
    const [trained, tested] = [means.at(-1) ?? trainings().at(-1), tests().at(-1)];
    const list = [
      trained === undefined ? 'not trained yet' : `training ${trained.y.toFixed(3)}`,
      ...(tested === undefined ? [] : [`test ${tested.y.toFixed(3)}`]),
    ];
    return `Loss over ${at} of ${steps} steps: ${list.join(', ')}`;
  }

  return {
    element: element('div', { class: 'loss-curve' }, chart.element, table.element),
    begin(ready) {
      [steps, losses, means, epochs] = [ready.steps, [], [], [...ready.history]];
      const first = ready.step - ready.losses.length;
      ready.losses.forEach((loss, i) => {
        add(first + i + 1, loss);
      });
      at = ready.step;
      return means.at(-1)?.y;
    },
    step: ({ step, loss }) => add(step, loss),
    end(last) {
      steps = last;
    },
    epoch(news) {
      epochs.push(news);
    },
    draw() {
      chart.show({ x: [0, steps], points: [losses, means, trainings(), tests()], words: words() });
      const column = (of: (epoch: EpochMetrics) => number | undefined) =>
        epochs.map((epoch) => of(epoch) ?? Number.NaN);
      table.show([
        { name: 'loss', values: column(({ trainLoss }) => trainLoss) },
        { name: 'accuracy', values: column(({ trainAccuracy }) => trainAccuracy) },
        { name: 'test loss', values: column(({ testLoss }) => testLoss) },
        { name: 'test accuracy', values: column(({ testAccuracy }) => testAccuracy) },
      ]);
    },
  };
}
