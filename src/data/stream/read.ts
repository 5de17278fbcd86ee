// What was read of a data set in parts, held to what it says of itself: loaded with the reader, when something is read.

import { SpikegradError } from '../../errors';
import { anObject } from '../../options';
import type { StreamedDataset, StreamedRecords } from './dataset';

/** The records of some parts. @throws naming data set and parts where they are not what was promised */
export async function readParts(stream: StreamedDataset, parts: readonly number[]): Promise<StreamedRecords> {
  const { name, classes, shape, sizes, numbers } = stream;
  const inWords = parts.length === 1 ? `part ${parts[0]}` : `parts ${parts[0]} to ${parts.at(-1)}`;
  const refuse = (problem: string, cause?: unknown): never => {
    throw new SpikegradError('batches', `${name}, ${inWords}: ${problem}`, { cause });
  };
  let records: StreamedRecords;
  try {
    records = await stream.read(parts);
  } catch (error) {
    if (error instanceof SpikegradError) throw error;
    return refuse(String(error), error);
  }
  const expected = parts.reduce((sum, part) => sum + sizes[part]!, 0);
  const { labels, values, pictures } = anObject.holds(records) ? records : { labels: [] };
  if (labels?.length !== expected) refuse(`read gave ${labels?.length} labels for ${expected} records`);
  for (let i = 0; i < labels.length; i++)
    if (!(Number.isInteger(labels[i]) && labels[i]! >= 0 && labels[i]! < classes.length))
      refuse(`label ${labels[i]} of ${recordAt(i, parts, sizes)} has no class; there are ${classes.length}`);
  if (pictures !== undefined) {
    if (pictures.length !== expected) refuse(`read gave ${pictures.length} pictures for ${expected} records`);
    return records;
  }
  const size = shape.reduce((product, axis) => product * axis, 1);
  const kind = numbers === 'bytes' ? Uint8Array : Float32Array;
  if (!(values instanceof kind)) refuse(`read must give values, a ${kind.name}, or pictures that are packed`);
  if (values!.length !== expected * size)
    refuse(
      `${expected} records of shape [${shape}] need ${expected * size} numbers, read gave ${values!.length}`,
    );
  return records;
}

/** The i-th record of some parts, in words. */
function recordAt(i: number, parts: readonly number[], sizes: Uint32Array): string {
  let before = 0;
  for (const part of parts) {
    if (i < before + sizes[part]!)
      return sizes[part] === 1 ? `record ${part}` : `record ${i - before} of part ${part}`;
    before += sizes[part]!;
  }
  return `record ${i}`;
}
