// One quantity or a few over time steps, on one ground: lines, bars, levels, and the cursor of the stack it belongs to.

import { line } from 'd3-shape';
import { element, svgElement } from './element';
import { Level } from './level';
import { type Domain, PlotArea, roomyDomain } from './plot-area';
import { reading } from './reading';

/** How a series is drawn. Look and colour both tell it from others. */
export type Look = 'line' | 'dashed' | 'bars';

export interface Series {
  /** Its sign, as in the equations. */
  readonly sign: string;
  readonly name: string;
  /** A CSS colour. */
  readonly ink: string;
  readonly look: Look;
}

export interface TracePanelOptions {
  readonly series: readonly Series[];
  /** What the vertical axis spans; values beyond widen it. */
  readonly span: Domain;
  /** About how many labels the vertical axis has. */
  readonly yTicks?: number;
  /** A word on what can be done with it, and what does it. */
  readonly note?: HTMLElement;
  /** Whether the time axis stands below it. */
  readonly timeAxis?: boolean;
  /** Its share of the stack's height. */
  readonly share: number;
  /** The line that data may bring. Where it can be dragged, a slider for the same value must stand elsewhere. */
  readonly level?: { readonly name: string; readonly onDrag: (value: number) => void };
}

export interface TraceData {
  /** One list a series, one value a time step. */
  readonly values: readonly ArrayLike<number>[];
  /** Time steps to mark with a faint line: spikes. */
  readonly events: readonly number[];
  /** A horizontal line: the threshold. */
  readonly level?: number;
}

/** Fewer pixels between time steps than this, and dots would run together. */
const ROOM_FOR_DOTS = 7;

export class TracePanel {
  readonly element: HTMLElement;
  readonly area: PlotArea;
  readonly #lines: SVGPathElement[];
  readonly #dots: SVGPathElement[];
  readonly #events = svgElement('path', { class: 'events' });
  readonly #level: Level | undefined;
  readonly #cursor = svgElement('path', { class: 'cursor' });
  readonly #points: SVGCircleElement[];
  readonly #readouts: HTMLElement[];
  #data: TraceData | undefined;
  #step = 0;

  constructor(readonly options: TracePanelOptions) {
    const { series, share, timeAxis = false, yTicks = 3 } = options;
    this.area = new PlotArea({ xTicks: timeAxis ? 8 : 0, yTicks, counts: true }, () => this.#draw());
    const path = (part: string) => (of: Series) =>
      svgElement('path', { class: `${part} ${of.look}`, style: `color:${of.ink}` });
    this.#lines = series.map(path('trace'));
    this.#dots = series.map(path('dots'));
    this.#points = series.map(({ ink }) =>
      svgElement('circle', { class: 'point', r: 4.5, style: `color:${ink}` }),
    );
    this.area.marks.append(this.#events, ...this.#lines, ...this.#dots);
    this.area.above.append(this.#cursor, ...this.#points);
    if (options.level !== undefined) {
      this.#level = new Level(this.area, options.level.name, 'y', options.level.onDrag);
    }
    this.#readouts = series.map(() => element('output', { 'aria-live': 'off' }));
    const legend = series.map(({ sign, name, ink, look }, i) =>
      element(
        'span',
        { class: 'key', style: `--series:${ink}` },
        element('span', { class: `swatch ${look}`, 'aria-hidden': 'true' }),
        element('var', {}, sign),
        ` ${name} `,
        this.#readouts[i]!,
      ),
    );
    this.element = element('div', { class: 'trace-panel', style: `flex:${share} 1 0` });
    const note = options.note === undefined ? [] : [options.note];
    this.element.append(element('div', { class: 'keys' }, ...legend, ...note), this.area.svg);
  }

  show(data: TraceData): void {
    this.#data = data;
    this.#draw();
  }

  moveCursor(step: number): void {
    this.#step = step;
    this.#drawCursor();
  }

  /** Time step and value under a place in the window. */
  at(clientX: number, clientY: number): { step: number; value: number } {
    const { left, top } = this.area.svg.getBoundingClientRect();
    const steps = this.#data?.values[0]?.length ?? 1;
    const step = Math.round(this.area.x.invert(clientX - left)) - 1;
    return { step: Math.min(steps - 1, Math.max(0, step)), value: this.area.y.invert(clientY - top) };
  }

  #draw(): void {
    if (this.#data === undefined) return;
    const { values, events, level } = this.#data;
    // t counts from 1, as in the equations; lists from 0
    const steps = values[0]?.length ?? 1;
    this.area.span([1, Math.max(2, steps)], roomyDomain(this.options.span, ...values));
    const { x, y } = this.area;
    const [bottom, top] = y.range() as [number, number];
    const zero = y(0);
    const across = (t: number) => x(t + 1);
    const trace = line<number>()
      .x((_, t) => across(t))
      .y((value) => y(value));
    const dotted = x(2) - x(1) >= ROOM_FOR_DOTS;
    this.options.series.forEach(({ look }, i) => {
      const list = Array.from(values[i]!);
      const bars = list.map((value, t) => (value === 0 ? '' : `M${across(t)},${zero}V${y(value)}`)).join('');
      const dots = list.map((value, t) => `M${across(t)},${y(value)}h0`).join('');
      this.#lines[i]!.setAttribute('d', look === 'bars' ? bars : (trace(list) ?? ''));
      this.#dots[i]!.setAttribute('d', dotted && look !== 'bars' ? dots : '');
    });
    this.#events.setAttribute('d', events.map((t) => `M${across(t)},${top}V${bottom}`).join(''));
    if (level !== undefined) this.#level?.show(level);
    this.#drawCursor();
  }

  #drawCursor(): void {
    if (this.#data === undefined) return;
    const { x, y } = this.area;
    const at = x(this.#step + 1);
    const [bottom, top] = y.range() as [number, number];
    this.#cursor.setAttribute('d', `M${at},${top}V${bottom}`);
    this.#data.values.forEach((list, i) => {
      const value = list[this.#step] ?? 0;
      this.#points[i]!.setAttribute('cx', String(at));
      this.#points[i]!.setAttribute('cy', String(y(value)));
      this.#readouts[i]!.textContent = reading(value);
    });
  }
}
