// Makes a trace panel drawable: by pointer, wherever it is dragged, and by keyboard as a slider whose value is that
// of the time step under the cursor.

import { type Range, snap } from '../frame/fields';
import type { TracePanel } from './trace-panel';

export interface DrawOptions {
  readonly label: string;
  readonly range: Range;
  /** The time step under the cursor and its value as it stands now: what is shown may be a frame behind. */
  readonly here: () => Point;
  /** A stroke, or a key that changes a value, is about to begin. */
  readonly onBegin: () => void;
  /** Sets the values of time steps `from` to `to`, both included, on a straight line. */
  readonly onDraw: (from: Point, to: Point) => void;
  /** Moves the cursor by so many steps. */
  readonly onMove: (by: number) => void;
}

export interface Point {
  readonly step: number;
  readonly value: number;
}

/** @returns tells screen readers where the cursor is and what is shown there */
export function drawable(panel: TracePanel, options: DrawOptions): (at: Point) => void {
  const { label, range, here, onBegin, onDraw, onMove } = options;
  const { svg } = panel.area;
  svg.removeAttribute('aria-hidden');
  svg.classList.add('drawable');
  for (const [name, value] of Object.entries({
    tabindex: '0',
    role: 'slider',
    'aria-label': label,
    'aria-orientation': 'vertical',
    'aria-valuemin': String(range.min),
    'aria-valuemax': String(range.max),
  })) {
    svg.setAttribute(name, value);
  }
  let last: Point | undefined;
  const under = (event: PointerEvent): Point => {
    const { step, value } = panel.at(event.clientX, event.clientY);
    return { step, value: snap(value, range) };
  };
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
    last = under(event);
    onBegin();
    onDraw(last, last);
  });
  svg.addEventListener('pointermove', (event) => {
    if (last === undefined) return;
    const now = under(event);
    onDraw(last, now);
    last = now;
  });
  for (const end of ['pointerup', 'pointercancel']) {
    svg.addEventListener(end, () => {
      last = undefined;
    });
  }
  const keys: Record<string, () => void> = {
    ArrowLeft: () => onMove(-1),
    ArrowRight: () => onMove(1),
    ArrowUp: () => lift(1),
    ArrowDown: () => lift(-1),
    PageUp: () => lift(5),
    PageDown: () => lift(-5),
    Home: () => onMove(Number.NEGATIVE_INFINITY),
    End: () => onMove(Number.POSITIVE_INFINITY),
  };
  const lift = (by: number) => {
    const { step, value } = here();
    const point = { step, value: snap(value + by * range.step, range) };
    onBegin();
    onDraw(point, point);
  };
  svg.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  return ({ step, value }) => {
    svg.setAttribute('aria-valuenow', String(value));
    svg.setAttribute('aria-valuetext', `${value} at time step ${step + 1}`);
  };
}
