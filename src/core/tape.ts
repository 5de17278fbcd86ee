// The tape: which operator made which tensor, and how gradients go back through it. Entries are numbered as they are
// recorded; backward visits them in reverse, so every entry has its whole gradient before it passes it on.

import { formatShape, type Shape, sameShape } from '../backends/shape';
import { check, SpikegradError } from '../errors';
import { callback, checkKind } from '../options';
import { keepWith, refusePromise, scope } from './scope';
import type { Tensor } from './tensor';

/** A gradient, or null where there is none. */
export type Gradient = Tensor | null;

/**
 * Gradients of an operator's inputs from those of its outputs.
 * @param gradients one for each output
 * @param saved the tensors that were given to {@link record}, valid even when their makers have disposed of them
 * @param needs which inputs want a gradient; the others may be null
 */
export type Backward = (
  gradients: readonly Gradient[],
  saved: readonly Tensor[],
  needs: readonly boolean[],
) => readonly Gradient[];

/** Where a gradient goes: to an output of an earlier entry, to a leaf's `.grad`, or nowhere. */
type Edge = { readonly entry: TapeEntry; readonly output: number } | { readonly leaf: Tensor } | undefined;

let recording = true;
let recorded = 0;

/**
 * One recorded operator. It is held by its live outputs and by the entries after it; with the last of these it gives up
 * what it saved, so a graph that nobody can run backward any more costs nothing.
 */
export class TapeEntry {
  readonly order = recorded++;
  freed = false;
  #holders: number;

  constructor(
    readonly name: string,
    readonly edges: readonly Edge[],
    readonly inputShapes: readonly Shape[],
    readonly outputs: number,
    readonly saved: readonly Tensor[],
    readonly savedVersions: readonly number[],
    readonly backward: Backward,
  ) {
    this.#holders = outputs;
    for (const edge of edges) if (edge !== undefined && 'entry' in edge) edge.entry.hold();
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    if (--this.#holders === 0) this.free();
  }

  /** Gives back what only the tape held. */
  free(): void {
    if (this.freed) return;
    this.freed = true;
    for (const tensor of this.saved) tensor.dispose();
    for (const edge of this.edges) if (edge !== undefined && 'entry' in edge) edge.entry.release();
  }
}

/** Runs `fn` without recording: nothing in it will have a gradient. Synchronous only. */
export function noGrad<R>(fn: () => R): R {
  if (typeof fn !== 'function') checkKind('noGrad', 'fn', callback(), fn);
  const former = recording;
  recording = false;
  try {
    const result = fn();
    refusePromise('noGrad', result, 'await outside and wrap each synchronous part');
    return result;
  } finally {
    recording = former;
  }
}

/** Whether operators are being recorded now. */
export function isRecording(): boolean {
  return recording;
}

/** What {@link watchTape} shows. What the looks themselves compute is shown to nobody. */
export interface TapeWatch {
  /** An operator has run; `entry` where it was recorded. Not called for what runs inside a backward. */
  forward(
    name: string,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    entry: TapeEntry | undefined,
  ): void;
  /** An operator's backward has run: the gradients of its outputs, and those that it gave its inputs. */
  backward(entry: TapeEntry, incoming: readonly Gradient[], outgoing: readonly Gradient[]): void;
}

let watching: TapeWatch | undefined;

/** Shows `watch` every operator and every backward that `fn` runs; undefined shows nobody. Synchronous only. */
export function watchTape<R>(watch: TapeWatch | undefined, fn: () => R): R {
  const former = watching;
  watching = watch;
  try {
    return fn();
  } finally {
    watching = former;
  }
}

/** Puts an operator on the tape, if any of its inputs wants a gradient, and ties its outputs to the entry. */
export function record(
  name: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  saved: readonly Tensor[],
  backward: Backward,
): void {
  const wanted = recording && inputs.some((input) => input.requiresGrad);
  const entry = wanted ? enter(name, inputs, outputs, saved, backward) : undefined;
  const watch = watching;
  if (watch !== undefined) watchTape(undefined, () => watch.forward(name, inputs, outputs, entry));
}

/** A new entry, which the outputs are tied to. */
function enter(
  name: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  saved: readonly Tensor[],
  backward: Backward,
): TapeEntry {
  const edges = inputs.map((input): Edge => {
    if (!input.requiresGrad) return undefined;
    return input.origin === undefined ? { leaf: input } : input.origin;
  });
  const entry = new TapeEntry(
    name,
    edges,
    inputs.map((input) => input.shape),
    outputs.length,
    saved.map((tensor) => tensor.alias().keep()),
    saved.map((tensor) => tensor.version),
    backward,
  );
  outputs.forEach((output, index) => {
    output.origin = { entry, output: index };
  });
  return entry;
}

/** All entries that `root` depends on, the latest first. */
function entriesBehind(root: TapeEntry): TapeEntry[] {
  const found = new Set([root]);
  for (const entry of found) {
    for (const edge of entry.edges) if (edge !== undefined && 'entry' in edge) found.add(edge.entry);
  }
  return [...found].sort((a, b) => b.order - a.order);
}

/**
 * Sends `seed` back from `root` to every leaf behind it.
 * @param accumulate adds two gradients and disposes of both
 */
export function runBackward(
  root: Tensor,
  seed: Tensor,
  retainGraph: boolean,
  accumulate: (sum: Tensor, term: Tensor) => Tensor,
): void {
  if (root.origin === undefined) {
    addToLeaf(root, seed, accumulate);
    return;
  }
  const entries = entriesBehind(root.origin.entry);
  for (const entry of entries) checkUsable(entry);
  for (const entry of entries) entry.hold(); // until it has had its turn
  const pending = new Map<TapeEntry, Gradient[]>();
  const give = (edge: Edge, gradient: Tensor) => {
    if (edge === undefined) gradient.dispose();
    else if ('leaf' in edge) addToLeaf(edge.leaf, gradient, accumulate);
    else {
      const slots = pending.get(edge.entry) ?? new Array<Gradient>(edge.entry.outputs).fill(null);
      const sum = slots[edge.output];
      slots[edge.output] = sum ? accumulate(sum, gradient) : gradient;
      pending.set(edge.entry, slots);
    }
  };
  let turn = 0;
  const watch = watching;
  const quietly = (fn: () => void) => noGrad(() => watchTape(undefined, fn));
  try {
    quietly(() => {
      give(root.origin, seed);
      for (; turn < entries.length; turn++) {
        const entry = entries[turn]!;
        const incoming = pending.get(entry);
        if (incoming !== undefined) {
          const outgoing = backThrough(entry, incoming);
          watch?.backward(entry, incoming, outgoing);
          pending.delete(entry);
          for (const gradient of incoming) gradient?.dispose();
          outgoing.forEach((gradient, i) => {
            if (gradient !== null) give(entry.edges[i], gradient);
          });
        }
        if (!retainGraph) entry.free();
        entry.release();
      }
    });
  } finally {
    // after an error only: what was on its way, and the entries that did not have their turn
    for (const gradients of pending.values()) for (const gradient of gradients) gradient?.dispose();
    for (; turn < entries.length; turn++) entries[turn]!.release();
  }
}

function checkUsable(entry: TapeEntry): void {
  if (entry.freed) {
    throw new SpikegradError(
      'backward',
      `the graph through ${entry.name} was freed by an earlier backward(). A state that is carried on (V, a hidden state) must be cut off before the next step: v = v.detach(). Otherwise run forward again, or pass { retainGraph: true } to the first`,
    );
  }
  entry.saved.forEach((tensor, i) => {
    check(
      tensor.version === entry.savedVersions[i],
      'backward',
      `a tensor that ${entry.name} needs was changed in place after forward; run backward before the update`,
    );
  });
}

/** Calls one entry's backward; what comes out belongs to the caller and is distinct from what went in. */
function backThrough(entry: TapeEntry, incoming: readonly Gradient[]): Gradient[] {
  const needs = entry.edges.map((edge) => edge !== undefined);
  return scope(() => {
    const outgoing = entry.backward(incoming, entry.saved, needs);
    check(
      outgoing.length === needs.length,
      entry.name,
      () => `backward gave ${outgoing.length} gradients for ${needs.length} inputs`,
    );
    const taken = new Set<Gradient>(incoming);
    return outgoing.map((gradient, i) => {
      if (gradient === null || gradient === undefined || !needs[i]) return null;
      const shape = entry.inputShapes[i]!;
      check(
        sameShape(gradient.shape, shape),
        entry.name,
        () =>
          `backward gave a gradient ${formatShape(gradient.shape)} for input ${i} of shape ${formatShape(shape)}`,
      );
      const own = taken.has(gradient) || entry.saved.includes(gradient) ? gradient.alias() : gradient;
      taken.add(gradient);
      return own;
    });
  });
}

function addToLeaf(leaf: Tensor, gradient: Tensor, accumulate: (sum: Tensor, term: Tensor) => Tensor): void {
  leaf.grad = keepWith(leaf, leaf.grad === null ? gradient.owned() : accumulate(leaf.grad, gradient));
}
