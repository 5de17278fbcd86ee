// Layers that say nothing, in words: one sentence for all that never fire, one for all that nearly always do.

/** Spikes of a layer over everything that was seen. */
export interface LayerFiring {
  readonly name: string;
  readonly fired: number;
  readonly neuronSteps: number;
}

/** A layer that fires at more than this rate says no more than one that never fires. */
const SATURATED = 0.95;
/** Layers that are named; the others are counted. */
const MOST_NAMES = 3;

export function firingWarnings(layers: readonly LayerFiring[]): string[] {
  const silent = layers.filter(({ fired }) => fired === 0);
  const saturated = layers.filter(({ fired, neuronSteps }) => fired > SATURATED * neuronSteps);
  const one = ({ name, fired, neuronSteps }: LayerFiring) =>
    fired === 0
      ? `${name} is silent: not one spike in ${neuronSteps} neuron-steps`
      : `${name} is saturated: ${((100 * fired) / neuronSteps).toFixed(1)} % of ${neuronSteps} neuron-steps are spikes`;
  return [
    { found: silent, words: 'silent, not one spike' },
    { found: saturated, words: `saturated, spikes at more than ${100 * SATURATED} % of neuron-steps` },
  ].flatMap(({ found, words }) => {
    if (found.length < 2) return found.map(one);
    const names = found.slice(0, MOST_NAMES).map(({ name }) => name);
    const rest = found.length - names.length;
    const more = rest > 0 ? `, ${rest} more` : '';
    return [`${found.length} of ${layers.length} neuron layers are ${words}: ${names.join(', ')}${more}`];
  });
}
