// What the Neuron room shows: the traces with their cursor, φ and the effective surrogate gradient, and the two errors.

import { snap } from '../../frame/fields';
import { curve } from '../../parts/curve';
import { drawable } from '../../parts/draw';
import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { type Domain, roomyDomain } from '../../parts/plot-area';
import { reading } from '../../parts/reading';
import type { TracePanelOptions } from '../../parts/trace-panel';
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
}

export interface Views {
  readonly traces: HTMLElement;
  readonly table: HTMLElement;
  readonly learning: HTMLElement;
  show(state: NeuronState, simulation: Simulation, curves: Curves): void;
  moveCursor(step: number): void;
}

export function neuronViews({ state, onState, onStep }: ViewActions): Views {
  const threshold = {
    name: 'vth',
    onDrag: (value: number) => onState(changed(state(), { vth: snap(value, ranges.vth) })),
  };
  const stack = traceStack(onStep, threshold);
  const tellDrawing = drawable(stack.panels[0]!, {
    label: 'Input current, drawable: up and down change it, left and right move along time',
    range: ranges.drawn,
    here: () => ({ step: state().step, value: inputCurrent(state())[state().step]! }),
    onDraw: (from, to) => onState(changed(withStroke(state(), from, to), { step: to.step })),
    onMove: (by) => onStep(Math.min(state().T - 1, Math.max(0, state().step + by))),
  });
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
      errors.show(error);
      moveCursor(now.step);
    },
    moveCursor,
  };
}

function traceStack(onCursor: (step: number) => void, level: TracePanelOptions['level']): Traces {
  return traces({
    label: 'Input, membrane and spikes over time steps',
    onCursor,
    panels: [
      {
        series: [{ sign: 'X', name: 'input current', ink: 'var(--ink-input)', look: 'line' }],
        note: 'draw here',
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

/** The quantization error before and after, as two numbers. */
function errorFigures() {
  const [before, after] = [element('data'), element('data')];
  const { element: about } = hint('the quantization error', {
    text: 'The mean distance between membrane and spike: watch MPR lower it without a change of spikes.',
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
    ),
    show(error: Simulation['error']) {
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
