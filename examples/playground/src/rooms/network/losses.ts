// The losses of the networks over training, as a chart and as a table.

import { type Curve, curve } from '../../parts/curve';
import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { valueTable } from '../../parts/value-table';
import { networkNames } from './figures';
import type { Losses, Snapshot } from './messages';
import type { NetworkKind } from './state';

const inks = { with: 'var(--ink-with)', without: 'var(--ink-without)', own: 'var(--ink-own)' } as const;

/** Rows of the table: thousands would hold up the page at every step. */
const LATEST = 60;

export interface LossesView {
  readonly element: HTMLElement;
  /** @param words the losses of now */
  show(snapshot: Snapshot, words: string): void;
}

export function lossesView(): LossesView {
  const { element: about } = hint('the losses', {
    text: 'Watch the gap between the two lines of one network: what it knows of the training points and not of others.',
    equation: 'loss',
  });
  const table = valueTable('The latest losses as a table', 'row');
  const place = element('div');
  const root = element('div', { class: 'losses' }, place, table.element, about);
  let chart: Curve;
  let charted = '';

  /** A chart has the lines of the networks that train. */
  function chartOf(names: readonly string[], kinds: readonly NetworkKind[]): void {
    if (names.join() === charted) return;
    charted = names.join();
    chart = curve({
      title: 'Loss',
      xName: 'training steps',
      counts: true,
      ySpan: [0, 0.7],
      curves: names.flatMap((name, i) => [
        { name: `${name}, test`, ink: inks[kinds[i]!], look: 'line' as const },
        { name: `${name}, train`, ink: inks[kinds[i]!], look: 'dashed' as const },
      ]),
    });
    place.replaceChildren(chart.element);
  }

  return {
    element: root,
    show({ step, history, networks }, words) {
      const names = networkNames(networks);
      chartOf(
        names,
        networks.map(({ kind }) => kind),
      );
      const now: Losses = {
        step,
        train: networks.map(({ train }) => train.loss),
        test: networks.map(({ test }) => test.loss),
      };
      // between two kept steps the curve ends with the losses of now
      const list = history.at(-1)?.step === step ? history : [...history, now];
      const steps = list.map((entry) => entry.step);
      const lines = names.flatMap((name, i) => [
        { name: `${name}, test`, values: list.map(({ test }) => test[i]!) },
        { name: `${name}, train`, values: list.map(({ train }) => train[i]!) },
      ]);
      chart.show({ x: steps, y: lines.map(({ values }) => values), seen: [], words });
      chart.movePoint(step, now.test[0]!);
      const columns = [{ name: 'step', values: steps }, ...lines];
      table.show(columns.map(({ name, values }) => ({ name, values: values.slice(-LATEST) })));
    },
  };
}
