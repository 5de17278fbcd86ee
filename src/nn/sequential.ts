// Layers one after another.

import type { Tensor } from '../core/tensor';
import { Module } from './module';

/**
 * Runs its layers in order; their names are their positions, that of a layer which stands there twice its first one. What
 * only passes between two layers is freed at once.
 */
export class Sequential extends Module {
  readonly layers: readonly Module[];

  constructor(layers: readonly Module[]) {
    super();
    this.layers = layers;
    layers.forEach((layer, index) => {
      this.child(String(index), layer);
    });
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
}

/** A network of the given layers. */
export function sequential(...layers: Module[]): Sequential {
  return new Sequential(layers);
}
