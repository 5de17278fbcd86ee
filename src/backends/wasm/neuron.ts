// The spiking neuron over all time steps. Its input is rarely computed before it: what a tdBN, a residual sum or both say
// of themselves goes into the kernel as coefficients and branches. For backward nothing is kept but that same input, and
// H is computed from it once more.

import type { Handle, NeuronKernels, NeuronSpec, Operand } from '../backend';
import { builtInOf } from '../built-in';
import type { Shape } from '../shape';
import { type Argument, image, imageIfKept, scratch, whole } from './argument';
import type { Buffer } from './buffer';
import { type Engine, type Planes, spread } from './engine';
import type { WasmHandle } from './handle';
import { bitLayout, denseLayout, type Images, sequenceOf } from './images';
import { neuronConstants } from './neuron-spec';
import { tellOfOwn } from './own-functions';
import type { Reference } from './reference';

/** What charges the neuron: a·y + b, and beside it nothing, an identity shortcut's spikes, or a second branch. */
interface Current {
  readonly y: Planes;
  readonly coefficients: Argument;
  readonly spikes: Planes;
  readonly branch: Planes;
  readonly branchCoefficients: Argument;
}

const nothing: Planes = { plane: 0, pitch: 0 };

export function neuronKernels(engine: Engine, reference: Reference): NeuronKernels {
  const constants = new Map<string, Buffer>();
  const known = new WeakMap<NeuronSpec, Buffer>();

  /** Where the neuron's constants lie; undefined when its functions cannot be compiled. */
  function constantsOf(spec: NeuronSpec): Argument | undefined {
    const found = known.get(spec);
    if (found !== undefined) return whole(found);
    const { rectifier, surrogate, ...rest } = spec;
    const slopes = builtInOf(surrogate);
    const bend = rectifier === undefined ? undefined : builtInOf(rectifier);
    if (slopes === undefined || (rectifier !== undefined && bend === undefined)) return undefined;
    const key = JSON.stringify([rest, bend?.name, bend?.parameters, slopes.name, slopes.parameters]);
    let buffer = constants.get(key);
    if (buffer === undefined) {
      const numbers = neuronConstants(spec);
      if (numbers === undefined) return undefined;
      buffer = engine.buffer(numbers.byteLength);
      engine.heap.f32(engine.scheduler.place(buffer), numbers.length).set(numbers);
      constants.set(key, buffer);
      buffer.loose = false; // which later neurons read as well
    }
    known.set(spec, buffer);
    return whole(buffer);
  }

  /** One summand: planes and the coefficients that they are taken with. */
  function branchOf(handle: WasmHandle, images: Images): { planes: Planes; coefficients: Argument } {
    const { value } = handle;
    return value.kind === 'affine'
      ? { planes: engine.planes(value.x, images), coefficients: whole(value.coefficients) }
      : { planes: engine.planes(handle, images), coefficients: 0 };
  }

  function currentOf(x: WasmHandle, images: Images): Current {
    const { value } = x;
    if (value.kind !== 'sum') {
      const { planes, coefficients } = branchOf(x, images);
      return { y: planes, coefficients, spikes: nothing, branch: nothing, branchCoefficients: 0 };
    }
    const [a, b] = [value.a.target, value.b.target];
    const [main, other] = a.value.kind === 'bits' ? [b, a] : [a, b];
    const first = branchOf(main, images);
    const bits = main === other ? undefined : engine.bits(other, images);
    if (bits !== undefined) {
      return {
        y: first.planes,
        coefficients: first.coefficients,
        spikes: engine.read(bits, bitLayout(images)),
        branch: nothing,
        branchCoefficients: 0,
      };
    }
    const second = branchOf(other, images);
    return {
      y: first.planes,
      coefficients: first.coefficients,
      spikes: nothing,
      branch: second.planes,
      branchCoefficients: second.coefficients,
    };
  }

  const currentArguments = (current: Current, { times, height, width, channels }: Images): Argument[] => [
    ...spread(current.y),
    times,
    height,
    width,
    channels,
    current.coefficients,
    ...spread(current.spikes),
    ...spread(current.branch),
    current.branchCoefficients,
  ];

  /** V[0] or a gradient of V[T]: one plane an image. */
  function potential(operand: Operand | undefined, images: Images): Argument {
    if (operand === undefined) return 0;
    return image(engine.dense(operand), denseLayout({ ...images, times: 1 }));
  }

  function forward(x: Operand, initial: Operand | undefined, spec: Argument) {
    const images = sequenceOf(x.shape);
    const { size } = x.handle;
    const rest = { ...images, times: 1 };
    const carried = engine.out(size / x.shape[0]!);
    const v0 = potential(initial, images);
    const saved: WasmHandle[] = [engine.alias(x.handle)];
    if (initial !== undefined) saved.push(engine.alias(initial.handle));
    const carriedOut = imageIfKept(carried.buffer, denseLayout(rest));
    if (!hasGroups(x.shape, images)) {
      const spikes = engine.out(size, true);
      engine.perImage(images, 'neuronForwardDense', [
        ...spread(engine.planes(x.handle, images)),
        images.times,
        numbersOf(images),
        v0,
        spec,
        ...spread(engine.write(spikes.buffer, denseLayout(images))),
        carriedOut,
      ]);
      return { spikes: spikes.handle, carried: carried.handle, saved };
    }
    const bits = engine.buffer(size / 8);
    const current = currentOf(engine.handle(x.handle), images);
    engine.perImage(images, 'neuronForward', [
      ...currentArguments(current, images),
      v0,
      spec,
      ...spread(engine.write(bits, bitLayout(images))),
      carriedOut,
    ]);
    const { width, channels } = images;
    const spikes = engine.lazy(size, { kind: 'bits', buffer: bits, width, channels }, true);
    return { spikes, carried: carried.handle, saved };
  }

  function backward(
    gradient: Operand,
    carriedGradient: Operand | undefined,
    saved: readonly Handle[],
    spec: Argument,
  ) {
    const { shape } = gradient;
    const { size } = gradient.handle;
    const images = sequenceOf(shape);
    const { times, width } = images;
    const dx = engine.out(size);
    const initial = engine.out(size / shape[0]!);
    const v0 = saved[1] === undefined ? undefined : { handle: saved[1], shape: shape.slice(1) };
    const carriedIn = potential(carriedGradient, images);
    const initialOut = imageIfKept(initial.buffer, denseLayout({ ...images, times: 1 }));
    const out = engine.write(dx.buffer, denseLayout(images));
    if (!hasGroups(shape, images)) {
      engine.perImage(images, 'neuronBackwardDense', [
        ...spread(engine.planes(saved[0]!, images)),
        times,
        numbersOf(images),
        potential(v0, images),
        spec,
        ...spread(engine.planes(gradient.handle, images)),
        carriedIn,
        ...spread(out),
        initialOut,
        scratch(engine.compute('neuronDenseScratchBytes', times, numbersOf(images))),
      ]);
      return { x: dx.handle, initial: initial.handle };
    }
    const current = currentOf(engine.handle(saved[0]!), images);
    const [g, g2] = gradientOf(engine.handle(gradient.handle), images);
    engine.perImage(images, 'neuronBackward', [
      ...currentArguments(current, images),
      potential(v0, images),
      spec,
      ...g,
      ...spread(g2),
      carriedIn,
      ...spread(out),
      initialOut,
      scratch(engine.compute('neuronScratchBytes', times, images.height, width, images.channels)),
    ]);
    return { x: dx.handle, initial: initial.handle };
  }

  /** The gradient of the spikes: plane, pitch, bytes from pixel to pixel; and a second one to be added. */
  function gradientOf(handle: WasmHandle, images: Images): [[Argument, Argument, Argument], Planes] {
    const pixel = images.channels * 4;
    const { value } = handle;
    if (value.kind === 'spread' && value.pixels === images.height * images.width) {
      const rows = { ...images, height: 1, width: 1 };
      return [[...spread(engine.read(engine.numbers(value.x, rows), denseLayout(rows))), 0], nothing];
    }
    if (value.kind === 'sum') {
      return [[...spread(engine.planes(value.a, images)), pixel], engine.planes(value.b, images)];
    }
    return [[...spread(engine.planes(handle, images)), pixel], nothing];
  }

  return {
    neuron(x, initial, spec) {
      const compiled = x.handle.size > 0 ? constantsOf(spec) : undefined;
      if (compiled !== undefined) return forward(x, initial, compiled);
      tellOfOwn(spec);
      const [input, start] = reference.operands(initial === undefined ? [x] : [x, initial]);
      const result = reference.run(`neuron(${nameOf(spec)})`, (cpu) => cpu.neuron(input!, start, spec));
      return {
        spikes: reference.adopt(result.spikes),
        carried: reference.adopt(result.carried),
        saved: result.saved.map((handle) => reference.adopt(handle)),
      };
    },

    neuronGradient(gradient, carriedGradient, saved, spec) {
      const compiled = gradient.handle.size > 0 ? constantsOf(spec) : undefined;
      if (compiled !== undefined) return backward(gradient, carriedGradient, saved, compiled);
      const charged = saved.map((handle) => ({ handle, shape: [handle.size] }));
      const given = carriedGradient === undefined ? [gradient] : [gradient, carriedGradient];
      const operands = reference.operands([...charged, ...given]);
      const [g, v] = operands.slice(charged.length);
      const handles = operands.slice(0, charged.length).map(({ handle }) => handle);
      const back = reference.run(`neuronGradient(${nameOf(spec)})`, (cpu) =>
        cpu.neuronGradient(g!, v, handles, spec),
      );
      return { x: reference.adopt(back.x), initial: reference.adopt(back.initial) };
    },
  };
}

/** Whether the neurons lie in whole groups of eight channels. */
function hasGroups(shape: Shape, { channels }: Images): boolean {
  return shape.length >= 3 && channels % 8 === 0;
}

/** Numbers of one plane. */
function numbersOf({ height, width, channels }: Images): number {
  return height * width * channels;
}

/** The functions of a neuron that the kernels do not know. */
function nameOf({ rectifier, surrogate }: NeuronSpec): string {
  return [rectifier?.name, surrogate.name].filter((name) => name !== undefined).join(', ');
}
