// A compiled network as exporters take it: the steps of its plans in real numbers again. Layers in real numbers stay as
// they were.

import type { Shape } from '../backends/shape';
import type { InferenceGraph, InferenceStep } from '../interop/inference/graph';
import { inferenceGraph } from '../interop/inference/lowering';
import { imagesIn } from './images';
import type { CompiledParts } from './network';
import { RealSteps } from './real-steps';

/** @param where the function that messages name */
export async function compiledGraph(where: string, own: CompiledParts): Promise<InferenceGraph> {
  const { real, inputShape, timesteps, parts } = own;
  const sequence = timesteps === undefined ? 1 : undefined;
  const whole = real && (await inferenceGraph(where, real.network, inputShape, sequence));
  const outputShape = channelsFirst(own.outputShape);
  const known = new Map(whole?.steps.map((step) => [step.name, step]));
  const images = whole === undefined ? imagesIn(parts[0]!.planned.plan) : undefined;
  const isVector = (name: string) =>
    images === undefined ? known.get(name)?.kind === 'linear' : outputShape.length === 1 && !images.has(name);
  const given = new Map<string, Shape>([...known].map(([name, { shape }]) => [name, shape]));
  given.set('input', channelsFirst(inputShape));
  const graph = new RealSteps(where, given, isVector);
  for (const { planned } of parts) graph.take(planned);
  const output = whole?.output ?? graph.flat(parts[0]!.planned.plan.outputs[0]!.name, outputShape.length);
  const made = new Set(graph.steps.map(({ name }) => name));
  const others = whole?.steps.filter(({ name }) => !made.has(name)) ?? [];
  return {
    inputShape: channelsFirst(inputShape),
    steps: inOrder([...graph.steps, ...others], output),
    output,
    outputShape: whole?.outputShape ?? outputShape,
    timeMean: own.timeMean,
    places: new Map(),
    others: new Map(),
  };
}

const channelsFirst = (shape: Shape): Shape => [...shape.slice(-1), ...shape.slice(0, -1)];

/** Those that the output is made of, each behind what it takes. */
function inOrder(steps: readonly InferenceStep[], output: string): InferenceStep[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const ordered = new Set<InferenceStep>();
  const visit = (name: string) => {
    const step = byName.get(name);
    if (step === undefined || ordered.has(step)) return;
    step.from.forEach(visit);
    ordered.add(step);
  };
  visit(output);
  return [...ordered];
}
