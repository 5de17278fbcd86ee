// CIFAR's Python version, as torchvision leaves it: a pickle of a dictionary with `data`, [n,3072] bytes in three
// planes, and `labels` (CIFAR-10) or `fine_labels` (CIFAR-100). Whole in memory, unlike the binary version: 31 MB a
// file of CIFAR-10.

import { check, SpikegradError } from '../../errors';
import { unpickle } from '../../formats/pickle';
import { NUMPY_NAMES, PickledArray } from '../../formats/pickle/numpy';

const PIXELS = 3072;

/** Records as they stand in the file. */
export interface CifarRecords {
  /** [n,3072], three planes each. */
  readonly planes: Uint8Array;
  readonly labels: Uint8Array;
}

const unlisted = (name: string) =>
  `the pickle names ${name}, which no file of CIFAR does; it is not opened, since a pickle is a program`;

/** @param name of the set that is wanted, and whose labels these are to be */
export async function readCifarPickle(
  bytes: Uint8Array,
  name: 'cifar10' | 'cifar100',
  where: string,
): Promise<CifarRecords> {
  const content = await unpickle(where, bytes, { meanings: NUMPY_NAMES, unlisted }).catch(
    (error: unknown) => {
      throw error instanceof SpikegradError
        ? new SpikegradError(where, `${error.problem} (the pickle)`)
        : error;
    },
  );
  const entries = content instanceof Map ? namedEntries(content) : new Map<string, unknown>();
  const wanted = name === 'cifar10' ? 'labels' : 'fine_labels';
  const [data, labels] = [entries.get('data'), entries.get(wanted)];
  check(data instanceof PickledArray && Array.isArray(labels), where, () => {
    const keys = [...entries.keys()].slice(0, 6).join(', ') || 'no dictionary';
    const other = entries.has('fine_labels') ? '; this is a file of CIFAR-100' : '';
    return `the pickle has ${keys}, expected data and ${wanted}${other}`;
  });
  const { shape, dtype, bytes: planes, fortran } = data as PickledArray;
  check(
    shape.length === 2 && shape[1] === PIXELS && dtype === 'u1' && !fortran,
    where,
    () => `the pickle's data is [${shape}] of ${dtype}, expected [n,${PIXELS}] of u1, row by row`,
  );
  const classes = name === 'cifar10' ? 10 : 100;
  const list = labels as unknown[];
  const stray = list.findIndex(
    (label) => !Number.isInteger(label) || !((label as number) >= 0 && (label as number) < classes),
  );
  check(stray < 0 && list.length === shape[0], where, () =>
    stray < 0
      ? `the pickle has ${shape[0]} images and ${list.length} labels`
      : `label ${String(list[stray]).slice(0, 20)} of record ${stray} in the pickle is not below ${classes}`,
  );
  return { planes, labels: Uint8Array.from(list as number[]) };
}

/** Keys as texts, which Python 3 may have as bytes. */
function namedEntries(map: ReadonlyMap<unknown, unknown>): Map<string, unknown> {
  return new Map(
    [...map].map(([key, value]) => [
      key instanceof Uint8Array ? String.fromCharCode(...key.subarray(0, 40)) : String(key).slice(0, 40),
      value,
    ]),
  );
}

/** Names of classes, from `batches.meta` or `meta`. @returns undefined where it has none */
export async function readCifarMeta(
  bytes: Uint8Array,
  where: string,
): Promise<readonly string[] | undefined> {
  const content = await unpickle(where, bytes, { meanings: NUMPY_NAMES, unlisted });
  const entries = content instanceof Map ? namedEntries(content) : new Map<string, unknown>();
  const names = entries.get('label_names') ?? entries.get('fine_label_names');
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}
