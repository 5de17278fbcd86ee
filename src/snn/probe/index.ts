// Probes look into any network while it runs and change nothing: firing rates, membranes, quantization error,
// operations.

import { check } from '../../errors';
import type { LayerDescription } from '../../nn/description';
import { checkModule, type Module } from '../../nn/module';
import { anObject, flag, type Kind, type OptionsOf, option, optionTable } from '../../options';
import { neuronLayers } from '../neuron-layer';
import { Recurrent } from '../recurrent';
import { type HistogramOptions, histogramOptions, type LayerReport, MembraneProbe } from './membrane';
import { isSynaptic, OperationsProbe, type OperationsReport, sumOperations } from './operations';
import { LayerRecorder, type NeuronRecording, type RecordOptions, recordOptions } from './recording';
import { firingWarnings } from './warnings';

/** What a probe looks at. */
export interface ProbeOptions {
  /** Bins for membrane potentials. Default `{ low: -1, high: 2, bins: 60 }`. */
  histogram?: HistogramOptions;
  /** Whether to look at membranes, which runs every neuron once more. Default true. */
  membranes?: boolean;
  /** Which neurons are recorded one by one. Default `{}`: 32 of each layer, of the first image. */
  record?: RecordOptions;
}

const DEFAULT_BINS: HistogramOptions = { low: -1, high: 2, bins: 60 };

export const probeOptions = optionTable({
  histogram: option(
    anObject as Kind<object> as Kind<HistogramOptions>,
    DEFAULT_BINS,
    '{ low: -1, high: 2, bins: 60 }',
  ),
  membranes: option(flag, true),
  record: option(anObject as Kind<object> as Kind<RecordOptions>, () => ({}), '{}'),
} satisfies OptionsOf<ProbeOptions>);

/** What a probe saw. */
export interface ProbeReport {
  /** Every LIF layer, in order of registration, without read-outs, which do not fire. */
  readonly layers: LayerReport[];
  readonly operations: OperationsReport;
  /** Layers that are silent or saturated: a sentence for each kind, naming layers. */
  readonly warnings: string[];
}

/** A look at a network's layers while it runs. */
export interface Probe {
  /** Everything seen since the probe was attached or reset. @throws when nothing ran */
  report(): Promise<ProbeReport>;
  /**
   * Some neurons of every LIF layer step by step, in their last call, or since `reset()` of the network where they are
   * stateful: for `rasterChart`, `traceChart` and {@link spikeTimes}.
   * @throws when nothing ran, or no layer has the neurons that were to be recorded
   */
  recordings(): Promise<NeuronRecording[]>;
  /** Forgets what was seen. */
  reset(): void;
  /** Stops looking. */
  detach(): void;
}

/** Whether spikes with signs come from a place: of neurons of equations, flattened or not. */
function mayHaveSigns(places: ReadonlyMap<string, LayerDescription>, place: string): boolean {
  const layer = places.get(place);
  if (layer?.kind === 'flatten') return layer.from.every((before) => mayHaveSigns(places, before));
  return layer?.kind === 'equations' && layer.ofSpikes && !layer.spikesOut;
}

/**
 * Attaches to every LIF, convolution and linear layer of a network.
 */
export function probe(network: Module, options: ProbeOptions = {}): Probe {
  checkModule('probe', network);
  const { histogram, membranes, record } = probeOptions.read('probe', options);
  const recording = recordOptions.read('probe: record', record);
  histogramOptions.check('probe: histogram', histogram);
  check(
    histogram.high > histogram.low,
    'probe',
    () => `histogram needs low < high, got ${histogram.low} and ${histogram.high}`,
  );
  const modules = new Map(network.modules());
  const { layers } = network.describe();
  const synapticLayers = new Map(layers.filter(isSynaptic).map((layer) => [layer.layer, layer]));
  const places = new Map(layers.map((layer) => [layer.path, layer]));
  const feedback = new Set<Module>();
  for (const module of modules.values()) if (module instanceof Recurrent) feedback.add(module.feedback);
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
    for (const [name, module] of neuronLayers(network)) {
      const recorder = new LayerRecorder(name, module, recording);
      const look = new MembraneProbe(name, module, histogram, membranes, recorder);
      neurons.push(look);
      hooks.push(module.onForward((x, y) => remember(look.look(x, y))));
    }
    for (const [name, layer] of synapticLayers) {
      const module = modules.get(name)!;
      const signs = layer.from.every((place) => mayHaveSigns(places, place));
      const look = new OperationsProbe(name, module, layer.kind, signs, feedback.has(module));
      synapses.push(look);
      hooks.push(module.onForward((x) => remember(look.look(x))));
    }
  };
  attach();
  return {
    async report() {
      await Promise.all(looks);
      const operations = sumOperations(synapses, passes);
      const layers = neurons.map((look) => look.report()).filter((report) => report !== undefined);
      check(
        passes + operations.layers.length + layers.length > 0,
        'probe',
        'nothing has run since the probe was attached or reset',
      );
      const warnings = firingWarnings(
        neurons.map((look) => look.firing()).filter((one) => one !== undefined),
      );
      return { layers, operations, warnings };
    },
    async recordings() {
      await Promise.all(looks);
      const recordings = neurons.map((look) => look.recording()).filter((one) => one !== undefined);
      check(
        recordings.length > 0,
        'probe',
        'nothing was recorded: no LIF layer has run since the probe was attached or reset, or none has the neurons or the image that were asked for',
      );
      return recordings;
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
