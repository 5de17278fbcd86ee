// The inside of a PyTorch file: a zip archive with NAME/data.pkl, a pickle that names tensors, NAME/data/…, their
// numbers, and NAME/byteorder. Format: torch.serialization; https://pytorch.org/docs/stable/notes/serialization.html

import { check } from '../../errors';
import type { SafetensorsEntry } from '../../formats/dtypes';
import { unpickle } from '../../formats/pickle';
import { unzip } from '../../formats/zip';
import { fileKind, foreign } from '../../magic';
import { contentsOf } from './contents';
import type { PyTorchFile } from './index';
import { meanings } from './names';
import { ElementType, PickledStorage, type PickledTensor, Storages } from './storage';
import {
  BEFORE_1_6,
  EXPORTED,
  MODULE_BEFORE_1_6,
  PLAIN_PICKLE,
  TAR,
  TORCHSCRIPT,
  unlisted,
  WHOLE_MODULE,
} from './words';

/** What a file is instead of an archive of weights, where that is known. */
const REFUSED: Readonly<Record<string, string>> = {
  oldPytorch: BEFORE_1_6,
  tar: TAR,
  pickle: PLAIN_PICKLE,
};

/** The text "module" in a pickle: in the old form the first word of what stands for a class of modules. */
const MODULE_MARK = [0x58, 6, 0, 0, 0, 0x6d, 0x6f, 0x64, 0x75, 0x6c, 0x65];

function has(bytes: Uint8Array, mark: readonly number[]): boolean {
  for (let at = bytes.indexOf(mark[0]!); at >= 0; at = bytes.indexOf(mark[0]!, at + 1))
    if (mark.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

/** @param where the function that reads, for messages */
export async function readArchive(where: string, bytes: Uint8Array): Promise<PyTorchFile> {
  const kind = fileKind(bytes);
  const isModule = kind === 'oldPytorch' && has(bytes, MODULE_MARK);
  const known = kind !== undefined && Object.hasOwn(REFUSED, kind) ? REFUSED[kind] : undefined;
  const other = isModule ? MODULE_BEFORE_1_6 : known;
  check(other === undefined, where, () => other!);
  check(
    kind === 'pytorch' || kind === 'zip',
    where,
    () =>
      foreign(bytes, 'pytorch') ??
      'no PyTorch file: it does not begin with PK at byte 0, as a zip archive does',
  );
  const entries = await unzip(where, bytes);
  const { root, pickle } = mainOf(where, entries);
  const files = new Map<string, Uint8Array>();
  for (const [name, content] of entries)
    if (name.startsWith(`${root}data/`)) files.set(name.slice(`${root}data/`.length), content);
  const found = await unpickle(where, pickle, {
    meanings: meanings(where),
    persistent: (id) => storageOf(where, id),
    unlisted,
  });
  const contents = contentsOf(where, found, pickle.length);
  const storages = new Storages(where, files, isBigEndian(where, entries.get(`${root}byteorder`)));
  const read = (places: ReadonlyMap<string, PickledTensor>): Map<string, SafetensorsEntry> =>
    new Map([...places].map(([name, place]) => [name, storages.read(name, place)]));
  const { tensors, from, others, values } = contents;
  return { tensors: read(tensors), from, others: read(others), values };
}

/** The pickle, and the folder of the archive that it lies in. */
function mainOf(
  where: string,
  entries: ReadonlyMap<string, Uint8Array>,
): { root: string; pickle: Uint8Array } {
  const names = [...entries.keys()];
  const program = names.find((name) => /^[^/]+\/(code\/|constants\.pkl$)/.test(name));
  check(program === undefined, where, () => `${TORCHSCRIPT} (${program!.slice(0, 80)})`);
  const exported = names.some((name) => /^[^/]+\/archive_format$/.test(name));
  check(!exported, where, EXPORTED);
  const main = names.find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  const listed = names.slice(0, 4).map((name) => name.slice(0, 60));
  check(
    main !== undefined,
    where,
    () =>
      `the archive has no NAME/data.pkl, as torch.save writes one; it holds ${listed.join(', ') || 'nothing'}${names.length > 4 ? `, … (${names.length} entries)` : ''}`,
  );
  return { root: main.slice(0, -'data.pkl'.length), pickle: entries.get(main)! };
}

/** ('storage', its class, its key, a device, how many elements). */
function storageOf(where: string, id: unknown): PickledStorage {
  const [kind, type, key, , count] = Array.isArray(id) ? id : [];
  check(
    kind === 'storage' && typeof key === 'string' && Number.isSafeInteger(count),
    where,
    'the pickle refers to something outside that is no storage of a tensor; the file is damaged',
  );
  check(
    type instanceof ElementType,
    where,
    () => `a storage in the pickle is of no known class; ${WHOLE_MODULE}`,
  );
  return new PickledStorage(key, type.dtype, count);
}

function isBigEndian(where: string, file: Uint8Array | undefined): boolean {
  if (file === undefined) return false;
  const text = new TextDecoder().decode(file).trim();
  check(
    text === 'little' || text === 'big',
    where,
    () => `the archive's byteorder says ${JSON.stringify(text.slice(0, 40))}; it is "little" or "big"`,
  );
  return text === 'big';
}
