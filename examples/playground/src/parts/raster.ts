// A spike raster: neurons from top to bottom, time steps from left to right, a stroke where a neuron fires.

import { svgElement } from './element';
import { PlotArea } from './plot-area';

export interface RasterLayer {
  readonly neurons: number;
  /** Whether a neuron fires at a time step, both from 0. */
  fires(step: number, neuron: number): boolean;
}

export interface RasterData {
  readonly steps: number;
  readonly layers: readonly RasterLayer[];
  /** The neuron to mark, counted from 1 through all layers; 0 for none. */
  readonly marked: number;
  readonly words: string;
}

export interface Raster {
  readonly element: SVGElement;
  show(data: RasterData): void;
}

/** Pixels that the number of a neuron takes. */
const NUMBER_HEIGHT = 11;

export function raster(): Raster {
  let data: RasterData | undefined;
  const area = new PlotArea({ xTicks: 6, yTicks: 0, counts: true, margin: { left: 66, right: 4 } }, () =>
    draw(),
  );
  area.svg.removeAttribute('aria-hidden');
  area.svg.setAttribute('role', 'img');
  area.svg.classList.add('raster');
  const mark = svgElement('path', { class: 'mark' });
  const spikes = svgElement('path', { class: 'trace bars', style: 'color:var(--ink-spikes)' });
  const borders = svgElement('path', { class: 'level' });
  const names = svgElement('g', { class: 'axes' });
  area.marks.append(mark, borders, spikes, names);

  function draw(): void {
    if (data === undefined) return;
    const { steps, layers, marked, words } = data;
    const rows = layers.reduce((sum, { neurons }) => sum + neurons, 0);
    area.span([0.5, steps + 0.5], [rows, 0]);
    const { x, y } = area;
    const [left, right] = x.range() as [number, number];
    const strokes: string[] = [];
    const lines: string[] = [];
    const labels: SVGElement[] = [];
    let first = 0;
    for (const [i, { neurons, fires }] of layers.entries()) {
      for (let t = 0; t < steps; t++)
        for (let n = 0; n < neurons; n++)
          if (fires(t, n)) strokes.push(`M${x(t + 1)},${y(first + n + 0.12)}V${y(first + n + 0.88)}`);
      if (first > 0) lines.push(`M${left},${y(first)}H${right}`);
      const middle = { x: left - 24, y: y(first + neurons / 2), dy: '0.32em' };
      labels.push(svgElement('text', { ...middle, class: 'y' }, `layer ${i + 1}`));
      // neurons are counted through all layers, as their pictures are
      const height = y(1) - y(0);
      // drawn before it is laid out it has no height, or less: then one number is enough
      const stride = height > 0 ? Math.ceil(NUMBER_HEIGHT / height) : neurons;
      for (let n = 0; n === 0 || n + stride <= neurons; n += stride) {
        const place = { x: left - 5, y: y(first + n + 0.5), dy: '0.32em' };
        labels.push(svgElement('text', { ...place, class: 'y row' }, String(first + n + 1)));
      }
      first += neurons;
    }
    spikes.setAttribute('d', strokes.join(''));
    names.replaceChildren(...labels);
    borders.setAttribute('d', lines.join(''));
    mark.setAttribute('d', marked === 0 ? '' : `M${left},${y(marked - 1)}H${right}V${y(marked)}H${left}z`);
    area.svg.setAttribute('aria-label', words);
  }
  return {
    element: area.svg,
    show(next) {
      data = next;
      draw();
    },
  };
}
