// The membranes of one layer before and after rectification, and how far they lie from their spikes.

import type { LayerReport } from 'spikegrad';
import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { histogram } from '../../parts/histogram';
import { reading } from '../../parts/reading';
import { readouts } from '../../parts/readouts';
import { shortName } from './layers';

/** vth of every LIF layer of the network. */
const THRESHOLD = 0.5;

export interface Membranes {
  readonly elements: readonly HTMLElement[];
  show(layer: LayerReport): void;
}

export function membranes(): Membranes {
  const chart = histogram({
    title: 'Membranes',
    xName: 'membrane',
    outline: { name: 'H before', ink: 'var(--ink-charged)' },
    filled: { name: 'Ĥ after', ink: 'var(--ink-rectified)' },
    about: hint('the membrane histogram', {
      text: 'Watch rectification push membranes away from the threshold, towards the spike, 0 or 1, that they become.',
      equation: 'quantization',
    }).element,
  });
  const name = element('p', { class: 'layer-name' });
  const error = readouts('Quantization error of the layer', {
    before: 'error before, |H − O|',
    after: 'error after, |Ĥ − O|',
  });
  return {
    elements: [chart.element, name, error.element],
    show({ name: layer, neurons, membrane, quantization }) {
      if (membrane === undefined || quantization === undefined) return;
      const { edges, before, after } = membrane;
      const total = before.reduce((sum, count) => sum + count, 0);
      const share = (counts: readonly number[]) => counts.map((count) => count / total);
      const [h, rectified] = [quantization.before.absolute, quantization.after.absolute];
      name.textContent = `${shortName(layer)}, ${neurons.toLocaleString('en')} neurons`;
      chart.show({
        edges,
        shares: [share(before), share(after)],
        levels: [THRESHOLD],
        words: `Share of membranes by potential in ${shortName(layer)}: quantization error ${reading(h)} before rectification, ${reading(rectified)} after`,
      });
      error.show({
        before: { text: reading(h), value: h },
        after: { text: reading(rectified), value: rectified },
      });
    },
  };
}
