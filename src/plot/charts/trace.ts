// One neuron over time: its current, its membrane before and after rectification, what it carries over, and its
// spikes as strips behind the lines. A line chart with the colours of H and Ĥ that they have everywhere.

import { check } from '../../errors';
import {
  anObject,
  finite,
  type Kind,
  listOf,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  required,
  text,
  whole,
} from '../../options';
import { lineChart } from './line';
import { checkRecording, layerName, type RecordedNeurons } from './recording';

/** What {@link traceChart} can draw as lines. */
export type Trace = 'current' | 'charged' | 'rectified' | 'carried';

/** What {@link traceChart} draws. */
export interface TraceChartOptions {
  readonly title: string;
  /** Smaller lines under the title. Default: the layer and the number of the neuron. */
  readonly subtitle?: string;
  /** One of a probe's `recordings()`. */
  readonly recording: RecordedNeurons;
  /** Which neuron, by its number in the layer. Default: the first that was recorded. */
  readonly neuron?: number;
  /** Which lines. Default: H, Ĥ where it differs, and X. */
  readonly show?: readonly Trace[];
  /** In px. Default 640. */
  readonly width?: number;
  /** In px. Default 290. */
  readonly height?: number;
}

const NAMES: Readonly<Record<Trace, string>> = {
  current: 'X, current',
  charged: 'H, charged',
  rectified: 'Ĥ, rectified',
  carried: 'V, carried over',
};

export const traceChartOptions = optionTable({
  title: required(text),
  subtitle: optional(text, 'the layer and the number of the neuron'),
  recording: required(anObject as Kind<object> as Kind<RecordedNeurons>),
  neuron: optional(whole({ least: 0 }), 'the first that was recorded'),
  show: optional(
    listOf(oneOf(['current', 'charged', 'rectified', 'carried'])),
    'H, Ĥ where it differs, and X',
  ),
  width: option(finite(), 640),
  height: option(finite(), 290),
} satisfies OptionsOf<TraceChartOptions>);

/** Half of the width of a spike's strip, in time steps, and in shares of the whole time where steps are too narrow. */
const HALF = { step: 0.12, whole: 0.0015 } as const;

/**
 * Draws potentials over time steps, the threshold, and a strip wherever the neuron fires.
 * @throws SpikegradError where the neuron was not recorded, or a line was asked for that was not
 */
export function traceChart(options: TraceChartOptions): string {
  const given = traceChartOptions.read('traceChart', options);
  const { recording } = given;
  checkRecording('traceChart: recording', recording);
  const { neurons, steps, spikes, vth } = recording;
  const name = layerName(recording);
  const neuron = given.neuron ?? neurons[0] ?? 0;
  const at = neurons.indexOf(neuron);
  check(
    at >= 0,
    'traceChart',
    () => `neuron ${neuron} of ${name} was not recorded; ${neurons.slice(0, 12).join(', ')} were`,
  );
  const column = (numbers: ArrayLike<number>) =>
    Array.from({ length: steps }, (_, t) => [t, numbers[t * neurons.length + at]!] as const);
  const differs = recording.rectified?.length !== undefined && !same(recording.rectified, recording.charged);
  const all: readonly Trace[] = differs ? ['charged', 'rectified', 'current'] : ['charged', 'current'];
  const shown = given.show ?? all.filter((trace) => recording[trace] !== undefined);
  const series = shown.map((trace) => {
    const numbers = recording[trace];
    check(numbers, 'traceChart', () => `the recording of ${name} has no '${trace}': probe with membranes`);
    const quantity = trace === 'charged' || trace === 'rectified' ? trace : undefined;
    return { name: NAMES[trace], points: column(numbers), quantity, dashed: trace === 'current' };
  });
  const half = Math.max(HALF.step, steps * HALF.whole);
  return lineChart({
    title: given.title,
    subtitle: given.subtitle ?? `${name}, neuron ${neuron}; grey strips: spikes`,
    xLabel: 'time step',
    series,
    bands: column(spikes)
      .filter(([, spike]) => spike > 0)
      .map(([t]) => ({ axis: 'x', from: t - half, to: t + half })),
    guides: vth === undefined ? [] : [{ axis: 'y', at: vth, label: 'vth' }],
    width: given.width,
    height: given.height,
  });
}

function same(a: ArrayLike<number>, b: ArrayLike<number> | undefined): boolean {
  return b !== undefined && Array.from(a).every((value, i) => Object.is(value, b[i]));
}
