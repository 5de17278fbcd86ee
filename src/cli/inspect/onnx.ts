// `spikegrad inspect` of an ONNX model: what goes in and comes out, its operators, and what it says of its images.

import { describeOnnx, type OnnxValue } from '../../interop/onnx';
import { decoding, readWhole } from '../../train/node/run/files';
import { metadataInWords } from '../model/metadata-words';
import { print, printJson } from '../terminal';
import { textTable, thousands } from '../terminal/table';

/** Keys that are told in words. */
const SAID = ['classes', 'mean', 'deviation', 'input_shape'];

export async function inspectOnnx(file: string, json: boolean): Promise<void> {
  const model = decoding(file, describeOnnx, await readWhole(file));
  if (json) {
    printJson(model);
    return;
  }
  const { producer, opset, inputs, outputs, operators, parameters, metadata, images } = model;
  const value = ({ name, shape }: OnnxValue) => `"${name}" [${shape.join(',')}]`;
  const others = Object.entries(metadata).filter(([key]) => producer !== 'spikegrad' || !SAID.includes(key));
  print(
    [
      `ONNX model of ${producer || 'an unnamed tool'}, operators of version ${opset}`,
      `takes ${inputs.map(value).join(', ') || 'nothing'}, gives ${outputs.map(value).join(', ') || 'nothing'}`,
      ...others.map(([key, text]) => `${key}: ${text}`),
      ...metadataInWords({ ...images, inputShape: undefined }),
      '',
      textTable(
        ['operator', 'times'],
        operators.map(({ name, count }) => [name, count]),
      ),
      '',
      `${thousands(parameters)} numbers`,
    ].join('\n'),
  );
}
