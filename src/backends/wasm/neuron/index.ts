// The spiking neuron over all time steps. Its input is rarely computed before it: what a tdBN, a residual sum or both
// say of themselves goes into the kernel as coefficients and branches. For backward nothing is kept but that same
// input, and H is computed from it once more.

import type { Handle, NeuronKernels, NeuronSpec, Operand } from '../../backend';
import { builtInOf } from '../../built-in';
import type { Shape } from '../../shape';
import { type Address, image, imageIfKept, scratch, whole } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { WasmHandle } from '../handle';
import { bitLayout, denseLayout, type Images, sequenceOf } from '../images';
import type { Reference } from '../reference';
import { Affine } from '../values/affine';
import { Bits } from '../values/bits';
import { PerPixel } from '../values/per-pixel';
import { Sum } from '../values/sum';
import { tellOfOwn } from './own-functions';
import { neuronConstants } from './spec';

/** What charges the neuron: a·y + b, and beside it nothing, an identity shortcut's spikes, or a second branch. */
interface Current {
  readonly y: Planes;
  readonly coefficients: Address;
  readonly spikes: Planes;
  readonly branch: Planes;
  readonly branchCoefficients: Address;
}

const nothing: Planes = { plane: 0, pitch: 0 };

export function neuronKernels(engine: Engine, reference: Reference): NeuronKernels {
  const constants = new Map<string, Buffer>();
  const known = new WeakMap<NeuronSpec, Buffer>();

  /** Where the neuron's constants lie; undefined when its functions cannot be compiled. */
  function constantsOf(spec: NeuronSpec): Address | undefined {
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
  function branchOf(handle: WasmHandle, images: Images): { planes: Planes; coefficients: Address } {
    const { value } = handle;
    return value instanceof Affine
      ? { planes: engine.planes(value.x, images), coefficients: whole(value.coefficients) }
      : { planes: engine.planes(handle, images), coefficients: 0 };
  }

  function currentOf(x: WasmHandle, images: Images): Current {
    const { value } = x;
    if (!(value instanceof Sum)) {
      const { planes, coefficients } = branchOf(x, images);
      return { y: planes, coefficients, spikes: nothing, branch: nothing, branchCoefficients: 0 };
    }
    const [a, b] = [value.a.target, value.b.target];
    const [main, other] = a.value instanceof Bits ? [b, a] : [a, b];
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

  const currentArguments = (current: Current, { times, height, width, channels }: Images) => ({
    y: current.y.plane,
    yPitch: current.y.pitch,
    T: times,
    H: height,
    W: width,
    C: channels,
    coef: current.coefficients,
    res: current.spikes.plane,
    resPitch: current.spikes.pitch,
    y2: current.branch.plane,
    y2Pitch: current.branch.pitch,
    coef2: current.branchCoefficients,
  });

  /** V[0] or a gradient of V[T]: one plane an image. */
  function potential(operand: Operand | undefined, images: Images): Address {
    if (operand === undefined) return 0;
    return image(engine.dense(operand), denseLayout({ ...images, times: 1 }));
  }

  function forward(x: Operand, initial: Operand | undefined, spec: Address) {
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
      const from = engine.planes(x.handle, images);
      const to = engine.write(spikes.buffer, denseLayout(images));
      engine.perImage(images, 'neuronForwardDense', {
        x: from.plane,
        xPitch: from.pitch,
        T: images.times,
        n: numbersOf(images),
        initial: v0,
        spec,
        out: to.plane,
        outPitch: to.pitch,
        carried: carriedOut,
      });
      return { spikes: spikes.handle, carried: carried.handle, saved };
    }
    const bits = engine.buffer(size / 8);
    const current = currentOf(engine.handle(x.handle), images);
    const to = engine.write(bits, bitLayout(images));
    engine.perImage(images, 'neuronForward', {
      ...currentArguments(current, images),
      initial: v0,
      spec,
      bits: to.plane,
      bitsPitch: to.pitch,
      carried: carriedOut,
    });
    const { width, channels } = images;
    const spikes = engine.lazy(size, new Bits(bits, width, channels), true);
    return { spikes, carried: carried.handle, saved };
  }

  function backward(
    gradient: Operand,
    carriedGradient: Operand | undefined,
    saved: readonly Handle[],
    spec: Address,
  ) {
    const { shape } = gradient;
    const { size } = gradient.handle;
    const images = sequenceOf(shape);
    const { times } = images;
    const dx = engine.out(size);
    const initial = engine.out(size / shape[0]!);
    const v0 = saved[1] === undefined ? undefined : { handle: saved[1], shape: shape.slice(1) };
    const carriedIn = potential(carriedGradient, images);
    const initialOut = imageIfKept(initial.buffer, denseLayout({ ...images, times: 1 }));
    const out = engine.write(dx.buffer, denseLayout(images));
    if (!hasGroups(shape, images)) {
      const [x, g] = [engine.planes(saved[0]!, images), engine.planes(gradient.handle, images)];
      const n = numbersOf(images);
      engine.perImage(images, 'neuronBackwardDense', {
        x: x.plane,
        xPitch: x.pitch,
        T: times,
        n,
        initial: potential(v0, images),
        spec,
        g: g.plane,
        gPitch: g.pitch,
        carriedGradient: carriedIn,
        dx: out.plane,
        dxPitch: out.pitch,
        dInitial: initialOut,
        tmp: scratch(engine.compute('neuronDenseScratchBytes', { T: times, n })),
      });
      return { x: dx.handle, initial: initial.handle };
    }
    const current = currentOf(engine.handle(saved[0]!), images);
    const given = currentArguments(current, images);
    const { T, H, W, C } = given;
    engine.perImage(images, 'neuronBackward', {
      ...given,
      initial: potential(v0, images),
      spec,
      ...gradientOf(engine.handle(gradient.handle), images),
      carriedGradient: carriedIn,
      dx: out.plane,
      dxPitch: out.pitch,
      dInitial: initialOut,
      tmp: scratch(engine.compute('neuronScratchBytes', { T, H, W, C })),
    });
    return { x: dx.handle, initial: initial.handle };
  }

  /** The gradient of the spikes: planes, bytes from pixel to pixel; and a second one to be added. */
  function gradientOf(handle: WasmHandle, images: Images) {
    const pixel = images.channels * 4;
    const record = (first: Planes, gPixel: number, second: Planes) => ({
      g: first.plane,
      gPitch: first.pitch,
      gPixel,
      g2: second.plane,
      g2Pitch: second.pitch,
    });
    const { value } = handle;
    if (value instanceof PerPixel && value.pixels === images.height * images.width) {
      const rows = { ...images, height: 1, width: 1 };
      return record(engine.read(engine.numbers(value.x, rows), denseLayout(rows)), 0, nothing);
    }
    if (value instanceof Sum)
      return record(engine.planes(value.a, images), pixel, engine.planes(value.b, images));
    return record(engine.planes(handle, images), pixel, nothing);
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
