// From a trained network to one of integers.

import type { ComputesIntegers, IntegerPlan, IntegerRunner } from '../backends/integer';
import { aShape, type Shape } from '../backends/shape';
import { activeBackend } from '../core/engine';
import { check } from '../errors';
import type { InferenceGraph } from '../interop/inference/graph';
import { inferenceGraph } from '../interop/inference/lowering';
import { metadataOf, rememberMetadata } from '../interop/metadata';
import type { NetworkDescription } from '../nn/description';
import { describeNetwork } from '../nn/description/describe';
import { checkModule, type Module } from '../nn/module';
import { finite, type Kind, kind, type OptionsOf, option, optional, optionTable, whole } from '../options';
import { CompiledNetwork } from './network';
import { partsOf } from './parts';
import type { WeightBits } from './scale';
import { twin } from './twin';

/** How {@link compile} rounds, and for what. */
export interface CompileOptions {
  /** Bits of a weight, with its sign. Default 16. */
  weights?: WeightBits;
  /** One image [H,W,C], or one vector [N]. Default: as the file said that the network was loaded from. */
  inputShape?: Shape;
  /** T of sequences, where those go in. Default: images, which the network repeats itself. */
  timesteps?: number;
  /** The largest magnitude of a number that goes in; larger ones are refused when they come. Default 8. */
  inputRange?: number;
}

const weightBits = kind<WeightBits>('16, 8, 6 or 4', (value) => [16, 8, 6, 4].includes(value as number));

export const compileOptions = /* @__PURE__ */ optionTable({
  weights: option(weightBits as Kind<WeightBits>, 16),
  inputShape: optional(aShape, 'as the file said that the network was loaded from'),
  timesteps: optional(whole({ least: 1 }), 'images, which the network repeats itself'),
  inputRange: option(finite({ above: 0 }), 8),
} satisfies OptionsOf<CompileOptions>);

const WHERE = 'compile';

/** Steps on either side of 0 that numbers which go in are rounded to: with sign 15 bits, so that sums have 17 more. */
export const INPUT_STEPS = 2 ** 14;

export async function compileNetwork(
  network: Module,
  options: CompileOptions = {},
): Promise<CompiledNetwork> {
  checkModule(WHERE, network);
  const {
    weights,
    timesteps,
    inputRange,
    inputShape = metadataOf(network).inputShape,
  } = compileOptions.read(WHERE, options);
  check(
    inputShape !== undefined,
    WHERE,
    'needs inputShape, that of one image [H,W,C] or vector [N]: the network was not loaded from a file that says it',
  );
  const backend = activeBackend(WHERE);
  const description = describeNetwork(WHERE, network, { inputShape, timesteps });
  const steps = stepsOf(description, timesteps);
  const graph = await inferenceGraph(WHERE, network, inputShape, timesteps, true);
  checkFinite(graph);
  const images = timesteps === undefined;
  const parts = partsOf({
    graph,
    description,
    bits: weights,
    inputScale: Math.fround(INPUT_STEPS / inputRange),
    inputMost: INPUT_STEPS,
    images,
    horizon: steps,
  });
  check(
    parts.plans.length > 0,
    WHERE,
    () =>
      `no layer can be computed in integers: ${[...parts.reasons].map(([name, why]) => `${name}: ${why}`).join('; ')}`,
  );
  const running = await Promise.all(
    parts.plans.map(async (planned) => ({ planned, runner: await runnerOf(planned.plan, backend) })),
  );
  const compiled = new CompiledNetwork({
    parts: running,
    reasons: parts.reasons,
    inputShape,
    outputShape: description.outputShape!,
    timesteps: images ? steps : undefined,
    timeMean: graph.timeMean,
    real: parts.reasons.size === 0 ? undefined : { network, description, places: graph.places },
  });
  rememberMetadata(compiled, { ...metadataOf(network), inputShape });
  return compiled;
}

/** No integer is NaN or infinite, as weights of a training that went astray are. */
function checkFinite({ steps }: InferenceGraph): void {
  for (const step of steps) {
    const all =
      step.kind === 'conv' || step.kind === 'linear'
        ? { weight: step.weight.data, bias: step.bias.data }
        : step.kind === 'norm'
          ? { gain: step.gain, offset: step.offset }
          : {};
    for (const [what, numbers] of Object.entries(all)) {
      const wrong = Array.from(numbers).find((value) => !Number.isFinite(value));
      check(
        wrong === undefined,
        WHERE,
        () => `layer ${step.name}: its ${what} holds ${wrong}, which no integer can be`,
      );
    }
  }
}

/** What computes a plan: the backend, where it can, else plain loops. */
export async function runnerOf(plan: IntegerPlan, backend = activeBackend(WHERE)): Promise<IntegerRunner> {
  return (await (backend as Partial<ComputesIntegers>).integers?.(plan)) ?? twin(plan);
}

/** T. @throws where neither the network nor the options say it */
function stepsOf({ layers, timesteps }: NetworkDescription, given: number | undefined): number {
  const fires = layers.find(({ kind }) => kind === 'neuron' || kind === 'equations');
  check(
    given !== undefined || timesteps !== undefined || fires === undefined,
    WHERE,
    () =>
      `layer ${fires!.path} takes sequences, and no layer before it repeats images: give timesteps, T of those`,
  );
  return given ?? timesteps ?? 1;
}
