// A neuron backward: forward is computed again from the same input, in the same form, and the gradients walk back. What
// parameters get is summed by chunks of images, whose number does not depend on threads, and then added up in order.

import { type BackwardForm, compileBackward, type GradientForm, type StepGraph } from '../../../neurons/wasm';
import type { Operand, ScanGradients, ScanOperands } from '../../backend';
import { type Address, imageIfKept, part, scratch, whole, wholeOut } from '../argument';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { denseLayout, type Images, pixelsOf } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { chunksOf } from '../threads/program';
import { PerPixel } from '../values/per-pixel';
import { Sum } from '../values/sum';
import { callsOf, type Moves, moved } from './call';
import { type Arguments, currentOf, plainCurrent, planesAs } from './current';
import { type Compilable, inputKey, isByChannel, movesOf, parameterLists, statePlanes } from './forward';
import type { Modules } from './modules';
import { workOf } from './work';

export function scanBackward(
  engine: Engine,
  modules: Modules,
  { graph }: Compilable,
  { x, initial, parameters }: ScanOperands,
  { outputs: gradients, last }: ScanGradients,
  wanted: readonly boolean[] = initial.map((operand) => operand !== undefined),
): {
  readonly x: WasmHandle;
  readonly initial: (WasmHandle | undefined)[];
  readonly parameters: WasmHandle[];
} {
  const { size } = x.handle;
  const work = workOf(x.shape, isByChannel(graph));
  const { images, grouped } = work;
  const current = (grouped ? currentOf : plainCurrent)(engine, x.handle, images);
  const coming = gradients.map((gradient, i) =>
    gradientOf(engine, gradient, images, grouped, graph.outputs[i]!.name),
  );
  const form: BackwardForm = {
    input: current.form,
    initial: initial.map((operand) => operand !== undefined),
    initialGradients: wanted,
    gradients: coming.map(({ form }) => form),
    last: last.map((operand) => operand !== undefined),
    sums: current.norm !== undefined,
  };
  const { initial: carried, gradients: forms, last: ends, sums: normSums } = form;
  const key = `backward ${inputKey(form.input)} ${carried} ${wanted} ${forms} ${ends} ${normSums} ${work.pieces}`;
  const sweep = modules.sweep(graph, key, () => ({
    compiled: compileBackward(graph, form, modules.flavour, work.parts),
    moves: backwardMoves(graph, form, coming),
  }));

  const dx = engine.out(size);
  const one = denseLayout({ ...images, times: 1 });
  const args: Record<string, Address> = {
    ...current.args,
    ...Object.assign({}, ...coming.map(({ args }) => args)),
    ...parameterLists(engine, graph, parameters),
    ...statePlanes(engine, graph, 'initial', initial, images),
    ...statePlanes(engine, graph, 'gradient final', last, images),
    ...planesAs('dx', engine.write(dx.buffer, denseLayout(images))),
    scratch: scratch(sweep.scratchBytes(images.times)),
  };
  const initialOut = graph.states.map(({ name }, k) => {
    if (!wanted[k]) return undefined;
    const { handle, buffer } = engine.out(size / x.shape[0]!);
    args[`gradient initial ${name}`] = imageIfKept(buffer, one);
    return handle;
  });

  // one part of each sum for each chunk of images
  const chunks = chunksOf(images.images);
  const clearing: KernelCall[] = [];
  const sums = graph.parameters.map(({ name, leaf }, k) => {
    const count = parameters[k]!.handle.size;
    const lanes = leaf.rate === 'layer' ? 2 : 1;
    const bytes = 8 * count * lanes + 8;
    const parts = engine.buffer(chunks * bytes);
    args[`sum ${name}`] = part(parts, bytes);
    clearing.push(kernelCall('clear', 'chunk', { p: part(parts, bytes), bytes }));
    return { parts, bytes, lanes, count };
  });
  const normed = current.norm && engine.buffer(chunks * 16 * images.channels);
  if (current.norm !== undefined && normed !== undefined) {
    const bytes = 16 * images.channels;
    args.mean = whole(current.norm.mean);
    args['norm dx'] = part(normed, bytes);
    args['norm product'] = moved(part(normed, bytes), 8 * images.channels);
    clearing.push(kernelCall('clear', 'chunk', { p: part(normed, bytes), bytes }));
    engine.handle(dx.handle).sums = { parts: normed, chunks, images, ...current.norm };
    normed.loose = false;
  }
  const calls = callsOf(sweep, 'backward', work, args);
  engine.scheduler.schedule(images.images, [...clearing, ...calls]);
  const dParameters = sums.map(({ parts, bytes, lanes, count }) => {
    const out = engine.out(count);
    engine.scheduler.serially('foldParts', {
      parts: whole(parts),
      nParts: chunks,
      partBytes: bytes,
      lanes,
      n: count,
      out: wholeOut(out.buffer),
    });
    engine.scheduler.release(parts);
    return out.handle;
  });
  return { x: dx.handle, initial: initialOut, parameters: dParameters };
}

/** How arguments of a walk back move with a share. */
function backwardMoves(
  graph: StepGraph,
  { input }: BackwardForm,
  coming: readonly Coming[],
): (name: string) => Moves {
  const moves = movesOf(graph, input, []);
  const perLayer = new Set(
    graph.parameters.filter(({ leaf }) => leaf.rate === 'layer').map(({ name }) => `sum ${name}`),
  );
  return (name) => {
    if (name.startsWith('norm ')) return 'sums';
    if (name.startsWith('sum ')) return perLayer.has(name) ? 'no' : 'sums';
    return coming.some((gradient) => gradient.image === name) ? 'channels' : moves(name);
  };
}

interface Coming {
  readonly form: GradientForm;
  readonly args: Arguments;
  /** The argument that holds one vector for all pixels. */
  readonly image?: string;
}

/** The gradient of an output: planes, two to be added, or one vector for all pixels of an image. */
function gradientOf(
  engine: Engine,
  gradient: Operand | undefined,
  images: Images,
  grouped: boolean,
  output: string,
): Coming {
  if (gradient === undefined) return { form: 'none', args: {} };
  const handle = engine.handle(gradient.handle);
  const { value } = handle;
  const first = `gradient ${output}`;
  if (grouped && value instanceof PerPixel && value.pixels === pixelsOf(images)) {
    const rows = { ...images, height: 1, width: 1 };
    const planes = engine.read(engine.numbers(value.x, rows), denseLayout(rows));
    return { form: 'image', args: planesAs(first, planes), image: first };
  }
  if (value instanceof Sum) {
    return {
      form: 'two',
      args: {
        ...planesAs(first, engine.planes(value.a, images)),
        ...planesAs(`second gradient ${output}`, engine.planes(value.b, images)),
      },
    };
  }
  return { form: 'planes', args: planesAs(first, engine.planes(handle, images)) };
}
