// One training step of the spiking resnet20-small on both CPU backends: images a second, for a few widths.

import { add, complete, cycle, suite } from 'benny';
import { tensor } from '../src/core/create';
import { setActiveBackend } from '../src/core/engine';
import { scope } from '../src/core/scope';
import { batches } from '../src/data/batches';
import { shapes } from '../src/data/shapes';
import { createBackend } from '../src/init';
import { crossEntropy } from '../src/ops';
import { Sgd } from '../src/optim';
import { resnet20 } from '../src/snn';
import { record } from './record';

const BATCH = 8;
const TIMESTEPS = 2;
const data = shapes({ count: BATCH, seed: 1 });
const [batch] = batches(data, { batchSize: BATCH, seed: 0, epoch: 0, shuffle: false, augment: [] });
const backends = {
  cpu: await createBackend({ backend: 'cpu' }),
  wasm: await createBackend({ backend: 'wasm' }),
};

function step(name: keyof typeof backends, width: number): () => void {
  const backend = backends[name];
  setActiveBackend(backend);
  const network = resnet20({ width, timesteps: TIMESTEPS });
  const sgd = new Sgd(network.parameters(), { lr: 0.01 });
  return () => {
    setActiveBackend(backend);
    scope(() => {
      const loss = crossEntropy(network.call(tensor(batch!.images, [BATCH, 32, 32, 3])), batch!.labels);
      loss.backward();
      loss.itemSync(); // a lazy backend has computed it by now
    });
    sgd.step();
    sgd.zeroGrad();
  };
}

await suite(
  `training step, resnet20-small, T=${TIMESTEPS}, batch ${BATCH}`,
  ...[4, 8, 16].flatMap((width) =>
    (['cpu', 'wasm'] as const).map((name) => add(`${name}, width ${width}`, step(name, width))),
  ),
  cycle(),
  complete(({ results }) => {
    const rows = results.map(({ name, margin, details }) => ({
      name,
      imagesPerSecond: Number((BATCH / details.median).toFixed(1)),
      marginPercent: margin,
    }));
    console.log(rows);
    record('step', rows);
  }),
);
