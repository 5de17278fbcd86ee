// `spikegrad inspect` of weights whose network is not known: the tensors of a safetensors file, by name.

import { sizeOf } from '../../backends/shape';
import { metadataInWords } from '../model/metadata-words';
import { prefixIn, savedMetadata, type WeightsFile } from '../model/weights';
import { print, printJson } from '../terminal';
import { counted, textTable, thousands } from '../terminal/table';

export function inspectTensors({ tensors, metadata }: WeightsFile, json: boolean): void {
  const rows = [...tensors].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const numbers = rows.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (json) {
    printJson({ metadata: { ...metadata }, tensors: rows, numbers });
    return;
  }
  const said = metadataInWords(savedMetadata(metadata));
  const lines = said.length > 0 ? said : Object.entries(metadata).map(([key, value]) => `${key}: ${value}`);
  for (const line of lines) print(line);
  print(
    `${textTable(
      ['tensor', 'type', 'shape'],
      rows.map(({ name, dtype, shape }) => [name, dtype, `[${shape}]`]),
    )}\n`,
  );
  print(
    `${counted(rows.length, 'tensor')} of ${thousands(numbers)} numbers, as the file lays them out; which network they are of is not said`,
  );
  const prefix = prefixIn(tensors.keys());
  if (prefix !== undefined)
    print(`The names of a ResNet20 stand behind "${prefix}": --prefix ${prefix} shows its layers`);
}
