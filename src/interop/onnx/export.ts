// A trained network as an ONNX model, unrolled over T time steps. All steps of a layer lie together along the batch axis,
// [T·N,...], time slowest, so that each convolution stands in the model once; only at a neuron they come apart:
//
//   leak   H[t] = tau·V[t-1] + X[t]      paper   H[t] = V[t-1] + tau·X[t]
//   O[t] = H[t] >= vth                   V[t] = vReset where it fired, else H[t]  (soft: H[t] - vth·O[t])
//
// What comes before the first neuron is the same at every step and computed once.

import { aShape, type Shape } from '../../backends/shape';
import { check } from '../../errors';
import { checkModule, type Module } from '../../nn/module';
import { type OptionsOf, oneOf, option, optional, optionTable, required, whole } from '../../options';
import { SpikingResNet20 } from '../../snn/resnet20';
import { INPUT, type InferenceGraph, type InferenceNeuron, type InferenceStep } from '../inference/graph';
import { inferenceGraph } from '../inference/walk';
import { OnnxGraph } from './model';

const WHERE = 'toOnnx';
const OUTPUT = 'output';

/** What a model is made for. */
export interface ToOnnxOptions {
  /** One image [H,W,C], or one vector [N]. */
  inputShape: Shape;
  /** T. Default: that of a resnet20; other networks must say it. */
  timesteps?: number;
  /** What the model takes: `image`, shown at every time step, or `sequence`, one for each. Default `image`. */
  input?: 'image' | 'sequence';
}

export const toOnnxOptions = optionTable({
  inputShape: required(aShape),
  timesteps: optional(whole({ least: 1 }), 'that of a resnet20; other networks must say it'),
  input: option(oneOf(['image', 'sequence']), 'image'),
} satisfies OptionsOf<ToOnnxOptions>);

/** A value in the model: at every time step by itself, or the same at all of them. */
interface Value {
  readonly name: string;
  readonly moves: boolean;
}

/**
 * The bytes of an ONNX model (operators of version 17, numbers in f32).
 *
 * Its input `input` is [N,C,H,W] (or [T,N,C,H,W], or without image axes), channels first and normalised as in training;
 * its output `output` is what the network gives: [N,classes] behind a mean over time, else [T,N,...].
 * @throws for layers that cannot be exported, and without `timesteps` where the network does not know them
 */
export async function toOnnx(network: Module, options: ToOnnxOptions): Promise<Uint8Array<ArrayBuffer>> {
  checkModule(WHERE, network);
  const given = toOnnxOptions.read(WHERE, options);
  const { inputShape, input } = given;
  const timesteps =
    given.timesteps ?? (network instanceof SpikingResNet20 ? network.options.timesteps : undefined);
  check(
    timesteps !== undefined,
    WHERE,
    'needs timesteps, a whole number >= 1: this network does not say how many',
  );
  return new Unroller(await inferenceGraph(WHERE, network, inputShape), timesteps, input).model();
}

class Unroller {
  readonly #onnx = new OnnxGraph();
  readonly #values = new Map<string, Value>();

  constructor(
    readonly graph: InferenceGraph,
    readonly timesteps: number,
    readonly input: 'image' | 'sequence',
  ) {}

  model(): Uint8Array<ArrayBuffer> {
    const { graph, timesteps, input } = this;
    const moves = input === 'sequence';
    this.#values.set(INPUT, { name: moves ? this.#folded() : INPUT, moves });
    for (const step of graph.steps) this.#values.set(step.name, this.#step(step));
    this.#output(this.#values.get(graph.output)!);
    const shape = [...(moves ? [timesteps] : []), 'N', ...graph.inputShape];
    const last = graph.steps.at(-1)?.shape ?? graph.inputShape;
    const outputShape = [...(graph.timeMean ? [] : [timesteps]), 'N', ...last];
    return this.#onnx.finish(
      { name: INPUT, shape },
      { name: OUTPUT, shape: outputShape },
      { timesteps: String(timesteps) },
    );
  }

  /** [T,N,...] to [T·N,...]. */
  #folded(): string {
    const shape = this.#onnx.integers('folded_shape', [-1, ...this.graph.inputShape]);
    this.#onnx.node('Reshape', [INPUT, shape], ['folded']);
    return 'folded';
  }

  #step(step: InferenceStep): Value {
    const { name } = step;
    const inputs = step.from.map((from) => this.#values.get(from)!);
    const moves = inputs.some((value) => value.moves);
    const [x] = inputs as [Value];
    switch (step.kind) {
      case 'conv':
      case 'linear': {
        const weight = this.#onnx.floats(`${name}_weight`, step.weight.data, step.weight.shape);
        const bias = this.#onnx.floats(`${name}_bias`, step.bias.data, step.bias.shape);
        if (step.kind === 'linear') this.#onnx.node('Gemm', [x.name, weight, bias], [name], { transB: 1 });
        else {
          const { stride, padding } = step;
          this.#onnx.node('Conv', [x.name, weight, bias], [name], {
            kernel_shape: step.weight.shape.slice(2),
            strides: [stride, stride],
            pads: [padding, padding, padding, padding],
          });
        }
        return { name, moves };
      }
      case 'pool':
        this.#onnx.node('AveragePool', [x.name], [name], {
          kernel_shape: step.window,
          strides: [step.stride, step.stride],
        });
        return { name, moves };
      case 'flatten':
        this.#onnx.node('Flatten', [x.name], [name], { axis: 1 });
        return { name, moves };
      case 'sum':
        this.#onnx.node(
          'Add',
          inputs.map((value) => value.name),
          [name],
        );
        return { name, moves };
      case 'neuron':
        return this.#neuron(name, x, step.neuron);
    }
  }

  /** A value's time steps one by one, [N,...] each. */
  #steps({ name, moves }: Value): string[] {
    if (!moves || this.timesteps === 1) return Array.from({ length: this.timesteps }, () => name);
    const parts = Array.from({ length: this.timesteps }, (_, t) => `${name}_at_${t}`);
    this.#onnx.node('Split', [name], parts, { axis: 0 });
    return parts;
  }

  #neuron(name: string, x: Value, neuron: InferenceNeuron): Value {
    const { dynamics, tau, vth, vReset, reset } = neuron;
    const onnx = this.#onnx;
    const number = (label: string, value: number) =>
      onnx.floats(`${name}_${label}`, Float32Array.of(value), []);
    const spikes: string[] = [];
    let carried: string | undefined;
    this.#steps(x).forEach((current, t) => {
      const at = (what: string) => `${name}_${what}_${t}`;
      const make = (operator: string, inputs: string[], what: string, attributes = {}) => {
        onnx.node(operator, inputs, [at(what)], attributes);
        return at(what);
      };
      const drive = dynamics === 'leak' ? current : make('Mul', [current, number('tau', tau)], 'drive');
      let charged = drive;
      if (carried !== undefined) {
        const kept = dynamics === 'leak' ? make('Mul', [carried, number('tau', tau)], 'kept') : carried;
        charged = make('Add', [kept, drive], 'charged');
      }
      const fires = make('GreaterOrEqual', [charged, number('vth', vth)], 'fires');
      spikes.push(make('Cast', [fires], 'spikes', { to: 1 }));
      if (t + 1 === this.timesteps) return;
      if (reset === 'hard') carried = make('Where', [fires, number('reset', vReset), charged], 'carried');
      else {
        const lost = make('Mul', [spikes.at(-1)!, number('vth', vth)], 'lost');
        carried = make('Sub', [charged, lost], 'carried');
      }
    });
    onnx.node('Concat', spikes, [name], { axis: 0 });
    return { name, moves: true };
  }

  #output(value: Value): void {
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
