// One training step of the spiking resnet20-small on the reference backend: images a second, for a few widths.

import { add, complete, cycle, suite } from 'benny';
import { tensor } from '../src/core/create';
import { scope } from '../src/core/scope';
import { batches } from '../src/data/batches';
import { shapes } from '../src/data/shapes';
import { init } from '../src/init';
import { crossEntropy } from '../src/ops';
import { Sgd } from '../src/optim';
import { resnet20 } from '../src/snn';
import { record } from './record';

const BATCH = 8;
const TIMESTEPS = 2;
await init();
const data = shapes({ count: BATCH, seed: 1 });
const [batch] = batches(data, { batchSize: BATCH, seed: 0, epoch: 0, shuffle: false, augment: [] });

function step(width: number): () => void {
  const network = resnet20({ width, timesteps: TIMESTEPS });
  const sgd = new Sgd(network.parameters(), { lr: 0.01 });
  return () => {
    scope(() =>
      crossEntropy(network.call(tensor(batch!.images, [BATCH, 32, 32, 3])), batch!.labels).backward(),
    );
    sgd.step();
    sgd.zeroGrad();
  };
}

await suite(
  `training step, resnet20-small, T=${TIMESTEPS}, batch ${BATCH}, cpu f32`,
  ...[4, 8, 16].map((width) => add(`width ${width}`, step(width))),
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
