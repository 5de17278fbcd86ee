// Which names of a file's tensors are which of a network's: under a prefix, with counters passed over, and in words
// where the two do not fit.

import type { Tensor } from '../../core/tensor';
import type { StateEntry } from '../../nn/module';
import type { SafetensorsEntry } from '../safetensors';

/** How the tensors of a file and those of a network go together. */
export interface NamesCompared {
  /** Name in the network and tensor, for all that the file has; what is shared, under each of its names there. */
  readonly present: readonly (readonly [string, StateEntry])[];
  /** Of the network, and not in the file; what is shared, by its first name. */
  readonly missing: readonly string[];
  /** Of the file, and not in the network, as the file has them. PyTorch's counters of batches are not among them. */
  readonly leftOver: readonly string[];
}

/** PyTorch's batch norm counts its batches, which nothing here needs. */
const COUNTER = /(^|\.)num_batches_tracked$/;

/** @param prefix of the names in the file; what does not begin so is no concern of the network's */
export function compareNames(
  names: ReadonlyMap<string, StateEntry>,
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  prefix: string,
): NamesCompared {
  const present = [...names].filter(([name]) => tensors.has(prefix + name));
  const found = new Set<Tensor>(present.map(([, { tensor }]) => tensor));
  const missing = [...names]
    .filter(([, { tensor }]) => !found.has(tensor) && found.add(tensor)) // by its first name
    .map(([name]) => name);
  const leftOver = [...tensors.keys()].filter(
    (name) => name.startsWith(prefix) && !names.has(name.slice(prefix.length)) && !COUNTER.test(name),
  );
  return { present, missing, leftOver };
}

/** Names that neurons of other frameworks keep their constants and membranes under. */
const NEURON =
  /(^|\.)(alpha|beta|tau|tau_mem|tau_syn|threshold|v_threshold|v_th|v_reset|spike_threshold|graded_spikes_factor|reset_mechanism_val|mem|syn|spk|v|v_mem|i_syn|w)$/;

/**
 * Why a file does not fit, and what to do.
 * @param prefix that was given
 */
export function misfitInWords(
  names: ReadonlyMap<string, StateEntry>,
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  prefix: string,
  { missing, leftOver }: NamesCompared,
): string {
  const other = prefixThatFits(names, tensors, prefix);
  if (other !== undefined) {
    const how =
      other === '' ? 'names there have no such prefix: leave it out' : `pass { prefix: '${other}' }`;
    return `${unlikeNames(missing, tensors)}; the names of the network stand there behind "${other}": ${how}`;
  }
  if (leftOver.length === 0) return unlikeNames(missing, tensors);
  const strangers = `the file has tensors that this network does not: ${listNames(leftOver)}`;
  if (missing.length > 0)
    return `${strangers}; it lacks ${listNames(missing)}; was it made with another architecture?`;
  const advice = leftOver.every((name) => NEURON.test(name))
    ? 'neurons have such constants from their options here (tau, vth); { strict: false } leaves them out'
    : 'was it made with another architecture? { strict: false } leaves them out';
  return `${strangers}; ${advice}`;
}

const unlikeNames = (missing: readonly string[], tensors: ReadonlyMap<string, unknown>) =>
  `tensor "${missing[0]}" is missing${missing.length > 1 ? `, with ${missing.length - 1} more` : ''}; the file has ${listNames([...tensors.keys()])}`;

/** Another prefix under which the file has more of the network's names than under the one given. */
function prefixThatFits(
  names: ReadonlyMap<string, StateEntry>,
  tensors: ReadonlyMap<string, unknown>,
  given: string,
): string | undefined {
  const under = (prefix: string) => [...names.keys()].filter((name) => tensors.has(prefix + name)).length;
  const prefixes = new Set<string>();
  for (const name of tensors.keys())
    for (let dot = -1; dot < name.length; ) {
      if (names.has(name.slice(dot + 1))) prefixes.add(name.slice(0, dot + 1));
      dot = name.indexOf('.', dot + 1);
      if (dot < 0) break;
    }
  let [best, most] = [undefined as string | undefined, Math.max(under(given), Math.ceil(names.size / 2) - 1)];
  for (const prefix of prefixes) {
    const count = under(prefix);
    if (count > most) [best, most] = [prefix, count];
  }
  return best;
}

/** Four of them, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown || 'none';
}
