// Measures what the paper's Figure 3 shows: one layer's membranes before and after rectification, over images, in
// evaluation. Spikes and membranes of all time steps count alike.

import type { Dataset } from '../../data/dataset';
import { check } from '../../errors';
import type { Module } from '../../nn/module';
import { type LayerReport, type Lif, probe } from '../../snn';
import { lifLayers } from '../../snn/neuron-layer';
import { type EvaluateOptions, evaluate } from '../../train';

/** What was seen of the layer, and how well the network does on the same images. */
export interface LayerMembranes
  extends Required<Pick<LayerReport, 'name' | 'rate' | 'quantization' | 'membrane'>> {
  readonly images: number;
  /** Share of the images classified rightly. */
  readonly accuracy: number;
}

/** Potentials drawn one by one; what lies outside is counted in the outermost bins. */
const HISTOGRAM = { low: -1.5, high: 2.5, bins: 80 } as const;

/** The first block of a spiking ResNet. */
const FIRST_BLOCK = 'stages.0.0.';

/**
 * The LIF layer of that name; without a name the last one of the first block, which the paper shows.
 * @throws SpikegradError that lists the names there are
 */
export function neuronLayer(network: Module, name?: string): { name: string; layer: Lif } {
  const layers = lifLayers(network).map(([known, layer]) => ({ name: known, layer }));
  const found =
    name === undefined
      ? layers.findLast((entry) => entry.name.startsWith(FIRST_BLOCK))
      : layers.find((entry) => entry.name === name);
  check(
    found,
    'figure3',
    () =>
      `the network has no neuron layer ${name ?? `in ${FIRST_BLOCK}`}; it has ${layers.map((entry) => entry.name).join(', ') || 'none'}`,
  );
  return found;
}

/** Runs all images through the network and looks at one layer of it. */
export async function layerMembranes(
  network: Module,
  dataset: Dataset,
  { layer: wanted, ...options }: EvaluateOptions & { readonly layer?: string },
): Promise<LayerMembranes> {
  const { name, layer } = neuronLayer(network, wanted);
  const looking = probe(layer, { histogram: HISTOGRAM });
  try {
    const { accuracy, images } = await evaluate(network, dataset, options);
    const [report] = (await looking.report()).layers;
    const { rate, quantization, membrane } = report!;
    return { name, rate, quantization: quantization!, membrane: membrane!, images, accuracy };
  } finally {
    looking.detach();
  }
}
