// `spikegrad inspect` of a compiled network: its layers with their bits, units and ranges.

import { init } from '../../init';
import { decodeCompiled } from '../../integer';
import { metadataOf } from '../../interop/metadata';
import { decodingLater } from '../../train/node/run/files';
import { compiledTable, promiseInWords } from '../model/compiled';
import { metadataInWords } from '../model/metadata-words';
import type { WeightsFile } from '../model/weights';
import { print, printJson } from '../terminal';

export async function inspectIntegers({ file, bytes, metadata }: WeightsFile, json: boolean): Promise<void> {
  await init({ backend: 'cpu' });
  const network = await decodingLater(file, decodeCompiled, bytes);
  const report = network.report();
  const known = metadataOf(network);
  if (json) {
    printJson({ metadata: known, ...report, rounding: metadata.rounding });
    return;
  }
  print(`a network of integers, weights of ${report.weights} bits`);
  print(metadataInWords(known).join('\n'));
  print(`\n${compiledTable(report)}\n`);
  print(promiseInWords(report));
  print(`rounding: ${metadata.rounding}`);
}
