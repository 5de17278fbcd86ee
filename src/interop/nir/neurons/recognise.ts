// Which of NIR's neurons the equations of a step are, whoever wrote them: the membrane before a spike is linear in
// itself, the input and at most one current, fires above a number, and is then set to a number. constants.ts goes the
// other way.

import type { NeuronModel } from '../../../neurons';
import { derive } from '../../../neurons/graph/derive';
import { gradients } from '../../../neurons/graph/differentiate';
import { type Expr, inOrder, number, type Op, sub } from '../../../neurons/graph/expression';
import type { Simplifier } from '../../../neurons/graph/simplify';

/** A neuron of NIR in one step: V = keep·V + drive·I + leak, I = synapse.keep·I + synapse.drive·X, or X itself. */
export interface LinearNeuron {
  readonly keep: number;
  readonly drive: number;
  readonly leak: number;
  readonly synapse?: { readonly keep: number; readonly drive: number };
  readonly spike?: { readonly threshold: number; readonly reset: number };
}

/** Why equations are no neuron of NIR. */
export type Unlike = 'soft reset' | 'no reset' | 'other';

const linear = new Set<Op>(['add', 'sub', 'mul', 'div', 'neg', 'number', 'leaf']);

/** Σ coefficient·leaf + constant. */
interface StateLine {
  readonly of: ReadonlyMap<Expr, number>;
  readonly constant: number;
}

function lineOf(simplifier: Simplifier, e: Expr, leaves: readonly Expr[]): StateLine | undefined {
  if (inOrder([e]).some(({ op }) => !linear.has(op))) return undefined;
  const slopes = simplifier.rebuild(gradients([{ root: e, seed: number(1) }], leaves));
  if (slopes.some(({ op }) => op !== 'number')) return undefined;
  const [constant] = simplifier.rebuild([e], (one) => (leaves.includes(one) ? number(0) : undefined));
  return { of: new Map(leaves.map((leaf, k) => [leaf, slopes[k]!.value])), constant: constant!.value };
}

/** Equal up to the rounding of what they were computed from. */
const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b), 1e-3);

/** The condition of a spike, and by how much it holds. */
function conditionOf({ op, args }: Expr): { condition: Expr; margin: Expr; fires: number } | undefined {
  if (op !== 'select') return undefined;
  const [condition, yes, no] = args as [Expr, Expr, Expr];
  if (yes.op !== 'number' || no.op !== 'number') return undefined;
  const [a, b] = condition.args as [Expr, Expr];
  const isAbove = condition.op === 'ge' || condition.op === 'gt';
  if (!isAbove && condition.op !== 'le' && condition.op !== 'lt') return undefined;
  // a < b ? 0 : 1 is a >= b
  const fires = yes.value === 1 && no.value === 0 ? 1 : yes.value === 0 && no.value === 1 ? 0 : undefined;
  if (fires === undefined) return undefined;
  return { condition, margin: isAbove === (fires === 1) ? sub(a, b) : sub(b, a), fires };
}

/** @param learned values of its learnable parameters, by name */
export function linearNeuron(
  model: NeuronModel,
  learned: ReadonlyMap<string, number>,
): LinearNeuron | Unlike {
  const { outputs, next, simplifier } = derive(model, true);
  const values = new Map(model.parameters.map(({ name, leaf }) => [leaf.name, learned.get(name)]));
  const given = ({ op, name }: Expr): Expr | undefined => {
    const value = op === 'leaf' ? values.get(name) : undefined;
    return value === undefined ? undefined : number(value);
  };
  const [output, ...after] = simplifier.rebuild([outputs[0]!, ...next], given);
  const [x, ...states] = simplifier.rebuild([model.x, ...model.states.map(({ leaf }) => leaf)]);
  const leaves = [x!, ...states];
  const fired = conditionOf(output!);
  const where = (spikes: boolean): (StateLine | undefined)[] => {
    const value = number(Number(spikes === (fired?.fires === 1)));
    const roots = simplifier.rebuild(after, (e) => (e === fired?.condition ? value : undefined));
    return roots.map((e) => lineOf(simplifier, e, leaves));
  };
  const [quiet, spiked] = [where(false), where(true)];
  if (quiet.includes(undefined) || spiked.includes(undefined) || states.length > 2) return 'other';
  const lines = quiet as StateLine[];
  // the membrane is the state that the others do not read
  const v = states.findIndex((leaf) =>
    lines.every((line, k) => states[k] === leaf || line.of.get(leaf) === 0),
  );
  if (v < 0 || model.states.some(({ start }) => start !== 0)) return 'other';
  const charge = lines[v]!;
  const found = chargeOf(x!, states, lines, v);
  if (found === undefined) return 'other';
  if (fired === undefined) {
    const out = lineOf(simplifier, output!, leaves);
    return out !== undefined && isTimes(out, charge, leaves) === 1 && near(out.constant, charge.constant)
      ? found
      : 'other';
  }
  const others = spiked.every((line, k) => k === v || isSame(line!, lines[k]!, leaves));
  const margin = lineOf(simplifier, simplifier.rebuild([fired.margin])[0]!, leaves);
  const scale = margin && isTimes(margin, charge, leaves);
  if (!others || margin === undefined || scale === undefined || !(scale > 0)) return 'other';
  const reset = spiked[v]!;
  if (isSame(reset, charge, leaves)) return 'no reset';
  if (isSame({ ...reset, constant: charge.constant }, charge, leaves)) return 'soft reset';
  if (leaves.some((leaf) => reset.of.get(leaf) !== 0)) return 'other';
  const threshold = charge.constant - margin.constant / scale;
  return { ...found, spike: { threshold, reset: reset.constant } };
}

/** c, where the one line is c times the other but for constants. */
function isTimes(a: StateLine, b: StateLine, leaves: readonly Expr[]): number | undefined {
  const leaf = leaves.find((one) => b.of.get(one) !== 0);
  if (leaf === undefined) return undefined;
  const scale = a.of.get(leaf)! / b.of.get(leaf)!;
  return leaves.every((one) => near(a.of.get(one)!, scale * b.of.get(one)!)) ? scale : undefined;
}

const isSame = (a: StateLine, b: StateLine, leaves: readonly Expr[]): boolean =>
  near(a.constant, b.constant) && leaves.every((leaf) => near(a.of.get(leaf)!, b.of.get(leaf)!));

/** How the membrane is charged, by the input or by a current that the input charges. */
function chargeOf(
  x: Expr,
  states: readonly Expr[],
  lines: readonly StateLine[],
  v: number,
): LinearNeuron | undefined {
  const charge = lines[v]!;
  const keep = charge.of.get(states[v]!)!;
  const leak = charge.constant;
  if (states.length === 1) return { keep, drive: charge.of.get(x)!, leak };
  const current = lines[1 - v]!;
  const i = states[1 - v]!;
  const synapse = { keep: current.of.get(i)!, drive: current.of.get(x)! };
  if (current.constant !== 0 || synapse.drive === 0) return undefined;
  // V takes the current that this step has charged
  const drive = charge.of.get(x)! / synapse.drive;
  return near(charge.of.get(i)!, drive * synapse.keep) ? { keep, drive, leak, synapse } : undefined;
}
