// From what a pickle says to named tensors: which dictionary of a checkpoint is the network's, and what stands beside
// it.

import { check } from '../../errors';
import { PickledTensor } from './storage';

/** What lies in a file, by place: keys and positions, joined by dots. */
export interface Contents {
  /** Of the network, by the names in its dictionary. */
  readonly tensors: Map<string, PickledTensor>;
  readonly from: string;
  readonly others: Map<string, PickledTensor>;
  readonly values: Map<string, number | bigint | string | boolean | null>;
}

/** Under which names training scripts put the network's, the surest first. */
const NETWORK = [
  'state_dict',
  'model_state_dict',
  'model',
  'net',
  'network',
  'module',
  'weights',
  'params',
  'snn',
];
/** Under which they put what is not. */
const BESIDE = /optim|sched|scaler|ema|rng|random|loss|metric/i;
const DEEPEST = 16;

/** @param most entries to go through: shared ones may stand for more than memory holds */
export function contentsOf(where: string, root: unknown, most: number): Contents {
  const tensors = new Map<string, PickledTensor>();
  const values: Contents['values'] = new Map();
  let seen = 0;
  const collect = (value: unknown, path: string, depth: number): void => {
    check(++seen <= most, where, 'the pickle has more entries than bytes; the file is damaged');
    check(
      depth <= DEEPEST,
      where,
      () => `the pickle is over ${DEEPEST} dictionaries deep at ${path.slice(0, 80)}`,
    );
    if (value instanceof PickledTensor) tensors.set(path, value);
    else if (value instanceof Map || Array.isArray(value))
      for (const [key, inner] of value.entries()) collect(inner, join(path, keyOf(key)), depth + 1);
    else if (isPlain(value)) values.set(path, value);
  };
  collect(root, '', 0);
  if (root instanceof PickledTensor)
    return { tensors: new Map([['', root]]), from: '', others: new Map(), values };
  check(tensors.size > 0, where, () => `the file holds no tensors, but ${inWords(root)}`);
  const from = networkIn(root, '');
  const [own, others] = [new Map<string, PickledTensor>(), new Map<string, PickledTensor>()];
  for (const [path, tensor] of tensors)
    if (from === '') own.set(path, tensor);
    else if (path.startsWith(`${from}.`)) own.set(path.slice(from.length + 1), tensor);
    else others.set(path, tensor);
  if (from !== '') for (const path of values.keys()) if (path.startsWith(`${from}.`)) values.delete(path);
  return { tensors: own, from, others, values };
}

const isPlain = (value: unknown): value is number | bigint | string | boolean | null =>
  value === null || ['number', 'bigint', 'string', 'boolean'].includes(typeof value);

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);
const keyOf = (key: unknown) => (isPlain(key) ? String(key) : 'a key');

/** The place of the dictionary that is the network's: the innermost that holds tensors itself, on the likeliest way. */
function networkIn(value: unknown, path: string): string {
  if (!(value instanceof Map)) return path;
  const inner = [...value].filter(([, one]) => one instanceof Map && holdsTensors(one));
  const likely = inner.filter(([key]) => !BESIDE.test(keyOf(key)));
  const named = NETWORK.flatMap((name) => likely.filter(([key]) => key === name));
  // beside a network stand single numbers at most, such as a best accuracy
  const own = [...value.values()].filter((one) => one instanceof PickledTensor);
  if (inner.length === 0 || own.some(({ shape }) => named.length === 0 || shape.length > 0)) return path;
  const [chosen] = named.length > 0 ? named : likely;
  if (chosen === undefined || (named.length === 0 && likely.length > 1)) return path;
  return networkIn(chosen[1], join(path, keyOf(chosen[0])));
}

function holdsTensors(value: unknown, depth = 0): boolean {
  if (value instanceof PickledTensor) return true;
  if (depth > DEEPEST || !(value instanceof Map || Array.isArray(value))) return false;
  return [...value.values()].some((inner) => holdsTensors(inner, depth + 1));
}

function inWords(root: unknown): string {
  if (!(root instanceof Map)) return Array.isArray(root) ? `a list of ${root.length}` : 'a single value';
  const keys = [...root.keys()].slice(0, 6).map((key) => keyOf(key).slice(0, 40));
  return root.size === 0
    ? 'an empty dictionary'
    : `a dictionary of ${keys.join(', ')}${root.size > 6 ? ', …' : ''}`;
}
