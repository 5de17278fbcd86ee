// An inference graph as an ONNX model, unrolled over T time steps. All steps of a layer lie together along the batch
// axis, [T·N,...], time slowest, so that each convolution stands in the model once; only at a neuron they come apart
// (over-time.ts).
// What comes before the first neuron is the same at every step and computed once.

import { check } from '../../errors';
import { INPUT, type InferenceGraph, type InferenceStep, type IntegerWeights } from '../inference/graph';
import { encodeMetadata, type ModelMetadata } from '../metadata';
import { attentionNodes } from './attention';
import { OnnxGraph, OPSET, WIDE_OPSET } from './model';
import { alongChannels, delaySteps, equationSteps, lifSteps } from './over-time';

const WHERE = 'toOnnx';
const OUTPUT = 'output';

/** A value in the model: at every time step by itself, or the same at all of them. */
interface StepValue {
  readonly name: string;
  readonly moves: boolean;
}

type Weighted = Extract<InferenceStep, { kind: 'conv' | 'convTranspose' | 'linear' }>;

const integersOf = (step: InferenceStep): IntegerWeights | undefined =>
  step.kind === 'conv' || step.kind === 'linear' ? step.integers : undefined;

/** In 8 bits where those hold them all. */
const narrowest = (weight: Int16Array): Int8Array | Int16Array =>
  weight.every((one) => one >= -128 && one <= 127) ? Int8Array.from(weight) : weight;

/** Whether its weights have more bits than the operators of {@link OPSET} take. */
function isWide(step: InferenceStep): boolean {
  const integers = integersOf(step);
  return integers !== undefined && narrowest(integers.weight) instanceof Int16Array;
}

export class Unroller {
  readonly #onnx: OnnxGraph;
  readonly #values = new Map<string, StepValue>();

  constructor(
    readonly graph: InferenceGraph,
    readonly timesteps: number,
    readonly input: 'image' | 'sequence',
    readonly raw: boolean,
    readonly metadata: ModelMetadata,
  ) {
    this.#onnx = new OnnxGraph(graph.steps.some(isWide) ? WIDE_OPSET : OPSET);
  }

  model(): Uint8Array<ArrayBuffer> {
    const { graph, timesteps, input } = this;
    const moves = input === 'sequence';
    const first = moves ? this.#folded() : INPUT;
    this.#values.set(INPUT, { name: this.raw ? this.#normalised(first) : first, moves });
    for (const step of graph.steps) this.#values.set(step.name, this.#step(step));
    this.#output(this.#values.get(graph.output)!);
    const shape = [...(moves ? [timesteps] : []), 'N', ...graph.inputShape];
    const outputShape = [...(graph.timeMean ? [] : [timesteps]), 'N', ...graph.outputShape];
    const notes = {
      timesteps: String(timesteps),
      input: `${input}, ${this.raw ? 'pixels from 0 to 1' : 'normalised: (pixel - mean)/deviation of pixels from 0 to 1'}`,
      ...encodeMetadata(this.metadata, 'channels first'),
    };
    return this.#onnx.finish({ name: INPUT, shape }, { name: OUTPUT, shape: outputShape }, notes);
  }

  /** Pixels from 0 to 1 to what the network takes. */
  #normalised(pixels: string): string {
    const { mean, deviation } = this.metadata;
    check(
      mean !== undefined && deviation !== undefined,
      WHERE,
      'raw needs mean and deviation of pixels from 0 to 1, one value a channel: this network was not loaded from a file that has them',
    );
    const channels = this.graph.inputShape[0]!;
    check(
      [mean, deviation].every(({ length }) => length === channels || length === 1),
      WHERE,
      () => `mean [${mean}] and deviation [${deviation}] must hold a value for each of ${channels} channels`,
    );
    const constant = (name: string, values: readonly number[]) =>
      this.#onnx.floats(name, Float32Array.from(values), alongChannels(values.length, this.graph.inputShape));
    this.#onnx.node('Sub', [pixels, constant('input_mean', mean)], ['centred']);
    this.#onnx.node('Div', ['centred', constant('input_deviation', deviation)], ['normalised']);
    return 'normalised';
  }

  /** [T,N,...] to [T·N,...]. */
  #folded(): string {
    const shape = this.#onnx.integers('folded_shape', [-1, ...this.graph.inputShape]);
    this.#onnx.node('Reshape', [INPUT, shape], ['folded']);
    return 'folded';
  }

  #step(step: InferenceStep): StepValue {
    const { name } = step;
    const inputs = step.from.map((from) => this.#values.get(from)!);
    const moves = inputs.some((value) => value.moves);
    const [x] = inputs as [StepValue];
    switch (step.kind) {
      case 'conv':
      case 'convTranspose':
      case 'linear': {
        const [weight, bias] = this.#weights(step);
        if (step.kind === 'linear') this.#onnx.node('Gemm', [x.name, weight, bias], [name], { transB: 1 });
        else {
          const { stride, padding, dilation, groups } = step;
          const isTransposed = step.kind === 'convTranspose';
          this.#onnx.node(isTransposed ? 'ConvTranspose' : 'Conv', [x.name, weight, bias], [name], {
            kernel_shape: step.weight.shape.slice(2),
            strides: stride,
            pads: [...padding, ...padding],
            dilations: dilation,
            group: groups,
            ...(isTransposed && { output_padding: step.outputPadding }),
          });
        }
        return { name, moves };
      }
      case 'norm': {
        const constant = (label: string, values: Float64Array) =>
          this.#onnx.floats(`${step.weights}_${label}`, values, alongChannels(values.length, step.shape));
        this.#onnx.node('Mul', [x.name, constant('gain', step.gain)], [`${name}_scaled`]);
        this.#onnx.node('Add', [`${name}_scaled`, constant('offset', step.offset)], [name]);
        return { name, moves };
      }
      case 'pool':
      case 'maxPool': {
        const { window, stride, padding, beyond } = step;
        // what sticks out is padding to the file: runtimes differ in what their ceil_mode gives
        const pads = [...padding, padding[0] + beyond[0], padding[1] + beyond[1]];
        this.#onnx.node(step.kind === 'pool' ? 'AveragePool' : 'MaxPool', [x.name], [name], {
          kernel_shape: window,
          strides: stride,
          pads,
          ...(step.kind === 'pool'
            ? { count_include_pad: step.countIncludePad ? 1 : 0 }
            : { dilations: step.dilation }),
        });
        return { name, moves };
      }
      case 'attention':
        attentionNodes(this.#onnx, step, x.name);
        return { name, moves };
      case 'relu':
        this.#onnx.node('Relu', [x.name], [name]);
        return { name, moves };
      case 'flatten':
        this.#onnx.node('Flatten', [x.name], [name], { axis: 1 });
        return { name, moves };
      case 'sum':
      case 'and':
      case 'iand': {
        const [first, ...others] = inputs.map((value) => (moves ? this.#atEveryStep(value) : value.name));
        if (step.kind === 'iand') {
          this.#onnx.node('Mul', [first!, others[0]!], [`${name}_held`]);
          this.#onnx.node('Sub', [first!, `${name}_held`], [name]);
        } else this.#onnx.node(step.kind === 'sum' ? 'Add' : 'Mul', [first!, ...others], [name]);
        return { name, moves };
      }
      case 'neuron':
        return this.#together(name, lifSteps(this.#onnx, name, step.neuron, this.#steps(x)));
      case 'equations':
        return this.#together(name, equationSteps(this.#onnx, step, this.#steps(x)));
      case 'delay':
        return this.#together(name, delaySteps(this.#onnx, step, this.#steps(x)));
    }
  }

  #weights(step: Weighted): [weight: string, bias: string] {
    const { weights, weight, bias } = step;
    const [own, moved] = [`${weights}_weight`, `${weights}_bias`];
    const integers = integersOf(step);
    if (integers === undefined)
      return [
        this.#onnx.floats(own, weight.data, weight.shape),
        this.#onnx.floats(moved, bias.data, bias.shape),
      ];
    return [
      this.#onnx.dequantised(own, narrowest(integers.weight), weight.shape, integers.scale),
      this.#onnx.dequantised(moved, integers.bias, bias.shape, integers.biasScale),
    ];
  }

  /** A value for all time steps along the batch, [T·N,...]. */
  #atEveryStep(value: StepValue): string {
    if (value.moves || this.timesteps === 1) return value.name;
    const name = `${value.name}_repeated`;
    this.#onnx.node('Concat', this.#steps(value), [name], { axis: 0 });
    return name;
  }

  /** A value's time steps one by one, [N,...] each. */
  #steps({ name, moves }: StepValue): string[] {
    if (!moves || this.timesteps === 1) return Array.from({ length: this.timesteps }, () => name);
    const parts = Array.from({ length: this.timesteps }, (_, t) => `${name}_at_${t}`);
    this.#onnx.node('Split', [name], parts, { axis: 0 });
    return parts;
  }

  /** What a layer gives at each time step, together. */
  #together(name: string, steps: readonly string[]): StepValue {
    this.#onnx.node('Concat', steps, [name], { axis: 0 });
    return { name, moves: true };
  }

  #output(value: StepValue): void {
    const steps = this.#steps(value);
    if (this.graph.timeMean) {
      this.#onnx.node('Mean', value.moves ? steps : [value.name], [OUTPUT]);
      return;
    }
    const axis = this.#onnx.integers('time_axis', [0]);
    const stacked = steps.map((name, t) => {
      this.#onnx.node('Unsqueeze', [name, axis], [`output_at_${t}`]);
      return `output_at_${t}`;
    });
    this.#onnx.node('Concat', stacked, [OUTPUT], { axis: 0 });
  }
}
