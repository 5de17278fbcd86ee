// Back through all steps of a block: forward is computed again, what is wanted of it kept in scratch, and the
// gradients walk back with those of the states in locals. Sums over neurons are collected in locals and added to
// memory once a row.

import { type Expr, leaf, number } from '../graph/expression';
import { replaced } from '../graph/replace';
import { Simplifier } from '../graph/simplify';
import type { WasmFunction } from './bytes';
import { type BackwardForm, inputOf, type ModuleFlavour, type PartPiece, type StepGraph } from './form';
import { fromZero, layerPlace, startStates } from './forward';
import { type CellPlace, type FrameCell, type Stream, SweepFrame } from './frame';
import type { Numbers } from './numbers';
import { channelAddress, inputParameters, Source } from './source';
import { Sums } from './sums';

/** The parameters of a backward function, behind those that all have. */
export function backwardParameters({ states, parameters, outputs }: StepGraph, form: BackwardForm): string[] {
  return [
    ...inputParameters(form.input),
    ...parameters.flatMap(({ name, leaf }) => [leaf.name, `sum ${name}`]),
    ...(form.sums ? ['mean', 'norm dx', 'norm product'] : []),
    ...states.flatMap(({ name }, k) => [
      ...(form.initial[k] ? [`initial ${name}`] : []),
      ...(form.initialGradients[k] ? [`gradient initial ${name}`] : []),
      ...(form.last[k] ? [`gradient final ${name}`] : []),
    ]),
    ...outputs.flatMap(({ name }, i) => {
      const count = { none: 0, planes: 1, image: 1, two: 2 }[form.gradients[i]!];
      return ['gradient', 'second gradient']
        .slice(0, count)
        .flatMap((which) => [`${which} ${name}`, `${which} ${name} pitch`]);
    }),
    'dx',
    'dx pitch',
    'scratch',
  ];
}

/** Bytes of scratch of a backward function. */
export const scratchBytes = ({ saved }: StepGraph, steps: number): number => 64 * saved.length * steps + 64;

export function backwardFunction(
  graph: StepGraph,
  form: BackwardForm,
  { relaxed }: ModuleFlavour,
  piece: PartPiece,
  numbers: Numbers,
): WasmFunction {
  const { states, outputs, gNext, gOutput } = graph;
  const [S, K] = [states.length, graph.saved.length];
  const frame = new SweepFrame(piece, backwardParameters(graph, form), relaxed, numbers);
  const { code } = frame;
  const source = new Source(frame, form.input);
  const gradients = outputs.map(({ name }, i): Stream[] => {
    const how = form.gradients[i]!;
    if (how === 'none') return [];
    const first = frame.stream(`gradient ${name}`, how === 'image' ? 'image' : 'floats');
    return how === 'two' ? [first, frame.stream(`second gradient ${name}`)] : [first];
  });
  /** What comes from above: one gradient, or two together. */
  const load = (streams: readonly Stream[], cell: FrameCell): void => {
    for (const [i, stream] of streams.entries()) {
      frame.load(stream, cell);
      if (i > 0) code.simd('f32x4.add');
    }
  };
  const dx = frame.stream('dx');
  const walking = [...gradients.flat(), dx];
  const kept = code.int();

  // the step's expressions, of the input's parts, with what was kept as leaves
  const x = inputOf(form.input);
  const absent = gOutput.filter((_, i) => form.gradients[i] === 'none').map(({ name }) => name);
  const simplifier = new Simplifier(true);
  const given = replaced(
    [...graph.saved, ...graph.next, graph.dx, ...graph.dState, ...graph.dParameter],
    (e) => (e.name === graph.x.name && e.op === 'leaf' ? x : absent.includes(e.name) ? number(0) : undefined),
  );
  const all = simplifier.rebuild(given);
  const charge = all.slice(0, K + S);
  const keptLeaves = graph.saved.map((_, k) => leaf(`saved ${k}`, 'neuron'));
  const saved = new Map(charge.slice(0, K).map((e, k) => [e, keptLeaves[k]!]));
  const [d, ...others] = replaced(all.slice(K + S), (e) => saved.get(e)) as [Expr, ...Expr[]];
  const sums = new Sums(frame, graph, others.slice(S), form.sums ? d : undefined);
  const back = simplifier.rebuild([d, ...others.slice(0, S), ...sums.roots]);
  const without = (e: Expr): Expr | undefined =>
    e.op === 'leaf' && gNext.some(({ name }, k) => name === e.name && !form.last[k]) ? number(0) : undefined;
  const chargeFirst = simplifier.rebuild(charge, fromZero(graph, form.initial));
  const backLast = simplifier.rebuild(back, without);
  const starts = states.map(({ start }) => simplifier.number(start));
  const needsCharge = K > 0;

  const roots = [...(needsCharge ? [...charge, ...chargeFirst, ...starts] : []), ...back, ...backLast];
  frame.run(roots, (e) => layerPlace(frame, e), channelAddress, {
    begin: () => sums.begin(),
    end: () => sums.end(),
    block(cells) {
      const now = cells.map(() => states.map(() => code.vector()));
      const stateOf =
        (k: number): CellPlace =>
        ({ index }) =>
          void code.get(now[index]![k]!);
      const places = new Map<string, CellPlace>([
        ...source.places,
        ...sums.places,
        ...keptLeaves.map(({ name }, k): [string, CellPlace] => [
          name,
          ({ index }) => void code.get(kept).load(16 * (K * index + k)),
        ]),
        ...gOutput.map(({ name }, i): [string, CellPlace] => [name, (cell) => load(gradients[i]!, cell)]),
        ...states.map(({ leaf }, k): [string, CellPlace] => [leaf.name, stateOf(k)]),
        ...gNext.map(({ name }, k): [string, CellPlace] => [name, stateOf(k)]),
      ]);
      const placeOf = (cell: FrameCell) => (e: Expr) => places.get(e.name)!(cell);
      const block = 16 * K * cells.length;

      if (needsCharge) {
        startStates(frame, graph, form.initial, starts, cells, now);
        code.get(frame.parameter('scratch')).set(kept);
        const step = (which: readonly Expr[]) => () => {
          frame.findSeconds(cells, source.streams);
          for (const cell of cells) {
            frame.body(which, cell, placeOf(cell), (i, value) => {
              if (i < K) code.get(kept);
              value();
              if (i < K) return () => void code.store(16 * (K * cell.index + i));
              return () => void code.set(now[cell.index]![i - K]!);
            });
          }
        };
        frame.steps(
          cells,
          { first: step(chargeFirst), middle: step(charge), last: step(charge.slice(0, K)) },
          () => {
            frame.move('add', source.streams);
            code.bump(kept, block);
          },
        );
      }
      frame.toLast(needsCharge ? walking : [...source.streams, ...walking]);

      for (const cell of cells) {
        for (const [k, { name }] of states.entries()) {
          if (form.last[k]) {
            frame.inPlane(`gradient final ${name}`, cell);
            code.load(frame.offsetOf(cell), piece.lanes);
          } else code.zero();
          code.set(now[cell.index]![k]!);
        }
      }
      const step = (which: readonly Expr[], wanted: readonly boolean[]) => {
        // gradients of states that nobody wants are not computed
        const order = which.map((_, i) => i).filter((i) => i === 0 || i > S || wanted[i - 1]);
        const roots = order.map((i) => which[i]!);
        return () => {
          frame.findSeconds(cells);
          for (const cell of cells) {
            frame.body(roots, cell, placeOf(cell), (j, value) => {
              const i = order[j]!;
              if (i === 0) frame.address(dx, cell);
              value();
              if (i === 0) return () => frame.store(cell);
              const local = i > S ? sums.local(i - 1 - S, cell) : now[cell.index]![i - 1]!;
              return () => void code.set(local);
            });
          }
        };
      };
      const every = states.map(() => true);
      frame.steps(
        cells,
        { first: step(backLast, every), middle: step(back, every), last: step(back, form.initialGradients) },
        () => {
          frame.move('sub');
          if (needsCharge) code.bump(kept, block, 'sub');
        },
      );
      for (const [k, { name }] of states.entries()) {
        if (!form.initialGradients[k]) continue;
        code.get(frame.parameter(`gradient initial ${name}`)).if(() => {
          for (const cell of cells) {
            frame.inPlane(`gradient initial ${name}`, cell);
            code.get(now[cell.index]![k]!);
            frame.store(cell);
          }
        });
      }
    },
  });
  return code.finished(`backward${piece.name}`);
}
