// Which networks can be exported: those whose layers all say what they compute.

import { SpikegradError } from '../../errors';
import type { LayerDescription, NetworkDescription } from '../../nn/description';
import type { Module } from '../../nn/module';

/** The description of a network without shapes. @throws for a layer that does not say what it computes */
export function exportable(where: string, network: Module): NetworkDescription {
  const description = network.describe();
  for (const layer of description.layers) if (isUnknown(layer)) throw unknownLayer(where, layer);
  return description;
}

/** Layers that no file can be made from. */
const isUnknown = ({ kind }: LayerDescription): boolean => kind === 'custom';

/** A layer by its path, which a network that is one layer has none of. */
export const placeOf = (path: string): string => (path === '' ? 'the network' : `layer ${path}`);

const OF_TIME: ReadonlySet<LayerDescription['kind']> = new Set([
  'neuron',
  'equations',
  'delay',
  'repeat',
  'timeMean',
  'timeSum',
  'lastStep',
]);

/** Whether no layer knows of time: what goes in is an image, and what comes out is of that. */
export const isTimeless = ({ layers }: NetworkDescription): boolean =>
  !layers.some(({ kind }) => OF_TIME.has(kind));

export function unknownLayer(where: string, { path, type }: LayerDescription): SpikegradError {
  const place = path === '' ? `the network is a ${type}, which` : `layer ${path}: a ${type}`;
  return new SpikegradError(
    where,
    `${place} cannot be exported: it has a forward of its own, which a file cannot be made from. Build it of layers by ` +
      'sequential(a, b), or let its class say how a value goes through them: outline(x) { return x.through(this.a).through(this.b); }',
  );
}
