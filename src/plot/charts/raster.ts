// A spike raster: time runs to the right, every recorded neuron is a row, every spike a mark in it; layers stand one
// under another with their names and the numbers of their neurons.

import { finite, type OptionsOf, option, optional, optionTable, required, text } from '../../options';
import { X_TICK_HEIGHT, xAxis, xRightRoom, xTicks } from '../axes/numeric';
import { emptyNotice, heading, LABEL_SIZE, PAD, TICK_SIZE } from '../frame';
import { formatValue } from '../numbers';
import { checkSize, el, label, px, svgDocument } from '../svg';
import { fitText, textWidth } from '../text';
import { rolePaint } from '../theme';
import { partsKind } from './options';
import { checkRecording, layerName, type RecordedNeurons } from './recording';

/** What {@link rasterChart} draws. */
export interface RasterChartOptions {
  readonly title: string;
  /** Smaller lines under the title. */
  readonly subtitle?: string;
  /** A probe's `recordings()`, or some of them. */
  readonly recordings: readonly RecordedNeurons[];
  /** In px; the height follows from the rows. Default 640. */
  readonly width?: number;
}

export const rasterChartOptions = optionTable({
  title: required(text),
  subtitle: optional(text),
  recordings: required(partsKind<RecordedNeurons>('recordings')),
  width: option(finite(), 640),
} satisfies OptionsOf<RasterChartOptions>);

/** Px of a row: the first where all rows fit into the second, else less, but never under the third. */
const ROW = { most: 9, together: 900, least: 2 } as const;
const NAME_SIZE = 11.5;
/** Px of a mark's width at most. */
const MARK = 8;
/** Px between two numbers of neurons at least. */
const NUMBER_PITCH = 13;

/**
 * Draws a mark for each spike; all recordings begin at step 0.
 * @throws SpikegradError for a width that no chart fits in
 */
export function rasterChart(options: RasterChartOptions): string {
  const given = rasterChartOptions.read('rasterChart', options);
  const { title, subtitle, recordings: layers, width } = given;
  for (const [i, layer] of layers.entries()) checkRecording(`rasterChart: recordings[${i}]`, layer);
  checkSize('rasterChart', width, 120);
  const steps = Math.max(1, ...layers.map((layer) => layer.steps));
  const rows = layers.reduce((sum, { neurons }) => sum + neurons.length, 0);
  const pitch = Math.max(ROW.least, Math.min(ROW.most, ROW.together / Math.max(1, rows)));

  const head = heading(title, width, subtitle);
  const numbersWidth = Math.max(
    12,
    ...layers.flatMap(({ neurons }) => neurons.map((neuron) => textWidth(String(neuron), NAME_SIZE))),
  );
  const left = PAD + numbersWidth + 8;
  const domain = [-0.5, steps - 0.5] as const;
  const ticks = xTicks([0, Math.max(1, steps - 1)], width, true).filter(({ value }) => value < steps);
  const right = width - Math.max(PAD, xRightRoom(ticks));

  let top = head.height + 4;
  const strips: string[] = [];
  for (const layer of layers) {
    strips.push(nameLine(layer, left, right, top + 12));
    top += 18;
    strips.push(strip(layer, { left, right, top, pitch, steps }));
    top += layer.neurons.length * pitch + 8;
  }
  const bottom = Math.max(top, head.height + 60);
  const axis = xAxis({ left, right, bottom }, domain, ticks);
  const line = { x1: left, x2: right, y1: bottom, y2: bottom, stroke: 'currentColor' };
  const under = bottom + X_TICK_HEIGHT + 14;
  return svgDocument({ title, description: describe(layers), width, height: under + PAD }, [
    head.markup,
    ...strips,
    el('line', { ...rolePaint('axis'), ...line }),
    axis.markup,
    label('time step', (left + right) / 2, under, { size: LABEL_SIZE, anchor: 'middle' }),
    ...(rows === 0 ? [emptyNotice({ left, right, top: head.height, bottom })] : []),
  ]);
}

interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly pitch: number;
  readonly steps: number;
}

function nameLine(layer: RecordedNeurons, left: number, right: number, baseline: number): string {
  const rate = `fires ${percent(layer)} of the time`;
  const name = fitText(layerName(layer), NAME_SIZE, right - left - textWidth(rate, NAME_SIZE) - 12);
  return (
    label(name, left, baseline, { role: 'ink', size: NAME_SIZE }) +
    label(rate, right, baseline, { size: NAME_SIZE, anchor: 'end' })
  );
}

/** The rows of a layer: their ground, the numbers of some neurons, and the marks as one path. */
function strip({ neurons, spikes, steps: own }: RecordedNeurons, place: Place): string {
  const { left, right, top, pitch, steps } = place;
  const stepWidth = (right - left) / steps;
  const height = neurons.length * pitch;
  const every = Math.ceil(NUMBER_PITCH / pitch);
  const numbers = neurons.flatMap((neuron, i) =>
    i % every === 0
      ? [
          label(String(neuron), left - 6, top + (i + 0.5) * pitch + TICK_SIZE * 0.33, {
            size: NAME_SIZE,
            anchor: 'end',
          }),
        ]
      : [],
  );
  const gap = pitch < 4 ? 0 : Math.min(1.5, pitch / 5);
  const marks: string[] = [];
  for (let t = 0; t < own; t++) {
    for (const [i] of neurons.entries()) {
      if (!((spikes[t * neurons.length + i] ?? 0) > 0)) continue;
      marks.push(`M${px(left + (t + 0.5) * stepWidth)} ${px(top + i * pitch + gap)}v${px(pitch - 2 * gap)}`);
    }
  }
  const pen = { stroke: 'currentColor', 'stroke-width': Math.max(0.75, Math.min(MARK, stepWidth * 0.6)) };
  return [
    el('rect', { ...rolePaint('page'), x: left, y: top, width: right - left, height }),
    ...numbers,
    ...(marks.length > 0 ? [el('path', { ...rolePaint('ink'), d: marks.join(''), ...pen })] : []),
  ].join('');
}

/** Share of neurons and steps with a spike. */
function percent({ neurons, steps, spikes }: RecordedNeurons): string {
  let fired = 0;
  for (let i = 0; i < neurons.length * steps; i++) if ((spikes[i] ?? 0) > 0) fired++;
  return `${formatValue(Math.round((1000 * fired) / Math.max(1, neurons.length * steps)) / 10)} %`;
}

function describe(layers: readonly RecordedNeurons[]): string {
  const parts = layers.map(
    (layer) =>
      `${layerName(layer)}: ${layer.neurons.length} neurons over ${layer.steps} time steps, firing ${percent(layer)} of the time.`,
  );
  return ['Spike raster.', ...parts].join(' ');
}
