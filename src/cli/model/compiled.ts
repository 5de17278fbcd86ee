// Compiled networks among the models that commands take, and what reports of them say in words.

import type { PlanStep } from '../../backends/integer';
import { recordShape } from '../../data/float-dataset';
import type { TrainingData } from '../../data/stream/dataset';
import { check, SpikegradError } from '../../errors';
import { type CompiledReport, decodeCompiled } from '../../integer';
import type { CompiledParts } from '../../integer/network';
import { decodeMetadata } from '../../interop/metadata';
import type { Module } from '../../nn';
import { checkRunSettings, type RunSettings } from '../../train';
import { decodingLater } from '../../train/node/run/files';
import { textTable } from '../terminal/table';
import type { Model } from '.';
import type { WeightsFile, WeightsWords } from './weights';

export const isCompiled = ({ metadata }: WeightsFile): boolean =>
  metadata.format?.startsWith('spikegrad integer') ?? false;

/** @throws where the command says of it what it says itself */
export function ofIntegers({ file, bytes, metadata }: WeightsFile, words: WeightsWords): Model {
  for (const name of ['map', 'prefix', 'timesteps', 'dynamics', 'lenient', 'network'] as const)
    check(
      words[name] === undefined,
      'weights',
      () => `${file} is a compiled network, which says all itself: leave --${name} out`,
    );
  const known = decodeMetadata('weights', metadata);
  return {
    metadata: known,
    settings: settingsIn(file, metadata.settings),
    build: () => decodingLater(file, decodeCompiled, bytes),
    check(dataset: TrainingData) {
      const shape = recordShape(dataset).slice(-(known.inputShape?.length ?? 0));
      check(
        known.inputShape?.join() === shape.join(),
        'eval',
        () => `the network was made for images [${known.inputShape}], ${dataset.name} has [${shape}]`,
      );
    },
  };
}

/** Those of the run that it was made from. */
function settingsIn(file: string, written: string | undefined): RunSettings | undefined {
  if (written === undefined) return undefined;
  try {
    return checkRunSettings(JSON.parse(written), 'weights');
  } catch (cause) {
    const why = cause instanceof SpikegradError ? cause.problem : String(cause);
    throw new SpikegradError('weights', `${file}: settings: ${why}`, { cause });
  }
}

/** How many weights and biases a network has; of one of integers those of its file. */
export function parametersOf(network: Module): number {
  const { parts } = (network as { readonly parts?: CompiledParts }).parts ?? {};
  const steps = parts?.flatMap(({ planned }) => planned.plan.steps);
  const count = (all: number, step: PlanStep) =>
    all + (step.op === 'conv' ? step.weight.length + step.bias.length : 0);
  return steps?.reduce(count, 0) ?? network.parameterCount();
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** A line for each layer. */
export function compiledTable({ layers }: CompiledReport): string {
  return textTable(
    ['layer', 'what', 'weights', '1.0 is', 'summed in', 'headroom', 'how'],
    layers.map((layer) =>
      layer.numbers === 'f32'
        ? [layer.name, 'f32', '', '', '', '', layer.why]
        : [
            layer.name,
            layer.op,
            layer.weightBits === undefined ? '' : `${layer.weightBits} bits`,
            layer.scale === undefined ? '' : [...new Set(layer.scale.map(short))].join(' to '),
            layer.sumBits === undefined ? '' : `${layer.sumBits} bits`,
            layer.headroom === undefined ? '' : `${layer.headroom.toFixed(2)} bits`,
            layer.strategy,
          ],
    ),
  );
}

/** What may be relied on. */
export function promiseInWords({ sameBits, timesteps, layers }: CompiledReport): string {
  const steps = Number.isFinite(timesteps) ? `up to ${timesteps} time steps` : 'any number of time steps';
  if (sameBits)
    return `all layers are integers: the same bits on every machine, proved not to overflow for ${steps}`;
  const real = layers.filter(({ numbers }) => numbers === 'f32').length;
  return `${real} of ${layers.length} layers stay in f32: the same bits everywhere are not promised`;
}
