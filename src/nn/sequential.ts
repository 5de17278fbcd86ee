// Layers one after another.

import type { Tensor } from '../core/tensor';
import { SpikegradError } from '../errors';
import { shown, takesNoMore } from '../options';
import type { Flow } from './flow';
import { checkModule, Module } from './module';

/**
 * Runs its layers in order; their names are their positions, that of a layer which stands there twice its first one.
 * What only passes between two layers is freed at once.
 */
export class Sequential extends Module {
  readonly layers: readonly Module[];

  constructor(layers: readonly Module[], ...more: never[]) {
    super();
    takesNoMore('Sequential', more);
    if (!Array.isArray(layers))
      throw new SpikegradError(
        'Sequential',
        `layers must be a list, got ${shown(layers)}; new Sequential([a, b])`,
      );
    this.layers = [...layers];
    layers.forEach((layer, index) => {
      checkModule('Sequential', layer, `layer ${index}`);
      this.child(String(index), layer);
    });
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (const layer of this.layers) {
      const next = layer.call(y);
      if (y !== x && y !== next) y.dispose(); // the tape keeps its own reference
      y = next;
    }
    return y;
  }

  override outline(x: Flow): Flow {
    return this.layers.reduce((y, layer, index) => y.through(layer, String(index)), x);
  }
}

/** A network of the given layers. */
export function sequential(...layers: Module[]): Sequential {
  const [first] = layers;
  if (Array.isArray(first))
    throw new SpikegradError(
      'sequential',
      'takes layers one by one, got a list; sequential(a, b), or sequential(...list)',
    );
  layers.forEach((layer, index) => {
    checkModule('sequential', layer, `layer ${index}`);
  });
  return new Sequential(layers);
}
