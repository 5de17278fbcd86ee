// Quantities over the steps of a training, each known at steps of its own.

import { line } from 'd3-shape';
import { element, svgElement } from './element';
import { type Domain, PlotArea, roomyDomain } from './plot-area';

export interface ProgressSeries {
  readonly name: string;
  /** A CSS colour. */
  readonly ink: string;
  /** `faint` stands behind the others, `dots` marks each point. */
  readonly look: 'line' | 'faint' | 'dots';
}

export interface ProgressPoint {
  readonly x: number;
  readonly y: number;
}

export interface ProgressData {
  readonly x: Domain;
  /** One list a series. */
  readonly points: readonly (readonly ProgressPoint[])[];
  /** The picture in words. */
  readonly words: string;
}

export interface ProgressChart {
  readonly element: HTMLElement;
  show(data: ProgressData): void;
}

export interface ProgressOptions {
  readonly title: string;
  /** What stands under the horizontal axis. */
  readonly xName: string;
  /** What the vertical axis spans; values beyond widen it. */
  readonly ySpan: Domain;
  readonly series: readonly ProgressSeries[];
  /** A hint, beside the title. */
  readonly about: HTMLElement;
}

/** More points than a chart has pixels would only cost time. */
const MOST_POINTS = 800;

function thinned(points: readonly ProgressPoint[]): ProgressPoint[] {
  const stride = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % stride === 0 || i === points.length - 1);
}

export function progressChart({ title, xName, ySpan, series, about }: ProgressOptions): ProgressChart {
  let data: ProgressData | undefined;
  const area = new PlotArea({ xTicks: 8, yTicks: 5, counts: true, margin: { bottom: 22 } }, () => draw());
  area.svg.removeAttribute('aria-hidden');
  area.svg.setAttribute('role', 'img');
  const paths = series.map(({ ink, look }) =>
    svgElement('path', { class: look === 'faint' ? 'trace faint' : 'trace', style: `color:${ink}` }),
  );
  const dots = series.map(({ ink }) => svgElement('path', { class: 'dots large', style: `color:${ink}` }));
  area.marks.append(...paths, ...dots);

  function draw(): void {
    if (data === undefined) return;
    area.span(data.x, roomyDomain(ySpan, ...data.points.map((list) => list.map(({ y }) => y))));
    const { x, y } = area;
    const draft = line<ProgressPoint>()
      .x((point) => x(point.x))
      .y((point) => y(point.y));
    series.forEach(({ look }, i) => {
      const points = thinned(data!.points[i]!);
      paths[i]!.setAttribute('d', draft(points) ?? '');
      const marks = look === 'dots' ? points.map((point) => `M${x(point.x)},${y(point.y)}h0`).join('') : '';
      dots[i]!.setAttribute('d', marks);
    });
    area.svg.setAttribute('aria-label', data.words);
  }

  const keys = series.map(({ name, ink, look }) =>
    element(
      'span',
      { class: 'key', style: `--series:${ink}` },
      element('span', { class: `swatch ${look}`, 'aria-hidden': 'true' }),
      name,
    ),
  );
  return {
    element: element(
      'figure',
      { class: 'curve' },
      element('figcaption', {}, element('strong', {}, title, ' ', about), ...keys),
      area.svg,
      element('p', { class: 'axis-name', 'aria-hidden': 'true' }, xName),
    ),
    show(next) {
      data = next;
      draw();
    },
  };
}
