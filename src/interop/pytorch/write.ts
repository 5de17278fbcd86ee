// Writes a state dictionary as torch.save does: a zip archive, nothing packed, of a pickle and the tensors' numbers.

import { stridesOf } from '../../backends/shape';
import { check } from '../../errors';
import { SAFETENSORS_DTYPES, type SafetensorsDtype, type SafetensorsEntry } from '../../formats/dtypes';
import { PickleWriter } from '../../formats/pickle/writer';
import { STORAGES } from './names';

/** The folder in the archive, as torch.save calls it where it writes to memory. */
const ROOT = 'archive';
/** 2 GiB, as for reading. */
const MOST_BYTES = 2 ** 31;

const CLASSES = new Map<SafetensorsDtype, string>(
  Object.entries(STORAGES).map(([name, dtype]) => [dtype, `${name}Storage`]),
);

export async function archiveOf(
  where: string,
  tensors: Iterable<readonly [string, SafetensorsEntry]>,
): Promise<Uint8Array<ArrayBuffer>> {
  const list = [...tensors];
  const text = (content: string) => new TextEncoder().encode(content);
  const files: Record<string, Uint8Array> = {};
  const pickle = new PickleWriter();
  let bytes = 0;
  pickle.dictionary(() => {
    for (const [key, [name, entry]] of list.entries()) {
      const data = bytesOf(entry);
      bytes += data.length;
      files[`${ROOT}/data/${key}`] = data;
      writeTensor(where, pickle, String(key), name, entry);
    }
  });
  check(
    bytes <= MOST_BYTES,
    where,
    () => `the tensors have ${bytes} bytes; at most ${MOST_BYTES} are written`,
  );
  const { zipSync } = await import('fflate/browser');
  const archive = {
    [`${ROOT}/data.pkl`]: pickle.finish(),
    [`${ROOT}/byteorder`]: text('little'),
    ...files,
    [`${ROOT}/version`]: text('3\n'),
    [`${ROOT}/.data/made_by`]: text('spikegrad'), // beside what PyTorch notes there; it reads neither
  };
  // the same bytes whenever and wherever: the first time that the format can tell
  return zipSync(archive, { level: 0, mtime: new Date(1980, 0, 1) }) as Uint8Array<ArrayBuffer>;
}

function bytesOf({ dtype, data }: SafetensorsEntry): Uint8Array {
  const encode = SAFETENSORS_DTYPES[dtype].encode as (data: SafetensorsEntry['data']) => ArrayBufferView;
  const { buffer, byteOffset, byteLength } = encode(data);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function writeTensor(
  where: string,
  pickle: PickleWriter,
  key: string,
  name: string,
  { dtype, shape, data }: SafetensorsEntry,
): void {
  const storage = CLASSES.get(dtype);
  check(
    storage !== undefined,
    where,
    () => `tensor "${name}" is ${dtype}; PyTorch has classes for ${[...CLASSES.keys()].join(', ')}`,
  );
  const counts = (values: readonly number[]) =>
    pickle.tuple(() => {
      for (const value of values) pickle.count(value);
    });
  pickle.text(name).global('torch._utils', '_rebuild_tensor_v2');
  pickle.tuple(() => {
    pickle.tuple(() =>
      pickle.text('storage').global('torch', storage).text(key).text('cpu').count(data.length),
    );
    pickle.persistent().count(0);
    counts(shape);
    counts(stridesOf(shape));
    pickle.no(); // requires_grad
    pickle
      .global('collections', 'OrderedDict')
      .tuple(() => undefined)
      .call(); // no hooks
  });
  pickle.call();
}
