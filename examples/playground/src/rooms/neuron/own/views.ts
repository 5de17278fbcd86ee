// What a written neuron's room shows: a panel for every value that its equations assign, the table of all of them, and
// the surrogate.

import { curve } from '../../../parts/curve';
import type { Point } from '../../../parts/draw';
import { element } from '../../../parts/element';
import type { TracePanelOptions } from '../../../parts/trace-panel';
import { type Traces, traces } from '../../../parts/traces';
import { valueTable } from '../../../parts/value-table';
import { inputCurrent } from '../input';
import type { NeuronState } from '../state';
import { drawableInput, type ViewActions } from '../views';
import type { Trace, WrittenRun } from './studio/messages';

/** Colours of values, in turn; spikes have their own. */
const INKS = ['--ink-charged', '--ink-carried', '--ink-rectified', '--ink-third'];

/** More panels than these would each be too low to read. */
const MOST = 9;

export interface OwnViews {
  readonly traces: HTMLElement;
  readonly table: HTMLElement;
  readonly surrogate: HTMLElement;
  show(state: NeuronState, run: WrittenRun): void;
  moveCursor(step: number): void;
  /** Whether there is a stroke to undo. */
  showUndo(possible: boolean): void;
  /** Whether what is shown is of an older text. */
  showStale(isStale: boolean): void;
}

const finite = (list: ArrayLike<number>): number[] =>
  Array.from(list, (value) => (Number.isFinite(value) ? value : 0));

/** Values further from 0 than this have an axis of their own: membranes in millivolts. */
const FAR = 20;

/** What the vertical axis spans where values say nothing else; the same while a slider moves. */
function spanOf({ isSpikes, values }: Trace): readonly [number, number] {
  if (isSpikes) return [0, 1];
  const list = finite(values);
  const [low, high] = [Math.min(...list), Math.max(...list)];
  if (low <= FAR && high >= -FAR) return [0, 0.5];
  const near = FAR * Math.round((high < 0 ? high : low) / FAR);
  return [near, near + 0.5];
}

export function ownViews(actions: ViewActions): OwnViews {
  const drawing = drawableInput(actions);
  const place = element('div', { class: 'own-traces' });
  const lost = element('p', { class: 'lost', role: 'status', hidden: true });
  const table = valueTable('All values as a table', 't');
  const slope = curve({
    title: 'Surrogate s(u)',
    xName: 'u, the argument of spike(u)',
    ySpan: [0, 1],
    curves: [{ name: 'slope in the place of the step’s', ink: 'var(--ink-gradient)', look: 'line' }],
  });
  slope.element.hidden = true; // until there is one
  let stack: Traces | undefined;
  let stacked = '';
  let tell: ((at: Point) => void) | undefined;
  let drawn: readonly number[] = [];
  let at = 0;

  function moveCursor(step: number): void {
    at = step;
    stack?.moveCursor(step);
    tell?.({ step, value: drawn[step] ?? 0 });
  }

  function stackOf(shown: readonly Trace[]): Traces {
    const panels: TracePanelOptions[] = shown.map((trace, i) => ({
      series: [
        {
          sign: trace.name,
          name: '',
          ink: `var(${trace.isSpikes ? '--ink-spikes' : INKS[i % INKS.length]!})`,
          look: trace.isSpikes ? ('bars' as const) : ('line' as const),
        },
      ],
      span: spanOf(trace),
      yTicks: trace.isSpikes ? 1 : 3,
      share: trace.isSpikes ? 2 : 3,
    }));
    const input: TracePanelOptions = {
      series: [{ sign: 'X', name: 'input current', ink: 'var(--ink-input)', look: 'line' }],
      note: drawing.note,
      span: [-1, 1.5],
      share: 2,
    };
    const gradient: TracePanelOptions = {
      series: [{ sign: '∂', name: 'all that comes out, by x[t]', ink: 'var(--ink-gradient)', look: 'line' }],
      span: [0, 0.5],
      timeAxis: true,
      share: 2,
    };
    return traces({
      label: 'Input, every assigned value and gradient over time steps',
      onCursor: actions.onStep,
      panels: [input, ...panels, gradient],
    });
  }

  return {
    traces: element('div', { class: 'own-stack' }, lost, place),
    table: table.element,
    surrogate: slope.element,
    show(state, { input, traces: all, events, gradient, lost: gone, slope: slopes }) {
      const shown = all.slice(0, MOST);
      const key = JSON.stringify(shown.map((trace) => [trace.name, trace.isSpikes, spanOf(trace)]));
      if (key !== stacked) {
        stacked = key;
        stack = stackOf(shown);
        tell = drawing.on(stack.panels[0]!);
        place.style.setProperty('--panels', String(shown.length + 2));
        place.replaceChildren(stack.element);
      }
      const none: number[] = [];
      // as it is drawn, before its gain
      drawn = inputCurrent(state);
      stack!.show([
        { values: [drawn], events },
        ...shown.map(({ values, isSpikes }) => ({
          values: [finite(values)],
          events: isSpikes ? none : events,
        })),
        { values: [finite(gradient)], events },
      ]);
      moveCursor(at);
      lost.hidden = gone === undefined;
      lost.textContent =
        gone === undefined ? '' : `${gone.name} is no finite number from step ${gone.step + 1} on.`;
      table.show([
        { name: 'x', values: input },
        ...all.map(({ name, values }) => ({ name, values })),
        { name: '∂', values: gradient },
      ]);
      showSlope(slopes);
    },
    moveCursor,
    showUndo: drawing.showUndo,
    showStale: (isStale) => place.classList.toggle('stale', isStale),
  };

  function showSlope(shown: WrittenRun['slope']): void {
    slope.element.hidden = shown === undefined;
    if (shown === undefined) return;
    const { u, s, words } = shown;
    slope.show({ x: u, y: [s], seen: [], words: `Surrogate: ${words}` });
    slope.movePoint(0, s[(s.length - 1) / 2]!);
  }
}
