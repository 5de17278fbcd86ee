// A neuron backward: forward is computed again from the same input, in the same form, and the gradients walk back. What
// parameters get is summed by chunks of images, whose number does not depend on threads, and then added up in order.

import { type BackwardForm, compileBackward, type GradientForm, type StepGraph } from '../../../neurons/wasm';
import type { Operand, ScanGradients, ScanOperands } from '../../backend';
import { entire, entireOut, imageIfKept, part, scratch } from '../argument';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { denseLayout, pixelsOf } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { chunksOf } from '../threads/program';
import { PerPixel } from '../values/per-pixel';
import { Sum } from '../values/sum';
import { type ArgumentNames, Arguments } from './arguments';
import { callsOf, type Moves, moved } from './call';
import { currentOf, plainCurrent } from './current';
import { type Compilable, inputKey, movesOf, presence, putParameters, putStates } from './forward';
import type { Modules } from './modules';
import { type Work, workOf } from './work';

export function scanBackward(
  engine: Engine,
  modules: Modules,
  { graph, names, byChannel }: Compilable,
  { x, initial, parameters }: ScanOperands,
  { outputs: gradients, last }: ScanGradients,
  wanted: readonly boolean[] = initial.map((operand) => operand !== undefined),
): {
  readonly x: WasmHandle;
  readonly initial: (WasmHandle | undefined)[];
  readonly parameters: WasmHandle[];
} {
  const { size } = x.handle;
  const work = workOf(x.shape, byChannel);
  const { images, grouped, layouts } = work;
  const args = new Arguments();
  const current = (grouped ? currentOf : plainCurrent)(engine, x.handle, images, args);
  const coming = gradients.map((gradient, i) => putGradient(engine, args, gradient, work, names, i));
  const forms = presence(initial) + wanted.map(Number).join('') + presence(last) + coming.join();
  const key = `${work.key}< ${inputKey(current.form)} ${forms} ${current.norm !== undefined}`;
  const sweep = modules.sweep(graph, key, () => {
    const form: BackwardForm = {
      input: current.form,
      initial: initial.map((operand) => operand !== undefined),
      initialGradients: wanted,
      gradients: coming,
      last: last.map((operand) => operand !== undefined),
      sums: current.norm !== undefined,
    };
    return {
      compiled: compileBackward(graph, form, modules.flavour, work.parts),
      moves: backwardMoves(graph, form, names),
    };
  });

  const dx = engine.out(size);
  putParameters(engine, args, names, parameters);
  putStates(engine, args, names.initial, initial, layouts.state);
  putStates(engine, args, names.finalGradient, last, layouts.state);
  args.putPlanes('dx', engine.write(dx.buffer, layouts.dense));
  args.put('scratch', scratch(sweep.scratchBytes(images.times)));
  const initialOut = names.initialGradient.map((name, k) => {
    if (!wanted[k]) return undefined;
    const { handle, buffer } = engine.out(size / x.shape[0]!);
    args.put(name, imageIfKept(buffer, layouts.state));
    return handle;
  });

  // one part of each sum for each chunk of images
  const chunks = chunksOf(images.images);
  const clearing: KernelCall[] = [];
  const sums = graph.parameters.map(({ leaf }, k) => {
    const count = parameters[k]!.handle.size;
    const lanes = leaf.rate === 'layer' ? 2 : 1;
    const bytes = 8 * count * lanes + 8;
    const parts = engine.buffer(chunks * bytes);
    args.put(names.sum[k]!, part(parts, bytes));
    clearing.push(kernelCall('clear', 'chunk', { p: part(parts, bytes), bytes }));
    return { parts, bytes, lanes, count };
  });
  const normed = current.norm && engine.buffer(chunks * 16 * images.channels);
  if (current.norm !== undefined && normed !== undefined) {
    const bytes = 16 * images.channels;
    args.put('mean', entire(current.norm.mean));
    args.put('norm dx', part(normed, bytes));
    args.put('norm product', moved(part(normed, bytes), 8 * images.channels));
    clearing.push(kernelCall('clear', 'chunk', { p: part(normed, bytes), bytes }));
    engine.handle(dx.handle).sums = { parts: normed, chunks, images, ...current.norm };
    normed.loose = false;
  }
  engine.scheduler.schedule(images.images, [...clearing, ...callsOf(sweep, work, args)]);
  const dParameters = sums.map(({ parts, bytes, lanes, count }) => {
    const out = engine.out(count);
    engine.scheduler.serially('foldParts', {
      parts: entire(parts),
      nParts: chunks,
      partBytes: bytes,
      lanes,
      n: count,
      out: entireOut(out.buffer),
    });
    engine.scheduler.release(parts);
    return out.handle;
  });
  return { x: dx.handle, initial: initialOut, parameters: dParameters };
}

/** How arguments of a walk back move with a portion. */
function backwardMoves(
  graph: StepGraph,
  { input, gradients }: BackwardForm,
  names: ArgumentNames,
): (name: string) => Moves {
  const moves = movesOf(graph, input, []);
  const perLayer = new Set(names.sum.filter((_, k) => graph.parameters[k]!.leaf.rate === 'layer'));
  const perImage = new Set(names.gradient.filter((_, i) => gradients[i] === 'image'));
  return (name) => {
    if (name.startsWith('norm ')) return 'sums';
    if (name.startsWith('sum ')) return perLayer.has(name) ? 'no' : 'sums';
    return perImage.has(name) ? 'channels' : moves(name);
  };
}

/** The gradient of an output: planes, two to be added, or one vector for all pixels of an image. */
function putGradient(
  engine: Engine,
  args: Arguments,
  gradient: Operand | undefined,
  { images, grouped }: Work,
  names: ArgumentNames,
  output: number,
): GradientForm {
  if (gradient === undefined) return 'none';
  const handle = engine.handle(gradient.handle);
  const { value } = handle;
  const first = names.gradient[output]!;
  if (grouped && value instanceof PerPixel && value.pixels === pixelsOf(images)) {
    const rows = { ...images, height: 1, width: 1 };
    args.putPlanes(first, engine.read(engine.numbers(value.x, rows), denseLayout(rows)));
    return 'image';
  }
  if (value instanceof Sum) {
    args.putPlanes(first, engine.planes(value.a, images));
    args.putPlanes(names.secondGradient[output]!, engine.planes(value.b, images));
    return 'two';
  }
  args.putPlanes(first, engine.planes(handle, images));
  return 'planes';
}
