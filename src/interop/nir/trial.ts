// A graph run for one step of zeros, to see which shapes its nodes give, or which node it fails at. Needs a backend.

import { sizeOf } from '../../backends/shape';
import { zeros } from '../../core/create';
import { scope } from '../../core/scope';
import { noGrad } from '../../core/tape';
import { check, SpikegradError } from '../../errors';
import { FROM } from './attributes';
import { withoutBatch } from './batch';
import type { NirConvention } from './convention';
import type { Faults } from './faults';
import { flattenGraph } from './flatten-graph';
import type { NirGraph } from './graph';
import { NirNetwork } from './network';
import { makeLayer } from './node-layers';

/** Numbers of an input, which a graph claims without holding them. */
const MOST_TRIED = 2 ** 24;

/**
 * @param seconds of a step
 * @param faults takes what does not run
 * @param convention of the tool that wrote it
 * @returns the shape that each node gave, without time and batch, channels first
 */
export function tryNir(
  graph: NirGraph,
  seconds: number,
  faults: Faults,
  convention?: NirConvention,
): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const attempt = <T>(node: () => string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof SpikegradError)) throw error;
      faults.add(node(), error.problem);
      return undefined;
    }
  };
  noGrad(() =>
    scope(() => {
      const flat = attempt(
        () => '',
        () => withoutBatch(flattenGraph(graph)),
      );
      // what could not be read is said already
      for (const [name, node] of flat?.nodes ?? [])
        if (faults.of(name).length === 0)
          attempt(
            () => name,
            () => makeLayer({ name, node }, seconds, convention).dispose(),
          );
      if (flat === undefined || faults.any) return;
      const network = attempt(
        () => '',
        () => new NirNetwork(graph, { dt: seconds, convention }),
      );
      if (network === undefined) return;
      for (const [name, layer] of network.layers)
        layer.onForward((_, y) => {
          const axes = y.shape.slice(2);
          shapes.set(name, axes.length < 2 ? axes : [axes.at(-1)!, ...axes.slice(0, -1)]);
        });
      attempt(
        () => [...network.layers.keys()].find((name) => !shapes.has(name)) ?? '',
        () => {
          const inputs = [...network.inputs].map(([name, shape]) => {
            check(
              sizeOf(shape) <= MOST_TRIED,
              FROM,
              () => `inputs of shape [${shape}] are too large for a trial`,
            );
            return [name, zeros([1, 1, ...shape])] as const;
          });
          network.run(Object.fromEntries(inputs));
        },
      );
    }),
  );
  return shapes;
}
