// A network as a table to read, made from its description.

import type { LayerDescription } from './description';
import { type DescribeOptions, describeNetwork } from './description/describe';
import { checkModule, type Module } from './module';

const count = (value: number): string => value.toLocaleString('en-US');
const things = (value: number, thing: string): string => `${count(value)} ${thing}${value === 1 ? '' : 's'}`;

/** What comes out of a layer for one image: `[32,32,16]`, and over time `4 x [32,32,16]`. */
export function outputInWords({ outputShape, timesteps }: LayerDescription): string {
  if (outputShape === undefined) return '';
  return `${timesteps === undefined ? '' : `${timesteps} x `}[${outputShape}]`;
}

/** What a layer is, in a word or two: `Conv2d`, `Lif, mpr`, `sum`. */
export function layerInWords(layer: LayerDescription): string {
  const name = layer.type || layer.kind;
  if (layer.kind === 'neuron' && layer.neuron.rectifier !== null)
    return `${name}, ${layer.neuron.rectifier.name}`;
  return name;
}

/** `272,474 parameters, 41,123,456 multiply-accumulates for one image over 4 time steps`. */
export function totalsInWords(network: Module, options: DescribeOptions = {}): string {
  const { parameters, operations, inputShape, timesteps } = describeNetwork('summary', network, options);
  const time = timesteps === undefined ? '' : ` over ${things(timesteps, 'time step')}`;
  const work =
    operations === undefined || inputShape === undefined
      ? ''
      : `, ${count(operations)} dense multiply-accumulates for one image${time}`;
  return `${things(parameters, 'parameter')}${work}`;
}

/**
 * The layers of a network as a table: name, class, what comes out for one image, parameters and dense
 * multiply-accumulates, and their sums. Without an input shape there are neither shapes nor operations.
 * @throws naming the layer, where the shapes do not fit
 */
export function summary(network: Module, options: DescribeOptions = {}): string {
  checkModule('summary', network);
  const { layers } = describeNetwork('summary', network, options);
  const head = ['layer', 'kind', 'output', 'parameters', 'operations'];
  const rows = layers.map((layer) => [
    layer.path,
    layerInWords(layer),
    outputInWords(layer),
    count(layer.parameters),
    options.inputShape === undefined || layer.operations === undefined ? '' : count(layer.operations),
  ]);
  const widths = head.map((name, c) => Math.max(name.length, ...rows.map((row) => row[c]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => (c < 3 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    totalsInWords(network, options),
  ].join('\n');
}
