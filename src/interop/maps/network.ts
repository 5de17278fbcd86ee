// A whole network of a map: the map with what it extends, the names of the file as the map has them, the layers, and
// time around those that have any.

import { check, SpikegradError } from '../../errors';
import type { SafetensorsEntry } from '../../formats/dtypes';
import { type Module, Sequential } from '../../nn';
import { anObject, checkKind, kind, shown, suggestion, text } from '../../options';
import { Direct, TimeMean } from '../../snn';
import { rememberMetadata } from '../metadata';
import { type FileTensors, fileTensors } from '../state';
import { Builder } from './build';
import { BUILT_IN } from './built-in';
import { FileOfLayers } from './file';
import { LastStep, TimeSum } from './layers';
import { checkNameMap, type MapLayer, type NameMap } from './map';
import { rememberCompanions } from './origin';

const aMap = kind<string | NameMap>(
  'the name of a map, or a map as JSON has it',
  (value) => text.holds(value) || anObject.holds(value),
);
/** A map with what it extends; its own entries count. */
export function wholeMap(where: string, map: string | NameMap, depth = 0): NameMap {
  checkKind(where, 'map', aMap, map);
  if (typeof map === 'string') {
    const names = Object.keys(BUILT_IN);
    check(
      Object.hasOwn(BUILT_IN, map),
      where,
      () =>
        `there is no map ${shown(map)}${suggestion(map, names)} (there are ${names.join(', ')}; or give a map of your own)`,
    );
    return wholeMap(where, BUILT_IN[map]!, depth + 1);
  }
  const { extends: base, ...own } = checkNameMap(where, map);
  if (base === undefined) return own;
  check(depth < 8, where, () => `maps extend one another for ever: ${base}`);
  const below = wholeMap(where, base, depth + 1);
  // other constants for the same class; those of another class are its own
  const neuron = own.neuron?.kind === undefined ? { ...below.neuron, ...own.neuron } : own.neuron;
  return { ...below, ...own, neuron };
}

export function networkOf(
  where: string,
  given: string | NameMap,
  file: FileTensors,
  options: { readonly timesteps?: number },
): Module {
  const map = wholeMap(where, given);
  checkKind(where, 'tensors', fileTensors, file);
  const { inputShape, layers, output = 'mean', classes, mean, deviation } = map;
  check(
    inputShape !== undefined && layers !== undefined,
    where,
    () => `the map ${shown(given)} needs inputShape and layers`,
  );
  const { tensors, names, omitted } = renamed(where, map, file);
  const layersOf = new FileOfLayers(where, tensors, names);
  const builder = new Builder(where, map, layersOf);
  const steps = options.timesteps ?? map.timesteps;
  const first = layers.findIndex(hasNeuron);
  const build = () => {
    if (first < 0) return builder.chain(layers, { shape: inputShape }).module;
    check(
      steps !== undefined,
      where,
      'the network has neurons, and neither the map nor the options say timesteps',
    );
    const before = builder.chain(layers.slice(0, first), { shape: inputShape });
    const after = builder.chain(layers.slice(first), before.output, '', first);
    const readout = output === 'mean' ? new TimeMean() : output === 'sum' ? new TimeSum() : new LastStep();
    return new Sequential([...before.module.layers, new Direct(steps), ...after.module.layers, readout]);
  };
  const network = build();
  const left = [...tensors.keys()].filter(
    (name) => !layersOf.filled.has(name) && !layersOf.told.has(name) && !PASSED.test(name),
  );
  check(
    left.length === 0,
    where,
    () =>
      `the map does not say what ${left.slice(0, 4).join(', ')}${left.length > 4 ? ` and ${left.length - 4} more` : ''} of the file are`,
  );
  const beside = [...tensors].filter(([name]) => !layersOf.filled.has(name));
  rememberCompanions(network, [
    ...beside.map(([name, entry]): [string, SafetensorsEntry] => [names.get(name)!, entry]),
    ...omitted,
  ]);
  rememberMetadata(network, { inputShape, classes, mean, deviation });
  network.evaluate();
  return network;
}

/** Counters, membranes and constants of neurons that no network here needs from a file. */
const PASSED =
  /(^|\.)(num_batches_tracked|mem|spk|v_mem|i_syn|graded_spikes_factor|reset_mechanism_val|spike_threshold|threshold|min_v_mem)$/;

function hasNeuron(layer: MapLayer): boolean {
  if ('neuron' in layer) return true;
  const both = layer.sum ?? layer.and ?? layer.iand;
  return Array.isArray(both) && (both as MapLayer[][]).some((branch) => branch.some(hasNeuron));
}

/**
 * The tensors of a file under a map's names, without what it omits and what no network here needs, for a network that
 * is built otherwise.
 */
export function tensorsByMap(where: string, map: NameMap, file: FileTensors, network: Module): FileTensors {
  const known = network.state();
  const { tensors } = renamed(where, map, file);
  return new Map([...tensors].filter(([name]) => known.has(name) || !PASSED.test(name)));
}

/** The tensors under the map's names, the names that they have in the file, and what the map omits. */
function renamed(
  where: string,
  { rename = [], refuse = [], omit = [] }: NameMap,
  file: FileTensors,
): {
  tensors: FileTensors;
  names: ReadonlyMap<string, string>;
  omitted: readonly [string, SafetensorsEntry][];
} {
  const isOmitted = (name: string) => omit.some((pattern) => regularExpression(where, pattern).test(name));
  const tensors = [...file].filter(([name]) => !isOmitted(name));
  for (const [pattern, why] of refuse) {
    const found = tensors.find(([name]) => regularExpression(where, pattern).test(name));
    if (found !== undefined) throw new SpikegradError(where, `the file has "${found[0]}": ${why}`);
  }
  const result = new Map<string, SafetensorsEntry>();
  const names = new Map<string, string>();
  for (const [name, entry] of tensors) {
    let to = name;
    for (const [pattern, replacement] of rename)
      to = to.replace(regularExpression(where, pattern), replacement);
    check(
      !result.has(to),
      where,
      () => `two tensors of the file are both called ${to} by the map: one of them is ${name}`,
    );
    result.set(to, entry);
    names.set(to, name);
  }
  return { tensors: result, names, omitted: [...file].filter(([name]) => isOmitted(name)) };
}

function regularExpression(where: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw new SpikegradError(where, `the map's pattern ${JSON.stringify(pattern)} is no regular expression`, {
      cause,
    });
  }
}
