// A map: which network another tool's weights are of, as data. A state dictionary names tensors and says nothing of
// neurons, pools and time; a map, a JSON file that anybody can write, says that: the layers in order, where each
// finds its tensors, and the constants of the neurons under the names that they have there.

import { check, SpikegradError } from '../../errors';
import { perAxis } from '../../ops/sides';
import {
  anObject,
  finite,
  flag,
  type Kind,
  kind,
  listOf,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  required,
  shown,
  suggestion,
  text,
  whole,
} from '../../options';
import { type ModelMetadata, modelMetadata } from '../metadata';
import { LIBRARIES, type NeuronLibrary } from './neurons';

/** Constants of a neuron under the names of its library. */
export type GivenConstants = Readonly<Record<string, unknown>>;

/** Which network another tool's weights are of. */
export interface NameMap extends ModelMetadata {
  /** What it is a map of, for people. */
  readonly title?: string;
  /** Another map that this one changes: its name among the library's own. */
  readonly extends?: string;
  /** Whose neurons they are. */
  readonly library?: NeuronLibrary;
  /** T of the network that was trained; its first layers see an image once. */
  readonly timesteps?: number;
  /** What is made of the outputs of the time steps. Default `mean`. */
  readonly output?: 'mean' | 'sum' | 'last';
  /** Class and constants of the neurons, for all that do not say it themselves. */
  readonly neuron?: GivenConstants;
  /** Patterns of names in the file, and what to read in their place: each after the one before it. */
  readonly rename?: readonly (readonly [pattern: string, replacement: string])[];
  /** Patterns of names in the file that belong to something else, such as a second network beside this one. */
  readonly omit?: readonly string[];
  /** Patterns of names whose presence means that the network is another, and which. */
  readonly refuse?: readonly (readonly [pattern: string, why: string])[];
  /** The layers in order. */
  readonly layers?: readonly MapLayer[];
}

/** One layer: its kind, with the name that its tensors begin with where it has some, and its options. */
export type MapLayer = Readonly<Record<string, unknown>>;

const pairs: Kind<readonly (readonly [string, string])[]> = kind(
  'a list of [pattern, text]',
  (value) =>
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((part) => text.holds(part))),
);
const layers: Kind<readonly MapLayer[]> = kind(
  "a list of layers, such as { conv: '0' }",
  (value) => Array.isArray(value) && value.length > 0 && value.every((one) => anObject.holds(one)),
);

const nameMap = /* @__PURE__ */ modelMetadata.with({
  title: optional(text),
  extends: optional(text),
  library: optional(oneOf(LIBRARIES)),
  timesteps: optional(whole({ least: 1 })),
  output: optional(oneOf(['mean', 'sum', 'last'])),
  neuron: optional(anObject as Kind<GivenConstants>),
  rename: optional(pairs),
  omit: optional(listOf(text)),
  refuse: optional(pairs),
  layers: optional(layers),
} satisfies OptionsOf<Omit<NameMap, keyof ModelMetadata>>);

const name = text;
const yes = kind<true>('true', (value) => value === true);
const branches: Kind<readonly (readonly MapLayer[])[]> = kind(
  'two lists of layers, of which one may be empty',
  (value) => Array.isArray(value) && value.length === 2 && value.every((one) => Array.isArray(one)),
);

const windows = {
  stride: option(perAxis(1), 1),
  padding: option(perAxis(0), 0),
  dilation: option(perAxis(1), 1),
  groups: option(whole({ least: 1 }), 1),
};

/** The options of each kind of layer, with PyTorch's defaults. */
export const LAYERS = {
  conv: optionTable({ conv: required(name), ...windows }),
  transposedConv: optionTable({
    transposedConv: required(name),
    ...windows,
    outputPadding: option(perAxis(0), 0),
  }),
  norm: optionTable({
    norm: required(name),
    epsilon: option(finite({ least: 0 }), 1e-5),
    scale: option(finite({ above: 0 }), 1),
  }),
  linear: optionTable({ linear: required(name) }),
  averagePool: optionTable({
    averagePool: required(perAxis(1)),
    stride: optional(perAxis(1)),
    padding: option(perAxis(0), 0),
    ceil: option(flag, false),
    countIncludePad: option(flag, true),
  }),
  maxPool: optionTable({
    maxPool: required(perAxis(1)),
    stride: optional(perAxis(1)),
    padding: option(perAxis(0), 0),
    dilation: option(perAxis(1), 1),
    ceil: option(flag, false),
  }),
  globalAveragePool: optionTable({ globalAveragePool: required(yes) }),
  flatten: optionTable({ flatten: required(yes) }),
  relu: optionTable({ relu: required(yes) }),
  dropout: optionTable({ dropout: required(finite({ least: 0, below: 1 })) }),
  sum: optionTable({ sum: required(branches) }),
  and: optionTable({ and: required(branches) }),
  iand: optionTable({ iand: required(branches) }),
};

/** Layers that maps may come to name. */
const NOT_YET: Readonly<Record<string, string>> = {
  recurrent:
    "recurrent layers are neurons in a map, { neuron: NAME, kind: 'RLeaky' }; others stand in none yet",
};

export type MapLayerKind = keyof typeof LAYERS | 'neuron';

/** The kind of a layer. @throws naming what it is where there is no such kind */
export function layerKind(where: string, layer: MapLayer, place: string): MapLayerKind {
  const kinds = [...Object.keys(LAYERS), 'neuron'];
  const keys = Object.keys(layer);
  const [known, ...more] = keys.filter((key) => kinds.includes(key));
  const later = keys.find((key) => Object.hasOwn(NOT_YET, key));
  if (later !== undefined) throw new SpikegradError(where, `layer ${place} of the map: ${NOT_YET[later]}`);
  check(
    known !== undefined && more.length === 0,
    where,
    () =>
      `layer ${place} of the map is ${shown(layer)}; one of ${kinds.join(', ')} says what it is${suggestion(keys[0] ?? '', kinds)}`,
  );
  return known as MapLayerKind;
}

/** @throws naming the first entry that cannot be */
export function checkNameMap(where: string, value: unknown): NameMap {
  nameMap.check(where, value as never);
  return value as NameMap;
}
