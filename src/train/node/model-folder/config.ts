// config.json of a model's folder, as people publish models on the Hugging Face Hub: which network it is, and what is
// known of its images.
//
//   { "library_name": "spikegrad", "architectures": ["resnet20-small"], "options": { "width": 16, "timesteps": 4, … },
//     "classes": ["cat", …], "mean": [0.5], "deviation": [0.5], "input_shape": [32,32,3] }
//
// Other tools' weights have "architectures": ["map"] and as options a map, or { "extends": "guo-resnet20" }.

import { check, SpikegradError } from '../../../errors';
import type { NameMap } from '../../../interop/maps';
import type { ModelMetadata } from '../../../interop/metadata';
import { decodeMetadata, encodeMetadata } from '../../../interop/metadata';
import { anObject, oneOf, shown, suggestion, text } from '../../../options';
import { ARCHITECTURES, checkNetworkSettings, type NetworkSettings } from '../../settings';

/** Which network a model's folder is of: one of `--arch` with its settings, or a map of another tool's weights. */
export type NetworkConfig =
  | { readonly architecture: (typeof ARCHITECTURES)[number]; readonly options: Omit<NetworkSettings, 'arch'> }
  | { readonly architecture: 'map'; readonly options: NameMap };

/** A model's config.json. */
export type ModelConfig = NetworkConfig & ModelMetadata;

const NAMES = [...ARCHITECTURES, 'map'] as const;
/** Keys of the images, which metadata have as texts. */
const IMAGES = ['classes', 'mean', 'deviation', 'input_shape'] as const;

/** @throws naming the key that is missing or none of what it may be */
export function checkConfig(where: string, { architecture, options }: NetworkConfig): void {
  check(
    oneOf(NAMES).holds(architecture),
    where,
    () =>
      `"architectures" must name one of ${NAMES.join(', ')}, got ${shown(architecture)}${suggestion(String(architecture), NAMES)}`,
  );
  check(anObject.holds(options), where, () => `"options" must be an object, got ${shown(options)}`);
  if (architecture === 'map') return; // which fromMap checks against the tensors
  try {
    checkNetworkSettings(where, { ...options, arch: architecture });
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error;
    throw new SpikegradError(where, `"options": ${error.problem}`, { cause: error });
  }
}

/** The text of the file. */
export function encodeConfig(where: string, config: ModelConfig): string {
  checkConfig(where, config);
  const { architecture, options, ...images } = config;
  const known = Object.entries(encodeMetadata(images)).filter(([key]) => IMAGES.some((one) => one === key));
  const file = {
    library_name: 'spikegrad',
    architectures: [architecture],
    options,
    ...Object.fromEntries(known.map(([key, json]) => [key, JSON.parse(json) as unknown])),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @param where the function and the file */
export function decodeConfig(where: string, json: string): ModelConfig {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (cause) {
    throw new SpikegradError(where, `no JSON: ${String(cause)}`, { cause });
  }
  check(anObject.holds(file), where, () => `an object is expected, got ${shown(file)}`);
  const { architectures, options = {} } = file;
  check(
    Array.isArray(architectures) && architectures.length === 1 && text.holds(architectures[0]),
    where,
    () =>
      `"architectures" must be a list of one name, ["resnet20-small"], got ${shown(architectures)}${architectures === undefined && 'model_type' in file ? '; a config.json of another library says nothing that this one builds: write "architectures" and "options" into it' : ''}`,
  );
  const config = { architecture: architectures[0], options } as NetworkConfig;
  checkConfig(where, config);
  const texts = IMAGES.flatMap((key) => (key in file ? [[key, JSON.stringify(file[key])] as const] : []));
  return { ...config, ...decodeMetadata(where, Object.fromEntries(texts)) };
}
