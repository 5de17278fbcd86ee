// ONNX's messages, as far as an exported network needs them, and a graph that grows node by node. The numbers of the
// fields are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).

import type { Shape } from '../../backends/shape';
import {
  bytesField,
  floatField,
  integerField,
  joinPieces,
  message,
  messageField,
  type Pieces,
  textField,
} from './protobuf/write';

/** Versions of the operators: those of ONNX 1.12, and of 1.16, whose DequantizeLinear takes 16 bits. */
export const OPSET = 17;
export const WIDE_OPSET = 21;
/** Of the file format that came with each. */
const IR_VERSIONS = { [OPSET]: 8, [WIDE_OPSET]: 10 } as const;

const FLOAT = 1;
const INT8 = 3;
const INT16 = 5;
const INT32 = 6;
const INT64 = 7;

/** Of an operator: a whole number, a list of whole numbers, or a float. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** A length, or the name of one that is open. */
export type OnnxShape = readonly (number | string)[];

function attribute(name: string, value: Attribute): Pieces {
  const typed = (type: number, ...fields: Pieces[]) =>
    message(textField(1, name), ...fields, integerField(20, type));
  if (typeof value === 'number') return typed(2, integerField(3, value));
  if ('float' in value) return typed(1, floatField(2, value.float));
  return typed(7, ...value.map((one) => integerField(8, one)));
}

function valueInfo(name: string, shape: OnnxShape): Pieces {
  const dimensions = shape.map((length) =>
    messageField(1, typeof length === 'number' ? integerField(1, length) : textField(2, length)),
  );
  const tensor = message(integerField(1, FLOAT), messageField(2, message(...dimensions)));
  return message(textField(1, name), messageField(2, messageField(1, tensor)));
}

function tensorMessage(name: string, shape: Shape, type: number, data: ArrayBufferView): Pieces {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(
    ...shape.map((length) => integerField(1, length)),
    integerField(2, type),
    textField(8, name),
    bytesField(9, bytes),
  );
}

export class OnnxGraph {
  readonly #nodes: Pieces[] = [];
  readonly #constants = new Map<string, Pieces>();

  /** @param opset the version of the operators */
  constructor(readonly opset: typeof OPSET | typeof WIDE_OPSET = OPSET) {}

  /** A constant tensor of floats; given twice under one name it is kept once. */
  floats(name: string, data: Float32Array | Float64Array, shape: Shape): string {
    if (!this.#constants.has(name))
      this.#constants.set(name, tensorMessage(name, shape, FLOAT, Float32Array.from(data)));
    return name;
  }

  /** A constant list of whole numbers. */
  integers(name: string, values: readonly number[]): string {
    if (!this.#constants.has(name))
      this.#constants.set(
        name,
        tensorMessage(name, [values.length], INT64, BigInt64Array.from(values, BigInt)),
      );
    return name;
  }

  /** A constant of integers times a scale for each of its first axis; given twice under one name it is kept once. */
  dequantised(
    name: string,
    data: Int8Array | Int16Array | Int32Array,
    shape: Shape,
    scale: Float32Array,
  ): string {
    const [integers, scales] = [`${name}_integers`, `${name}_scale`];
    if (this.#constants.has(integers)) return name;
    const type = data instanceof Int8Array ? INT8 : data instanceof Int16Array ? INT16 : INT32;
    this.#constants.set(integers, tensorMessage(integers, shape, type, data));
    this.floats(scales, scale, [scale.length]);
    this.node('DequantizeLinear', [integers, scales], [name], { axis: 0 });
    return name;
  }

  /** An operator; its results are named as given. */
  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.#nodes.push(
      message(
        ...inputs.map((name) => textField(1, name)),
        ...outputs.map((name) => textField(2, name)),
        textField(3, outputs[0]!),
        textField(4, operator),
        ...Object.entries({ ...attributes, ...this.#wantedBy(operator, outputs) }).map(([name, value]) =>
          messageField(5, attribute(name, value)),
        ),
      ),
    );
  }

  /** What later operators want to be told. */
  #wantedBy(operator: string, outputs: readonly string[]): Readonly<Record<string, Attribute>> {
    return operator === 'Split' && this.opset >= 18 ? { num_outputs: outputs.length } : {};
  }

  /** The bytes of a model file. */
  finish(
    input: { name: string; shape: OnnxShape },
    output: { name: string; shape: OnnxShape },
    notes: Readonly<Record<string, string>>,
  ): Uint8Array<ArrayBuffer> {
    const graph = message(
      ...this.#nodes.map((node) => messageField(1, node)),
      textField(2, 'spikegrad'),
      ...[...this.#constants.values()].map((constant) => messageField(5, constant)),
      messageField(11, valueInfo(input.name, input.shape)),
      messageField(12, valueInfo(output.name, output.shape)),
    );
    return joinPieces(
      message(
        integerField(1, IR_VERSIONS[this.opset]),
        textField(2, 'spikegrad'),
        messageField(7, graph),
        messageField(8, message(textField(1, ''), integerField(2, this.opset))),
        ...Object.entries(notes).map(([key, value]) =>
          messageField(14, message(textField(1, key), textField(2, value))),
        ),
      ),
    );
  }
}
