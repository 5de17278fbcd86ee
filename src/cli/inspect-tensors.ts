// `spikegrad inspect` of weights whose network no command builds, such as those of a network of one's own: the tensors, and what
// the file says of its images.

import { sizeOf } from '../backends/shape';
import { readSafetensors } from '../interop/safetensors';
import { isCheckpoint } from '../train/checkpoint';
import { checkpointFile, decoding, readWhole } from '../train/run-files';
import { metadataInWords } from './metadata-words';
import { counted, textTable, thousands } from './table';
import { print } from './terminal';
import { areOfResNet, savedMetadata } from './weights';

/** @returns whether these were such weights */
export async function inspectUnknown(path: string, json: boolean, prefix?: string): Promise<boolean> {
  const file = checkpointFile(path);
  const { tensors, metadata } = decoding(file, readSafetensors, await readWhole(file));
  if (isCheckpoint(metadata) || areOfResNet(tensors, prefix)) return false;
  const list = [...tensors].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const known = savedMetadata(metadata);
  if (json) {
    process.stdout.write(`${JSON.stringify({ tensors: list, metadata })}\n`);
    return true;
  }
  const numbers = list.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const said =
    Object.keys(known).length > 0 ? [] : Object.entries(metadata).map(([key, text]) => `${key}: ${text}`);
  print(
    [
      `weights of a network that no command builds; a program's own takes them: load(network, bytes)`,
      ...said,
      ...metadataInWords(known),
      '',
      textTable(
        ['tensor', 'type', 'shape'],
        list.map(({ name, dtype, shape }) => [name, dtype, `[${shape}]`]),
      ),
      '',
      `${counted(list.length, 'tensor')}, ${thousands(numbers)} numbers`,
    ].join('\n'),
  );
  return true;
}
