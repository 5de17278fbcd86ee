// The ground of every chart: an SVG that keeps the size of its place, two linear scales, axes and grid. What is drawn
// on it goes into `marks`, or `above` where it must not be covered.

import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { svgElement } from './element';

export type Domain = readonly [low: number, high: number];

export interface PlotAreaOptions {
  /** About how many labels each axis has; 0 for none. */
  readonly xTicks: number;
  readonly yTicks: number;
  /** Whether the horizontal axis counts: only whole numbers are labelled. */
  readonly counts?: boolean;
  readonly margin?: Partial<Margin>;
}

interface Margin {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Pixels from one label of the vertical axis to the next, at least. */
const APART = 15;

/** Space of a label between tick and axis, in CSS pixels. */
const LABEL = 6;

/** `base`, wider where the values need it, to the next half. */
export function roomyDomain(base: Domain, ...lists: ArrayLike<number>[]): Domain {
  let [low, high] = base;
  for (const values of lists) {
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
  }
  return [Math.floor(low * 2) / 2, Math.ceil(high * 2) / 2];
}

/** About `wanted` values to label, or fewer where labels would fall on each other. */
function roomyTicks(y: ScaleLinear<number, number>, wanted: number): number[] {
  if (wanted === 0) return [];
  const [bottom, top] = y.range() as [number, number];
  const most = Math.max(1, Math.floor((bottom - top) / APART)) + 1;
  for (let count = wanted; count > 1; count--) {
    const ticks = y.ticks(count);
    if (ticks.length <= most) return ticks;
  }
  return y.domain();
}

export class PlotArea {
  readonly svg = svgElement('svg', { class: 'plot', 'aria-hidden': 'true' });
  readonly marks = svgElement('g');
  readonly above = svgElement('g');
  readonly x: ScaleLinear<number, number> = scaleLinear();
  readonly y: ScaleLinear<number, number> = scaleLinear();
  readonly #axes = svgElement('g', { class: 'axes' });
  readonly #margin: Margin;
  #drawn = '';

  /** @param onResize draws everything again */
  constructor(
    private readonly options: PlotAreaOptions,
    onResize: () => void,
  ) {
    const bottom = options.xTicks > 0 ? 20 : 5;
    this.#margin = { top: 5, right: 10, bottom, left: 34, ...options.margin };
    this.svg.append(this.#axes, this.marks, this.above);
    new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (this.#resize(width, height)) onResize();
    }).observe(this.svg);
  }

  /** Sets what the axes span; the axes are drawn anew only when something differs. */
  span(xDomain: Domain, yDomain: Domain): void {
    this.x.domain(xDomain);
    this.y.domain(yDomain);
    const { x, y } = this;
    const wanted = [...xDomain, ...yDomain, ...x.range(), ...y.range()].join();
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    const [left, right] = x.range() as [number, number];
    const [bottom, top] = y.range() as [number, number];
    const marks: SVGElement[] = [];
    const { xTicks, yTicks, counts = false } = this.options;
    for (const value of roomyTicks(y, yTicks)) {
      marks.push(svgElement('line', { x1: left, x2: right, y1: y(value), y2: y(value) }));
      marks.push(
        svgElement('text', { x: left - LABEL, y: y(value), dy: '0.32em', class: 'y' }, String(value)),
      );
    }
    for (const value of xTicks > 0 ? x.ticks(xTicks) : []) {
      if (counts && !Number.isInteger(value)) continue;
      marks.push(svgElement('line', { x1: x(value), x2: x(value), y1: top, y2: bottom }));
      marks.push(
        svgElement('text', { x: x(value), y: bottom + LABEL, dy: '0.71em', class: 'x' }, String(value)),
      );
    }
    this.#axes.replaceChildren(...marks);
  }

  #resize(width: number, height: number): boolean {
    const { top, right, bottom, left } = this.#margin;
    if (width < left + right || height < top + bottom) return false; // not in view
    this.x.range([left, width - right]);
    this.y.range([height - bottom, top]);
    return true;
  }
}
