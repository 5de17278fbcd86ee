// The weights of a model's folder: model.safetensors, or several files of which model.safetensors.index.json says who
// has which tensor.

import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAtomically } from '../../../disk/write';
import { check, SpikegradError } from '../../../errors';
import type { SafetensorsEntry } from '../../../formats/dtypes';
import { readSafetensors, writeSafetensors } from '../../../interop/safetensors';
import { anObject, shown, text } from '../../../options';

const WHOLE = 'model.safetensors';
const INDEX = `${WHOLE}.index.json`;

/** The bytes of a file. @throws where there is none, naming it and what lies in its folder instead */
export async function bytesOf(where: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SpikegradError(where, `cannot read ${path}: ${String(cause)}${await lyingIn(dirname(path))}`, {
      cause,
    });
  }
}

/** What a folder holds, in words; nothing where it is none. */
async function lyingIn(folder: string): Promise<string> {
  const names = (await readdir(folder).catch(() => undefined))?.sort();
  if (names === undefined) return '';
  const more = names.length > 8 ? `, … (${names.length})` : '';
  const other = names.find((name) => /\.(bin|pt|pth)$/.test(name));
  const way =
    other === undefined
      ? ''
      : `; ${other} is read by readPyTorch and loadState, and saveFolder writes this form of it`;
  return `; ${folder} holds ${names.slice(0, 8).join(', ') || 'nothing'}${more}${way}`;
}

async function tensorsOf(where: string, path: string) {
  const bytes = await bytesOf(where, path);
  try {
    return readSafetensors(bytes);
  } catch (cause) {
    if (!(cause instanceof SpikegradError)) throw cause;
    throw new SpikegradError(where, `${path}: ${cause.problem}`, { cause });
  }
}

/** All tensors of a folder by name. @throws naming file and tensor, where the index and the files do not agree */
export async function readWeights(where: string, folder: string): Promise<Map<string, SafetensorsEntry>> {
  const index = join(folder, INDEX);
  if (!existsSync(index)) return (await tensorsOf(where, join(folder, WHOLE))).tensors;
  const places = placesIn(where, index, new TextDecoder().decode(await bytesOf(where, index)));
  const tensors = new Map<string, SafetensorsEntry>();
  for (const file of new Set(places.values())) {
    const path = join(folder, file);
    const found = (await tensorsOf(where, path)).tensors;
    for (const [name, entry] of found) {
      check(
        places.get(name) === file,
        where,
        () =>
          `${path} holds "${name}", which ${index} ${places.has(name) ? `says is in ${places.get(name)}` : 'does not name'}`,
      );
      tensors.set(name, entry);
    }
  }
  for (const [name, file] of places)
    check(tensors.has(name), where, () => `${index} says that "${name}" is in ${file}, which has none`);
  return tensors;
}

/** Which file has which tensor. */
function placesIn(where: string, index: string, json: string): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new SpikegradError(where, `${index} is no JSON: ${String(cause)}`, { cause });
  }
  const map = anObject.holds(value) ? value.weight_map : undefined;
  check(
    anObject.holds(map),
    where,
    () => `${index}: "weight_map" must be an object of file names by tensor, got ${shown(map)}`,
  );
  return new Map(
    Object.entries(map).map(([name, file]) => {
      check(
        text.holds(file) && basename(file) === file && file.endsWith('.safetensors'),
        where,
        () =>
          `${index}: "weight_map" has ${shown(file)} for "${name}"; a .safetensors file beside it is expected`,
      );
      return [name, file] as const;
    }),
  );
}

/**
 * Writes them, in several files where they take more than `most` bytes.
 * @param metadata of each file
 */
export async function writeWeights(
  folder: string,
  entries: readonly (readonly [string, SafetensorsEntry])[],
  metadata: Readonly<Record<string, string>>,
  most: number,
): Promise<void> {
  const shards: (readonly [string, SafetensorsEntry])[][] = [[]];
  let [held, total] = [0, 0];
  for (const entry of entries) {
    const size = entry[1].data.byteLength;
    if (held > 0 && held + size > most) {
      shards.push([]);
      held = 0;
    }
    shards.at(-1)!.push(entry);
    held += size;
    total += size;
  }
  if (shards.length === 1) {
    await writeAtomically(join(folder, WHOLE), writeSafetensors(entries, metadata));
    await rm(join(folder, INDEX), { force: true }); // of another time, which would be read first
    return;
  }
  const number = (n: number) => String(n).padStart(5, '0');
  const places: Record<string, string> = {};
  for (const [i, shard] of shards.entries()) {
    const file = `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`;
    for (const [name] of shard) places[name] = file;
    await writeAtomically(join(folder, file), writeSafetensors(shard, metadata));
  }
  const index = { metadata: { total_size: total }, weight_map: places };
  await writeAtomically(join(folder, INDEX), `${JSON.stringify(index, null, 2)}\n`);
}
