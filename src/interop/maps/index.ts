// Networks of other tools from their weights: the function, whose inside is loaded when it is called, and the maps
// that the library has.

import type { SafetensorsEntry } from '../../formats/dtypes';
import type { Module } from '../../nn/module';
import { type OptionsOf, optional, optionTable, whole } from '../../options';
import type { NameMap } from './map';

export type { GivenConstants, MapLayer, NameMap } from './map';
export type { NeuronLibrary } from './neurons';

/** What weights do not say, in the place of what the map says. */
export interface FromMapOptions {
  /** T. Default: the map's. */
  timesteps?: number;
}

export const fromMapOptions = optionTable({
  timesteps: optional(whole({ least: 1 }), "the map's"),
} satisfies OptionsOf<FromMapOptions>);

/**
 * The network that weights of another tool are of, filled with them: a map says which layers there are, where each
 * finds its tensors, and the constants of the neurons. It takes images as every network here does, [N,H,W,C], and
 * gives the logits that it gives there.
 * @param map one of the library's by its name ({@link mapNames}), or a map of your own, as JSON has it
 * @param tensors of the file, as `readPyTorch`, `readSafetensors` give them
 * @throws naming the layer and what it found, where the map does not fit the tensors, or where no layer or neuron
 * here does what the map says
 */
export async function fromMap(
  map: string | NameMap,
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  options: FromMapOptions = {},
): Promise<Module> {
  const given = fromMapOptions.read('fromMap', options);
  const { networkOf } = await import('./network');
  return networkOf('fromMap', map, tensors, given);
}

/** The names of the library's own maps. */
export async function mapNames(): Promise<string[]> {
  const { BUILT_IN } = await import('./built-in');
  return Object.keys(BUILT_IN);
}

/**
 * The tensors of a network of {@link fromMap}, as it is now, under the names and in the order in which the file had
 * them that it came from, with what stood beside them there: what `writePyTorch` needs for that model's
 * `load_state_dict`. Those of a network that was built here are as `stateOf` gives them.
 */
export async function theirState(network: Module): Promise<[string, SafetensorsEntry][]> {
  const inside = await import('./origin');
  return inside.theirState(network);
}
