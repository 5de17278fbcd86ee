// When each value of a plan lives, and where: phases, one after another, each over all images. A neuron with its
// current is a phase (kernels/integer/layer.ts); other steps go through an image together, and what only they see is
// scratch.

import {
  currentOf,
  type IntegerPlan,
  type NeuronStep,
  type PlaneShape,
  type PlanInput,
  type PlanStep,
  type RowCurrent,
} from '../../integer';
import { blocksOf, groupsOf } from './weights';

export interface LayerPhase {
  readonly neuron: NeuronStep;
  readonly current: RowCurrent;
}

export interface StepsPhase {
  readonly inputs: readonly PlanInput[];
  readonly steps: PlanStep[];
}

export type PhasePlan = LayerPhase | StepsPhase;

export const isLayer = (phase: PhasePlan): phase is LayerPhase => 'neuron' in phase;

export type AnyStep = PlanStep | PlanInput;

/** A plan, seen by the names of its values. */
export class PlanView {
  readonly #values: ReadonlyMap<string, AnyStep>;
  readonly phases: readonly PhasePlan[];

  constructor(readonly plan: IntegerPlan) {
    this.#values = new Map([...plan.inputs, ...plan.steps].map((one) => [one.name, one]));
    this.phases = this.#phases();
  }

  value(name: string): AnyStep {
    return this.#values.get(name)!;
  }

  step(name: string): PlanStep | undefined {
    const value = this.value(name);
    return 'op' in value ? value : undefined;
  }

  /** Steps that take a value. */
  takers(name: string): PlanStep[] {
    return this.plan.steps.filter(({ from }) => from.includes(name));
  }

  isOutput(name: string): boolean {
    return this.plan.outputs.some((output) => output.name === name);
  }

  /** What a neuron is computed with, row by row; undefined where it is not. */
  current(neuron: NeuronStep): RowCurrent | undefined {
    if (!neuron.narrow) return undefined;
    const uses = (name: string) =>
      this.plan.steps.reduce((all, { from }) => all + from.filter((one) => one === name).length, 0) +
      Number(this.isOutput(name));
    return currentOf(
      neuron,
      (name) => this.step(name),
      (name) => this.value(name).kind,
      uses,
    );
  }

  #phases(): PhasePlan[] {
    const { inputs, steps } = this.plan;
    const currents = new Map<string, RowCurrent>();
    const absorbed = new Set<string>();
    for (const step of steps) {
      const current = step.op === 'neuron' ? this.current(step) : undefined;
      if (current === undefined) continue;
      currents.set(step.name, current);
      for (const name of [...current.convs, current.sum]) if (name !== undefined) absorbed.add(name);
    }
    let open: StepsPhase = { inputs, steps: [] };
    const phases: PhasePlan[] = [open];
    for (const step of steps) {
      if (absorbed.has(step.name)) continue;
      const current = currents.get(step.name);
      if (current !== undefined) {
        phases.push({ neuron: step as NeuronStep, current });
        continue;
      }
      if (phases.at(-1) !== open) {
        open = { inputs: [], steps: [] };
        phases.push(open);
      }
      open.steps.push(step);
    }
    return phases;
  }

  /** The phase that makes a value, and the last that takes it; infinite for what comes out. */
  life(name: string): readonly [first: number, last: number] {
    const makes = (phase: PhasePlan) =>
      isLayer(phase)
        ? phase.neuron.name === name
        : [...phase.inputs, ...phase.steps].some((one) => one.name === name);
    const takes = (phase: PhasePlan) =>
      isLayer(phase)
        ? [
            ...phase.current.convs.map((conv) => this.step(conv)!.from[0]!),
            ...phase.current.bits.map((one) => one.name),
          ].includes(name)
        : phase.steps.some(({ from }) => from.includes(name));
    const last = this.phases.reduce((found, phase, i) => (takes(phase) ? i : found), 0);
    return [this.phases.findIndex(makes), this.isOutput(name) ? Number.POSITIVE_INFINITY : last];
  }

  /** Whether only the steps beside it see a value. */
  isScratch(name: string): boolean {
    const [first, last] = this.life(name);
    return this.value(name).kind !== 'bits' && last <= first;
  }

  /** Bytes of a pixel of numbers or currents. */
  pixelBytes(name: string): number {
    const { kind, shape } = this.value(name);
    if (kind === 'currents') return 64 * blocksOf(shape[0]);
    const isGiven = this.step(name) === undefined && this.takers(name).every(({ op }) => op === 'conv');
    return isGiven ? 2 * shape[0] : 32 * blocksOf(shape[0]);
  }

  /** Bytes of a value at one time step of one image. */
  planeBytes(name: string): number {
    const { kind, shape } = this.value(name);
    const area = shape[1] * shape[2];
    return kind === 'bits' ? groupsOf(shape[0]) * area : this.pixelBytes(name) * area;
  }

  shape(name: string): PlaneShape {
    return this.value(name).shape;
  }
}
