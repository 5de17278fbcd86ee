// A square matrix product in jax-js, on its wasm backend.

import { serve, timed } from '../protocol.ts';
import { find, installing, versionOf } from './find.mjs';

async function prepare({ size }) {
  const { init, defaultDevice, numpy: np, random } = await find('@jax-js/jax');
  await init('wasm');
  defaultDevice('wasm');
  const [a, b] = [1, 2].map((seed) => random.normal(random.key(seed), [size, size]));
  const once = () => void np.matmul(a.ref, b.ref).dataSync();
  return { facts: { jaxJs: versionOf('@jax-js/jax') }, run: (repetitions) => timed(repetitions, once) };
}

await serve(prepare, installing('@jax-js/jax'));
