// What the neurons of a trained network have learnt besides weights: layer by layer, and as a neuron's file, from which
// training or the page goes on.

import { SpikegradError } from '../../errors';
import type { Module } from '../../nn';
import { suggestion } from '../../options';
import { type LearnableInFile, type NeuronFile, neuronToJson, Spiking } from '../../snn';
import { textTable } from '../terminal/table';

/** A layer of neurons of equations, with its path. */
type Layer = readonly [path: string, layer: Spiking];

export const equationLayers = (network: Module): Layer[] =>
  [...network.modules()].filter((entry): entry is [string, Spiking] => entry[1] instanceof Spiking);

/** Learnt constants of a neuron's file, by name. */
const learntOf = ({ parameters = {} }: NeuronFile): [string, LearnableInFile][] =>
  Object.entries(parameters).filter(
    (entry): entry is [string, LearnableInFile] => typeof entry[1] === 'object',
  );

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

/** About as many as a float has. */
const digits = (value: number): number => Number(value.toPrecision(6));

/**
 * The neuron with what was learnt in the place of starts: by one layer, or the mean of all of them.
 * @param word the path of a layer; undefined: all
 * @throws for a network without such neurons, and a path that leads to none
 */
export function learntNeuron(layers: readonly Layer[], word?: string): NeuronFile {
  const chosen = word === undefined ? layers : layers.filter(([path]) => path === word);
  const paths = layers.map(([path]) => path);
  if (chosen.length === 0)
    throw new SpikegradError(
      'inspect',
      paths.length === 0
        ? 'this network has no neurons of equations: its LIF is options of the run'
        : `${word} is no layer of neurons${suggestion(word!, paths)}; they are ${paths.join(', ')}`,
    );
  const files = chosen.map(([, layer]) => neuronToJson(layer));
  const [first] = files as [NeuronFile];
  const means = learntOf(first).map(([name, own]) => {
    const values = files.flatMap((file) =>
      learntOf(file).flatMap(([key, { learn }]) => (key === name ? [learn] : [])),
    );
    return [name, { ...own, learn: digits(mean(values)) }] as const;
  });
  return { ...first, parameters: { ...first.parameters, ...Object.fromEntries(means) } };
}

/** A table of what each layer has learnt; nothing where the neurons learn nothing. */
export function learntInWords(layers: readonly Layer[]): string[] {
  const files = layers.map(([path, layer]) => [path, learntOf(neuronToJson(layer))] as const);
  const names = files[0]?.[1].map(([name]) => name) ?? [];
  if (names.length === 0) return [];
  const rows = files.map(([path, learnt]) => [path, ...learnt.map(([, { learn }]) => String(digits(learn)))]);
  return ['', textTable(['learnt by', ...names], rows)];
}
