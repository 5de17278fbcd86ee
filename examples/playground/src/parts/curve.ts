// Functions of one number as curves, the values that occurred as faint dots on the first of them, and one point that
// moves, its value read out.

import { line } from 'd3-shape';
import { element, svgElement } from './element';
import { Level } from './level';
import { type Domain, PlotArea, roomyDomain } from './plot-area';
import { reading } from './reading';

export interface CurveSeries {
  readonly name: string;
  /** A CSS colour. */
  readonly ink: string;
  readonly look: 'line' | 'dashed';
}

export interface CurveOptions {
  readonly title: string;
  readonly curves: readonly CurveSeries[];
  readonly ySpan: Domain;
  /** What stands under the horizontal axis. */
  readonly xName: string;
  /** Whether that is counted: only whole numbers are labelled. */
  readonly counts?: boolean;
  /** A vertical line to drag; a slider for the same value must stand elsewhere. */
  readonly level?: { readonly name: string; readonly onDrag: (value: number) => void };
}

export interface CurveData {
  readonly x: ArrayLike<number>;
  /** One list a curve. */
  readonly y: readonly ArrayLike<number>[];
  /** All that occurred, on the first curve. */
  readonly seen: readonly { readonly x: number; readonly y: number }[];
  /** Where the vertical line stands: the threshold. */
  readonly level?: number;
  /** The picture in words. */
  readonly words: string;
}

export interface Curve {
  readonly element: HTMLElement;
  show(data: CurveData): void;
  movePoint(x: number, y: number): void;
}

export function curve({ title, curves, ySpan, xName, counts, level }: CurveOptions): Curve {
  let data: CurveData | undefined;
  let at = { x: 0, y: 0 };
  const area = new PlotArea({ xTicks: 5, yTicks: 4, counts, margin: { right: 12, bottom: 22 } }, () =>
    draw(),
  );
  area.svg.removeAttribute('aria-hidden');
  area.svg.setAttribute('role', 'img');
  const paths = curves.map(({ ink, look }) =>
    svgElement('path', { class: `trace ${look}`, style: `color:${ink}` }),
  );
  const main = `color:${curves[0]!.ink}`;
  const seen = svgElement('path', { class: 'seen', style: main });
  const drop = svgElement('path', { class: 'cursor' });
  const point = svgElement('circle', { class: 'point', r: 5.5, style: main });
  area.marks.append(...paths.toReversed(), seen);
  area.above.append(drop, point);
  const threshold = level === undefined ? undefined : new Level(area, level.name, 'x', level.onDrag);

  function draw(): void {
    if (data === undefined) return;
    const { x: xs, y: lists } = data;
    area.span([xs[0]!, xs[xs.length - 1]!], roomyDomain(ySpan, ...lists));
    const { x, y } = area;
    const draft = line<number>()
      .x((_, i) => x(xs[i]!))
      .y((value) => y(value));
    paths.forEach((path, i) => {
      path.setAttribute('d', draft(Array.from(lists[i]!)) ?? '');
    });
    if (data.level !== undefined) threshold?.show(data.level);
    seen.setAttribute('d', data.seen.map((one) => `M${x(one.x)},${y(one.y)}h0`).join(''));
    area.svg.setAttribute('aria-label', data.words);
    drawPoint();
  }

  function drawPoint(): void {
    if (data === undefined) return;
    const [cx, cy] = [area.x(at.x), area.y(at.y)];
    point.setAttribute('cx', String(cx));
    point.setAttribute('cy', String(cy));
    readout.textContent = reading(at.y);
    drop.setAttribute('d', `M${cx},${area.y.range()[0]}V${cy}`);
  }

  const readout = element('output', { 'aria-live': 'off' });
  const keys = curves.map(({ name, ink, look }, i) =>
    element(
      'span',
      { class: 'key', style: `--series:${ink}` },
      element('span', { class: `swatch ${look}`, 'aria-hidden': 'true' }),
      `${name} `,
      ...(i === 0 ? [readout] : []),
    ),
  );
  return {
    element: element(
      'figure',
      { class: 'curve' },
      element('figcaption', {}, element('strong', {}, title), ...keys),
      area.svg,
      element('p', { class: 'axis-name', 'aria-hidden': 'true' }, xName),
    ),
    show(next) {
      data = next;
      draw();
    },
    movePoint(x, y) {
      at = { x, y };
      drawPoint();
    },
  };
}
