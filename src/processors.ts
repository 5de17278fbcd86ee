// How many processors this program may use, where Node or a browser says.

import { nodeModule } from './node-module';

/** Node 20 has no `navigator`. */
export function processors(): number | undefined {
  return (
    globalThis.navigator?.hardwareConcurrency ??
    nodeModule<{ availableParallelism(): number }>('os')?.availableParallelism()
  );
}
