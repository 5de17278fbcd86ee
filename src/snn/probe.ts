// Probes look into any network while it runs and change nothing: firing rates, membranes, quantization error, operations.

import { check } from '../errors';
import { Conv2d, Linear } from '../nn/layers';
import type { Module } from '../nn/module';
import { Lif } from './lif';
import { type HistogramOptions, type LayerReport, MembraneProbe } from './probe-membrane';
import { OperationsProbe, type OperationsReport, sumOperations } from './probe-operations';

/** What a probe looks at. */
export interface ProbeOptions {
  /** Bins for membrane potentials. Default 60 from -1 to 2. */
  histogram?: HistogramOptions;
  /** Whether to look at membranes, which runs every neuron once more. Default true. */
  membranes?: boolean;
}

/** What a probe saw. */
export interface ProbeReport {
  /** Every LIF layer, in order of registration. */
  readonly layers: LayerReport[];
  readonly operations: OperationsReport;
  /** Layers that are silent or saturated, named. */
  readonly warnings: string[];
}

/** A look at a network's layers while it runs. */
export interface Probe {
  /** Everything seen since the probe was attached or reset. @throws when nothing ran */
  report(): Promise<ProbeReport>;
  /** Forgets what was seen. */
  reset(): void;
  /** Stops looking. */
  detach(): void;
}

/**
 * Attaches to every LIF, convolution and linear layer of a network.
 */
export function probe(network: Module, options: ProbeOptions = {}): Probe {
  const { histogram = { low: -1, high: 2, bins: 60 }, membranes = true } = options;
  check(
    histogram.high > histogram.low && Number.isInteger(histogram.bins) && histogram.bins >= 1,
    'probe',
    () => `histogram needs low < high and at least one bin, got ${JSON.stringify(histogram)}`,
  );
  const modules = [...network.modules()];
  let neurons: MembraneProbe[] = [];
  let synapses: OperationsProbe[] = [];
  let hooks: (() => void)[] = [];
  let looks: Promise<void>[] = [];
  let passes = 0;
  const detach = () => {
    for (const remove of hooks) remove();
    hooks = [];
  };
  const forget = () => {
    neurons = [];
    synapses = [];
    looks = [];
    passes = 0;
  };
  const remember = (seen: Promise<void>) => {
    seen.catch(() => {}); // told by report()
    looks.push(seen);
  };
  const attach = () => {
    hooks.push(network.onForward(() => passes++));
    for (const [name, module] of modules) {
      if (module instanceof Lif) {
        const look = new MembraneProbe(name, module, histogram, membranes);
        neurons.push(look);
        hooks.push(module.onForward((x, y) => remember(look.look(x, y))));
      } else if (module instanceof Conv2d || module instanceof Linear) {
        const look = new OperationsProbe(name, module);
        synapses.push(look);
        hooks.push(module.onForward((x) => remember(look.look(x))));
      }
    }
  };
  attach();
  return {
    async report() {
      await Promise.all(looks);
      const operations = sumOperations(synapses, passes);
      const layers = neurons.map((look) => look.report()).filter((report) => report !== undefined);
      check(
        operations.layers.length + layers.length > 0,
        'probe',
        'nothing has run since the probe was attached or reset',
      );
      const warnings = neurons.map((look) => look.warning()).filter((warning) => warning !== undefined);
      return { layers, operations, warnings };
    },
    reset() {
      const attached = hooks.length > 0;
      detach();
      forget();
      if (attached) attach();
    },
    detach,
  };
}
