// What a model file says of the images that its network takes and of what it tells apart, under the same keys in
// safetensors and ONNX. Every part may be missing: older files, and those of other tools, say nothing.

import type { Shape } from '../backends/shape';
import { SpikegradError } from '../errors';
import {
  finite,
  type Kind,
  kind,
  listOf,
  type OptionsOf,
  optional,
  optionTable,
  shown,
  text,
  whole,
} from '../options';

/** What is known of a network's images and classes. */
export interface ModelMetadata {
  /** The name of each class, in the order of the network's outputs. */
  readonly classes?: readonly string[];
  /** Mean of pixels from 0 to 1, one value a channel: the network takes (pixel - mean)/deviation. */
  readonly mean?: readonly number[];
  /** Standard deviation of pixels from 0 to 1, one value a channel. */
  readonly deviation?: readonly number[];
  /** One image [H,W,C]; or one vector [N]. */
  readonly inputShape?: Shape;
}

const names: Kind<readonly string[]> = kind(
  'a list of names',
  (value) => Array.isArray(value) && value.length > 0 && value.every(text.holds),
);

export const modelMetadata = optionTable({
  classes: optional(names),
  mean: optional(listOf(finite())),
  deviation: optional(listOf(finite({ above: 0 }))),
  inputShape: optional(listOf(whole({ least: 1 })) as Kind<Shape>),
} satisfies OptionsOf<ModelMetadata>);

/** Keys of a file's metadata. */
const KEYS = { classes: 'classes', mean: 'mean', deviation: 'deviation', inputShape: 'input_shape' } as const;

/** What a file says besides of how an image lies in it, for people. */
const LAYOUT = 'input_layout';

/** Lists as JSON, and the layout in words. @param layout of a batch of images */
export function encodeMetadata(
  { inputShape, ...lists }: ModelMetadata,
  layout: 'channels last' | 'channels first' = 'channels last',
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, key] of Object.entries(KEYS)) {
    const value = (lists as Record<string, unknown>)[name];
    if (value !== undefined) texts[key] = JSON.stringify(value);
  }
  if (inputShape === undefined) return texts;
  const turned = layout === 'channels first' && inputShape.length === 3;
  const [height, width, channels] = inputShape;
  texts[KEYS.inputShape] = JSON.stringify(turned ? [channels, height, width] : inputShape);
  if (inputShape.length === 3) texts[LAYOUT] = turned ? '[N,C,H,W]' : '[N,H,W,C]';
  return texts;
}

/**
 * What a file's metadata say of images and classes; keys of others are left alone.
 * @throws naming the key, when its value is none of ours
 */
export function decodeMetadata(where: string, texts: Readonly<Record<string, string>>): ModelMetadata {
  const found: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(KEYS)) {
    const written = texts[key];
    if (written === undefined) continue;
    const value = parsed(written);
    const { kind } = modelMetadata.specs[name as keyof typeof KEYS];
    if (!kind.holds(value))
      throw new SpikegradError(
        where,
        `metadata "${key}" must be ${kind.wanted} as JSON, got ${shown(written)}`,
      );
    found[name] = value;
  }
  const { inputShape, ...lists } = found as ModelMetadata;
  if (inputShape === undefined) return lists;
  const [first, second, third] = inputShape;
  const isTurned = texts[LAYOUT] === '[N,C,H,W]' && inputShape.length === 3;
  return { ...lists, inputShape: isTurned ? [second!, third!, first!] : inputShape };
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/** What each network is known to take and to tell, since a file was loaded into it. */
const known = new WeakMap<object, ModelMetadata>();

/** Keeps what a file said of a network, for `predict` and exports. */
export function rememberMetadata(network: object, metadata: ModelMetadata): void {
  known.set(network, metadata);
}

/** What is known of a network; nothing where no file was loaded. */
export function metadataOf(network: object): ModelMetadata {
  return known.get(network) ?? {};
}
