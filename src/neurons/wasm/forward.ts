// Forward over all steps of a block: states stay in locals, outputs leave as floats or as one bit a neuron and step.

import { type Expr, gt, number } from '../graph/expression';
import { replaced } from '../graph/replace';
import { type Replace, Simplifier } from '../graph/simplify';
import type { WasmFunction } from './bytes';
import { type ForwardForm, inputOf, type ModuleFlavour, type PartPiece, type StepGraph } from './form';
import { type CellPlace, type FrameCell, type Stream, SweepFrame } from './frame';
import type { Numbers } from './numbers';
import { channelAddress, inputParameters, Source } from './source';

/** The parameters of a forward function, behind those that all have. */
export function forwardParameters({ states, parameters, outputs }: StepGraph, form: ForwardForm): string[] {
  return [
    ...inputParameters(form.input),
    ...parameters.map(({ leaf }) => leaf.name),
    ...states.flatMap(({ name }, k) => [...(form.initial[k] ? [`initial ${name}`] : []), `final ${name}`]),
    ...outputs.flatMap(({ name }) => [`output ${name}`, `output ${name} pitch`]),
  ];
}

/** The condition that 1 stands for where the spike fired. */
const firing = (e: Expr): Expr =>
  e.op === 'select' &&
  e.args[1]!.value === 1 &&
  e.args[2]!.op === 'number' &&
  e.args[2]!.value === 0 &&
  e.args[1]!.op === 'number'
    ? e.args[0]!
    : gt(e, 0);

export function forwardFunction(
  graph: StepGraph,
  form: ForwardForm,
  { relaxed }: ModuleFlavour,
  piece: PartPiece,
  numbers: Numbers,
): WasmFunction {
  const { states, outputs } = graph;
  const frame = new SweepFrame(piece, forwardParameters(graph, form), relaxed, numbers);
  const { code } = frame;
  const source = new Source(frame, form.input);
  const streams = outputs.map(({ name }, i) =>
    frame.stream(`output ${name}`, form.bits[i] ? 'bits' : 'floats'),
  );
  const x = inputOf(form.input);
  const simplifier = new Simplifier(true); // one, so that what steps have in common is computed once
  const roots = simplifier.rebuild(
    replaced(
      [...outputs.map(({ value }, i) => (form.bits[i] ? firing(value) : value)), ...graph.next],
      (e) => (e.name === graph.x.name && e.op === 'leaf' ? x : undefined),
    ),
  );
  const first = simplifier.rebuild(roots, fromZero(graph, form.initial));
  const starts = states.map(({ start }) => simplifier.number(start));

  frame.run([...roots, ...first, ...starts], (e) => layerPlace(frame, e), channelAddress, {
    block(cells) {
      const now = cells.map(() => states.map(() => code.vector()));
      startStates(frame, graph, form.initial, starts, cells, now);
      const places = new Map<string, CellPlace>([
        ...source.places,
        ...states.map(({ leaf }, k): [string, CellPlace] => [
          leaf.name,
          ({ index }) => void code.get(now[index]![k]!),
        ]),
      ]);
      const step = (which: readonly Expr[]) => () => {
        frame.findSeconds(cells);
        const fired = outputs.map(() => [] as number[]);
        for (const cell of cells) {
          frame.body(
            which,
            cell,
            (e) => places.get(e.name)!(cell),
            (i, value) => {
              const state = i - outputs.length;
              if (state < 0 && !form.bits[i]) frame.address(streams[i]!, cell);
              value();
              if (state >= 0) return () => void code.set(now[cell.index]![state]!);
              if (!form.bits[i]) return () => frame.store(cell);
              const mask = code.vector();
              fired[i]!.push(mask);
              return () => void code.set(mask);
            },
          );
        }
        for (const [i, masks] of fired.entries()) if (masks.length > 0) pack(frame, streams[i]!, masks);
      };
      frame.steps(cells, { first: step(first), middle: step(roots) }, () => frame.move('add'));
      for (const [k, { name }] of states.entries()) {
        code.get(frame.parameter(`final ${name}`)).if(() => {
          for (const cell of cells) {
            frame.inPlane(`final ${name}`, cell);
            code.get(now[cell.index]![k]!);
            frame.store(cell);
          }
        });
      }
    },
  });
  return code.finished(`forward${piece.name}`);
}

/** Masks of eight channels of one or two pixels as a byte each. */
function pack({ code }: SweepFrame, { pointer }: Stream, masks: readonly number[]): void {
  const [a, b, c, d] = masks as [number, number, number, number];
  code.get(pointer).get(a).get(b).simd('i16x8.narrow_i32x4');
  if (masks.length === 2) code.simd('i16x8.bitmask').store8();
  else
    code.get(c).get(d).simd('i16x8.narrow_i32x4').simd('i8x16.narrow_i16x8').simd('i8x16.bitmask').store16();
}

/** Puts a number or a layer's parameter on the stack. */
export function layerPlace(frame: SweepFrame, e: Expr): void {
  frame.code.get(frame.parameter(e.name)).splat();
}

/** States before the first step, into locals. */
export function startStates(
  frame: SweepFrame,
  { states }: StepGraph,
  initial: readonly boolean[],
  starts: readonly Expr[],
  cells: readonly FrameCell[],
  now: readonly (readonly number[])[],
): void {
  for (const cell of cells) {
    for (const [k, { name }] of states.entries()) {
      if (initial[k]) {
        frame.inPlane(`initial ${name}`, cell);
        frame.code.load(frame.offsetOf(cell), frame.piece.lanes);
      } else {
        frame.body(
          [starts[k]!],
          cell,
          () => {},
          (_, value) => {
            value();
            return undefined;
          },
        );
      }
      frame.code.set(now[cell.index]![k]!);
    }
  }
}

/** States that start at 0 are 0 in the first step. */
export function fromZero({ states }: StepGraph, initial: readonly boolean[]): Replace {
  const zeros = states.filter(({ start }, k) => start === 0 && !initial[k]).map(({ leaf }) => leaf.name);
  return (e) => (e.op === 'leaf' && zeros.includes(e.name) ? number(0) : undefined);
}
