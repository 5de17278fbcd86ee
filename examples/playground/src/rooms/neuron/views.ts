// What the Neuron room shows: the traces with their cursor, φ and the effective surrogate gradient, and the two errors.

import { snap } from '../../frame/fields';
import { curve } from '../../parts/curve';
import { drawable } from '../../parts/draw';
import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { type Domain, roomyDomain } from '../../parts/plot-area';
import { reading } from '../../parts/reading';
import type { TracePanel, TracePanelOptions } from '../../parts/trace-panel';
import { type Traces, traces } from '../../parts/traces';
import { valueTable } from '../../parts/value-table';
import { inputCurrent, withStroke } from './input';
import type { Curves, Simulation } from './simulate';
import { changed, type NeuronState, ranges } from './state';

/** Membranes that the curves always span. */
const MEMBRANE: Domain = [-1, 2];

export const membraneSpan = ({ charged }: Simulation): Domain => roomyDomain(MEMBRANE, charged);

export interface ViewActions {
  readonly state: () => NeuronState;
  readonly onState: (state: NeuronState) => void;
  readonly onStep: (step: number) => void;
  /** Drawing is about to change the input. */
  readonly onStroke: () => void;
  readonly onUndo: () => void;
}

export interface Views {
  readonly traces: HTMLElement;
  readonly table: HTMLElement;
  readonly learning: HTMLElement;
  show(state: NeuronState, simulation: Simulation, curves: Curves): void;
  moveCursor(step: number): void;
  /** Whether there is a stroke to undo. */
  showUndo(possible: boolean): void;
}

/** The input, to be drawn on its panel, with a note that says so. */
export function drawableInput({ state, onState, onStep, onStroke, onUndo }: ViewActions) {
  const undo = element('button', { type: 'button', class: 'plain', title: 'Ctrl+Z', hidden: true }, 'Undo');
  undo.addEventListener('click', onUndo);
  return {
    note: element('span', { class: 'panel-note' }, 'draw here', undo),
    /** @returns tells screen readers what stands under the cursor */
    on: (panel: TracePanel) =>
      drawable(panel, {
        label: 'Input current, drawable: up and down change it, left and right move along time',
        range: ranges.drawn,
        here: () => ({ step: state().step, value: inputCurrent(state())[state().step]! }),
        onBegin: onStroke,
        onDraw: (from, to) => onState(changed(withStroke(state(), from, to), { step: to.step })),
        onMove: (by) => onStep(Math.min(state().T - 1, Math.max(0, state().step + by))),
      }),
    showUndo(possible: boolean) {
      undo.hidden = !possible;
    },
  };
}

export function neuronViews({ state, onState, onStep, onStroke, onUndo }: ViewActions): Views {
  const drawing = drawableInput({ state, onState, onStep, onStroke, onUndo });
  const threshold = {
    name: 'vth',
    onDrag: (value: number) => onState(changed(state(), { vth: snap(value, ranges.vth) })),
  };
  const stack = traceStack(onStep, threshold, drawing.note);
  const tellDrawing = drawing.on(stack.panels[0]!);
  const table = valueTable('All values as a table', 't');
  const phi = curve({
    title: 'Rectifier φ',
    xName: 'membrane H',
    level: threshold,
    ySpan: [-0.5, 1.5],
    curves: [
      { name: 'Ĥ = φ(H)', ink: 'var(--ink-rectified)', look: 'line' },
      { name: 'no MPR', ink: 'var(--ink-charged)', look: 'dashed' },
    ],
  });
  const slope = curve({
    title: 'Surrogate',
    xName: 'membrane H',
    level: threshold,
    ySpan: [0, 2],
    curves: [
      { name: '∂O/∂H', ink: 'var(--ink-gradient)', look: 'line' },
      { name: 'no MPR', ink: 'var(--ink-charged)', look: 'dashed' },
    ],
  });
  const errors = errorFigures();
  let shown: Simulation | undefined;

  function moveCursor(step: number): void {
    stack.moveCursor(step);
    if (shown === undefined) return;
    const membrane = shown.charged[step]!;
    phi.movePoint(membrane, shown.rectified[step]!);
    slope.movePoint(membrane, shown.slope[step]!);
    tellDrawing({ step, value: shown.input[step]! });
  }

  return {
    traces: stack.element,
    table: table.element,
    learning: element('div', { class: 'learning card' }, phi.element, slope.element, errors.element),
    show(now, simulation, { membrane, rectified, slope: effective, plain }) {
      shown = simulation;
      const { input, charged, rectified: after, spikes, carried, error } = simulation;
      const events = Array.from(spikes).flatMap((spike, t) => (spike > 0 ? [t] : []));
      const none: number[] = [];
      stack.show([
        { values: [input], events: none },
        { values: [charged, after], events, level: now.vth },
        { values: [carried], events },
        { values: [spikes], events: none },
      ]);
      table.show([
        { name: 'X', values: input },
        { name: 'H', values: charged },
        { name: 'Ĥ', values: after },
        { name: 'O', values: spikes },
        { name: 'V', values: carried },
        { name: '∂O/∂H', values: simulation.slope },
      ]);
      const seen = (values: ArrayLike<number>) =>
        Array.from(charged, (value, t) => ({ x: value, y: values[t]! }));
      phi.show({
        x: membrane,
        y: [rectified, membrane],
        seen: seen(after),
        level: now.vth,
        words: now.mpr
          ? `φ with k = ${now.k}: membranes above the threshold move towards 1, those below towards 0`
          : 'No rectifier: Ĥ is H',
      });
      const peak = Math.max(...Array.from(effective));
      slope.show({
        x: membrane,
        y: [effective, plain],
        seen: seen(simulation.slope),
        level: now.vth,
        words: `Effective surrogate gradient: highest ${reading(peak)}, at the threshold`,
      });
      errors.show(now, error);
      moveCursor(now.step);
    },
    moveCursor,
    showUndo: drawing.showUndo,
  };
}

function traceStack(
  onCursor: (step: number) => void,
  level: TracePanelOptions['level'],
  note: HTMLElement,
): Traces {
  return traces({
    label: 'Input, membrane and spikes over time steps',
    onCursor,
    panels: [
      {
        series: [{ sign: 'X', name: 'input current', ink: 'var(--ink-input)', look: 'line' }],
        note,
        span: [-1, 1.5],
        share: 3,
      },
      {
        series: [
          { sign: 'H', name: 'charged', ink: 'var(--ink-charged)', look: 'dashed' },
          { sign: 'Ĥ', name: 'rectified', ink: 'var(--ink-rectified)', look: 'line' },
        ],
        span: [-0.5, 1.5],
        yTicks: 4,
        level,
        share: 5,
      },
      {
        series: [{ sign: 'V', name: 'carried over', ink: 'var(--ink-carried)', look: 'line' }],
        span: [-0.5, 0.5],
        share: 3,
      },
      {
        series: [{ sign: 'O', name: 'spikes', ink: 'var(--ink-spikes)', look: 'bars' }],
        span: [0, 1],
        yTicks: 1,
        timeAxis: true,
        share: 2,
      },
    ],
  });
}

/** What to know of φ where the threshold is not at ½; empty where it is. */
function centreWord({ mpr, centred, vth }: NeuronState): string {
  if (!mpr || vth === 0.5) return '';
  const at = (value: number) => String(Number(value.toFixed(2))).replace('-', '−');
  return centred
    ? `Centred at vth = ${at(vth)}, φ draws Ĥ to ${at(vth - 0.5)} and ${at(vth + 0.5)}, not to the spikes 0 and 1: MPR may raise the error.`
    : `φ is centred on ½ and the threshold is at ${at(vth)}: MPR can change spikes.`;
}

/** The quantization error before and after, as two numbers. */
function errorFigures() {
  const [before, after] = [element('data'), element('data')];
  const word = element('p', { class: 'errors-word', hidden: true });
  const { element: about } = hint('the quantization error', {
    text: 'The mean distance between membrane and spike: with vth at ½, watch MPR lower it without a change of spikes.',
    equation: 'quantization',
  });
  const figure = (name: string, ink: string, value: HTMLElement) =>
    element('div', { style: `--series:${ink}` }, element('dt', {}, name), element('dd', {}, value));
  return {
    element: element(
      'section',
      { class: 'errors', 'aria-label': 'Quantization error' },
      element('h2', {}, 'Quantization error ', about),
      element(
        'dl',
        {},
        figure('before, |H − O|', 'var(--ink-charged)', before),
        figure('after, |Ĥ − O|', 'var(--ink-rectified)', after),
      ),
      word,
    ),
    show(state: NeuronState, error: Simulation['error']) {
      word.textContent = centreWord(state);
      word.hidden = word.textContent === '';
      for (const [part, value] of [
        [before, error.before],
        [after, error.after],
      ] as const) {
        part.value = String(value);
        part.textContent = reading(value);
      }
    },
  };
}
