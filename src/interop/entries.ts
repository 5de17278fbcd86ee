// Named tensors that are to be written into a file, checked: whatever a caller gives in the place of a list of them.

import { check } from '../errors';
import { isSafetensorsDtype, SAFETENSORS_DTYPES, type SafetensorsEntry } from '../formats/dtypes';
import { anObject, shown } from '../options';
import { elementCount, isCount, isWellFormed, quote, show } from './safetensors/header';

/** A tensor with its name. */
export type NamedEntry = readonly [string, SafetensorsEntry];

/** The tensors as a list of its own. @throws naming the first that is none, or whose name another has */
export function checkedEntries(where: string, tensors: Iterable<NamedEntry>): NamedEntry[] {
  const list = entriesOf(where, tensors);
  checkEach(where, list);
  return list;
}

/** The tensors as a list. @throws unless they are pairs of a name and an entry */
function entriesOf(where: string, tensors: Iterable<NamedEntry>): NamedEntry[] {
  const iterable = Object(tensors) as Partial<Iterable<unknown>>;
  check(
    typeof iterable[Symbol.iterator] === 'function' && typeof tensors !== 'string',
    where,
    () =>
      `tensors must be a Map or a list of [name, { dtype, shape, data }], got ${shown(tensors)}${tensors instanceof Promise ? '; await it first' : ''}`,
  );
  const list = [...tensors];
  for (const pair of list)
    check(
      Array.isArray(pair) &&
        typeof pair[0] === 'string' &&
        anObject.holds(pair[1]) &&
        Array.isArray(pair[1].shape),
      where,
      () => `each tensor must be [name, { dtype, shape, data }], got ${shown(pair)}`,
    );
  return list;
}

function checkEach(where: string, entries: readonly NamedEntry[]): void {
  const names = new Set<string>();
  for (const [name, { dtype, shape, data }] of entries) {
    const of = `tensor ${quote(name)}`;
    check(isWellFormed(name), where, `${of}: the name is not valid Unicode`);
    check(!names.has(name), where, `${of} is given twice`);
    names.add(name);
    check(isSafetensorsDtype(dtype), where, () => {
      return `${of}: dtype ${show(dtype)} is not one of ${Object.keys(SAFETENSORS_DTYPES).join(', ')}`;
    });
    check(shape.every(isCount), where, () => `${of}: shape ${show(shape)} must hold non-negative integers`);
    const { array } = SAFETENSORS_DTYPES[dtype];
    // By tag, not by instanceof: a typed array from another realm (a worker's, a test runner's) is as good.
    check(
      ArrayBuffer.isView(data) && data[Symbol.toStringTag] === array,
      where,
      () => `${of}: ${dtype} takes its data as ${array}`,
    );
    check(
      elementCount(shape) === data.length,
      where,
      () => `${of}: shape ${show(shape)} has ${elementCount(shape)} elements, data has ${data.length}`,
    );
  }
}
