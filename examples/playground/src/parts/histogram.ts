// Two distributions over the same bins, one as filled steps and one as a dashed outline.

import { element, svgElement } from './element';
import { PlotArea } from './plot-area';

export interface HistogramSeries {
  readonly name: string;
  /** A CSS colour. */
  readonly ink: string;
}

export interface HistogramData {
  /** One more than bins. */
  readonly edges: readonly number[];
  /** Share of all values in each bin, in the order of the series. */
  readonly shares: readonly [outline: readonly number[], filled: readonly number[]];
  /** Vertical lines: the threshold. */
  readonly levels: readonly number[];
  /** The picture in words. */
  readonly words: string;
}

export interface Histogram {
  readonly element: HTMLElement;
  show(data: HistogramData): void;
}

export interface HistogramOptions {
  readonly title: string;
  readonly xName: string;
  readonly outline: HistogramSeries;
  readonly filled: HistogramSeries;
  /** A hint, beside the title. */
  readonly about: HTMLElement;
}

/** The vertical axis ends at a multiple of this share. */
const GRAIN = 0.05;

export function histogram({ title, xName, outline, filled, about }: HistogramOptions): Histogram {
  let data: HistogramData | undefined;
  const area = new PlotArea({ xTicks: 5, yTicks: 3, margin: { right: 12, bottom: 22 } }, () => draw());
  area.svg.removeAttribute('aria-hidden');
  area.svg.setAttribute('role', 'img');
  const under = svgElement('path', { class: 'filled', style: `color:${filled.ink}` });
  const over = svgElement('path', { class: 'trace dashed', style: `color:${outline.ink}` });
  const levels = svgElement('path', { class: 'level' });
  area.marks.append(under, levels, over);

  function draw(): void {
    if (data === undefined) return;
    const { edges, shares } = data;
    const highest = Math.max(GRAIN, ...shares[0], ...shares[1]);
    area.span([edges[0]!, edges.at(-1)!], [0, Math.ceil(highest / GRAIN - 1e-9) * GRAIN]);
    const { x, y } = area;
    const [bottom, top] = y.range() as [number, number];
    const steps = (list: readonly number[]) =>
      `M${x(edges[0]!)},${bottom}${list.map((share, i) => `V${y(share)}H${x(edges[i + 1]!)}`).join('')}V${bottom}`;
    over.setAttribute('d', steps(shares[0]));
    under.setAttribute('d', steps(shares[1]));
    levels.setAttribute('d', data.levels.map((level) => `M${x(level)},${top}V${bottom}`).join(''));
    area.svg.setAttribute('aria-label', data.words);
  }

  const key = ({ name, ink }: HistogramSeries, look: string) =>
    element(
      'span',
      { class: 'key', style: `--series:${ink}` },
      element('span', { class: `swatch ${look}`, 'aria-hidden': 'true' }),
      name,
    );
  return {
    element: element(
      'figure',
      { class: 'curve' },
      element(
        'figcaption',
        {},
        element('strong', {}, title, ' ', about),
        key(outline, 'dashed'),
        key(filled, 'filled'),
      ),
      area.svg,
      element('p', { class: 'axis-name', 'aria-hidden': 'true' }, xName),
    ),
    show(next) {
      data = next;
      draw();
    },
  };
}
