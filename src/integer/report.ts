// What became of each layer of a compiled network, as data and in words.

import type { PlanStep } from '../backends/integer';
import type { CompiledParts, RunningPart } from './network';
import { NARROW, type Range, WIDE } from './prove';

/** A layer of integers. */
export interface IntegerLayerReport {
  readonly name: string;
  readonly op: string;
  readonly numbers: 'integer';
  /** Bits of its weights, where it has any. */
  readonly weightBits?: number;
  /** The least and the most integer that 1.0 is, over its channels. */
  readonly scale?: readonly [least: number, most: number];
  /** Bits that it is summed up in, and of those the bits that no input ever needs, in its fullest channel. */
  readonly sumBits?: number;
  readonly headroom?: number;
  /** How it is computed, and bytes of weights in that form. */
  readonly strategy: string;
  readonly bytes: number;
}

/** A layer that stays as it was. */
export interface RealLayerReport {
  readonly name: string;
  readonly numbers: 'f32';
  readonly why: string;
}

/** What {@link CompiledNetwork.report} gives. */
export interface CompiledReport {
  readonly weights: number;
  readonly layers: readonly (IntegerLayerReport | RealLayerReport)[];
  /**
   * Whether the same bits are promised on every machine, with any number of threads, in every browser: where all
   * layers are integers.
   */
  readonly sameBits: boolean;
  /** Time steps for which the ranges are proved; Infinity: any. */
  readonly timesteps: number;
  /** Bytes of weights, in the forms in which they are used. */
  readonly bytes: number;
}

export function reportOf({ parts, reasons }: CompiledParts): CompiledReport {
  const layers = [
    ...parts.flatMap(integerLayers),
    ...[...reasons].map(([name, why]) => ({ name, numbers: 'f32' as const, why })),
  ];
  return {
    weights: parts[0]?.planned.bits ?? 16,
    layers,
    sameBits: reasons.size === 0,
    timesteps: Math.min(...parts.map(({ planned }) => planned.timesteps)),
    bytes: layers.reduce((sum, layer) => sum + ('bytes' in layer ? layer.bytes : 0), 0),
  };
}

function integerLayers({ planned, runner }: RunningPart): IntegerLayerReport[] {
  const ways = runner.ways();
  // what a neuron of 16 bits takes is summed up beside it, in as many
  const inRows = new Set(
    planned.plan.steps.flatMap((step) => (step.op === 'neuron' && step.narrow ? [step.from[0]!] : [])),
  );
  return planned.plan.steps.map((step: PlanStep) => {
    const range = planned.ranges.get(step.name);
    const unit = planned.units.get(step.name);
    const weightBits = planned.weightBits.get(step.name);
    const { way = '', bytes = 0 } = ways.get(step.name) ?? {};
    return {
      name: step.name,
      op: step.op,
      numbers: 'integer' as const,
      ...(weightBits !== undefined && { weightBits }),
      ...(unit !== undefined && { scale: [Math.min(...unit), Math.max(...unit)] as const }),
      ...(range !== undefined && (inRows.has(step.name) ? rangeIn(range, 16) : rangeIn(range, range.bits))),
      strategy: way,
      bytes,
    };
  });
}

/** Where sums have so many bits. */
function rangeIn({ low, high }: Range, bits: 16 | 32): Pick<IntegerLayerReport, 'sumBits' | 'headroom'> {
  const most = bits === 16 ? NARROW + 1 : WIDE;
  return { sumBits: bits, headroom: Math.log2(most / Math.max(-low, high, 1)) };
}
