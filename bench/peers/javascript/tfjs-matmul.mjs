// A square matrix product in TensorFlow.js, on its cpu or its wasm backend (one thread).

import { serve, timed } from '../protocol.ts';
import { find, installing, versionOf } from './find.mjs';

async function prepare({ backend, size }) {
  const tf = await find('@tensorflow/tfjs');
  if (backend === 'wasm') (await find('@tensorflow/tfjs-backend-wasm')).setThreadsCount(1);
  await tf.setBackend(backend);
  await tf.ready();
  if (tf.getBackend() !== backend) throw new Error(`TensorFlow.js took ${tf.getBackend()} for ${backend}`);
  const a = tf.randomNormal([size, size]);
  const b = tf.randomNormal([size, size]);
  const once = () => {
    const product = tf.matMul(a, b);
    product.dataSync();
    product.dispose();
  };
  return {
    facts: { tfjs: versionOf('@tensorflow/tfjs'), backend },
    run: (repetitions) => timed(repetitions, once),
  };
}

await serve(prepare, installing('@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'));
