// Firing rate of every LIF layer as bars. They are radio buttons: the one that is chosen is the layer in view.

import type { LayerReport } from 'spikegrad';
import { element, freshId } from '../../parts/element';
import { hint } from '../../parts/hint';

export interface Layers {
  readonly element: HTMLElement;
  show(layers: readonly LayerReport[]): void;
  choose(layer: number): void;
}

interface Row {
  readonly button: HTMLInputElement;
  readonly bar: HTMLElement;
  readonly rate: HTMLDataElement;
}

/** Bars end here: layers fire less than this, or say nothing. */
const FULL = 0.5;

export function layerList(onChoose: (layer: number) => void): Layers {
  const name = freshId('layer');
  const rows: Row[] = [];
  let chosen = 0;
  const { element: about } = hint('firing rates', {
    text: 'The share of neurons that fire at a time step, averaged over T: watch them rise over the first thirty steps, while tdBN’s running statistics settle; a layer that stays silent tells the next one nothing.',
    equation: 'fire',
  });
  const list = element('div', { class: 'layer-list' });
  const add = (layer: number, title: string) => {
    const button = element('input', { type: 'radio', name, value: layer });
    button.addEventListener('change', () => onChoose(layer));
    const bar = element('span', { class: 'bar' });
    const rate = element('data');
    rows.push({ button, bar, rate });
    list.append(element('label', {}, button, element('span', { class: 'name' }, title), bar, rate));
  };
  const choose = (layer: number) => {
    chosen = layer;
    const row = rows[layer];
    if (row !== undefined) row.button.checked = true;
  };
  return {
    element: element(
      'fieldset',
      { class: 'layers' },
      element('legend', {}, element('strong', {}, 'Firing rates'), ' ', about),
      list,
    ),
    show(layers) {
      for (let i = rows.length; i < layers.length; i++) add(i, shortName(layers[i]!.name));
      layers.forEach(({ rate }, i) => {
        const row = rows[i]!;
        row.bar.style.setProperty('--share', String(Math.min(1, rate / FULL)));
        row.rate.value = String(rate);
        row.rate.textContent = rate === 0 ? 'silent' : `${(100 * rate).toFixed(1)} %`;
      });
      choose(chosen);
    },
    choose,
  };
}

/** `stages.0.1.lif2` as `stage 1.2, LIF 2`: stage, block in it and neuron in that, counted from 1 as readers count. */
export function shortName(name: string): string {
  const [, stage, block, lif] = /^stages\.(\d+)\.(\d+)\.lif(\d)$/.exec(name) ?? [];
  if (stage !== undefined) return `stage ${Number(stage) + 1}.${Number(block) + 1}, LIF ${lif}`;
  const [, stem] = /^stem\.(\d+)\.lif$/.exec(name) ?? [];
  return stem === undefined ? name : `stem, LIF ${Number(stem) + 1}`;
}
