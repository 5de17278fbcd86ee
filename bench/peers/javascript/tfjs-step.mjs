// The training step of the small spiking ResNet20 in TensorFlow.js, whose cpu backend is the only one in Node without
// native code that can do it: its wasm backend has no weight gradient of a convolution. Same network, weights of its
// own.

import { serve, timed } from '../protocol.ts';
import { find, installing, versionOf } from './find.mjs';

const [TAU, VTH, K] = [0.25, 0.5, 3];

/** O = step(φ(H) - vth), with the rectangle of width 1 behind it. */
function firing(tf) {
  const scale = 1 / (2 * Math.tanh(K / 2));
  return tf.customGrad((charged, save) => {
    const bent = tf.tanh(tf.mul(K, tf.sub(charged, 0.5)));
    const distance = tf.sub(tf.add(tf.mul(bent, scale), 0.5), VTH);
    save([bent, distance]);
    return {
      value: tf.cast(tf.greaterEqual(distance, 0), 'float32'),
      gradFunc: (gradient, [bent, distance]) => {
        const inside = tf.cast(tf.less(tf.abs(distance), 0.5), 'float32');
        const slope = tf.mul(tf.sub(1, tf.square(bent)), K * scale);
        return tf.mul(tf.mul(gradient, inside), slope);
      },
    };
  });
}

/** The network as a function of [N,32,32,3], and its variables. */
function resnet(tf, timesteps, width) {
  const variables = [];
  const variable = (value) => {
    variables.push(tf.variable(value));
    return variables.at(-1);
  };
  const fire = firing(tf);
  const conv = (kernel, cin, cout, stride = 1) => {
    const weight = variable(
      tf.randomNormal([kernel, kernel, cin, cout], 0, Math.sqrt(2 / (kernel ** 2 * cout))),
    );
    return (x) => tf.conv2d(x, weight, stride, 'same');
  };
  const norm = (channels, alpha = 1) => {
    const weight = variable(tf.fill([channels], alpha * VTH));
    const bias = variable(tf.zeros([channels]));
    return (x) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean, variance, bias, weight, 1e-5);
    };
  };
  const lif = (currents) => {
    let potential;
    const spikes = tf.split(currents, timesteps, 0).map((current) => {
      const charged = potential === undefined ? current : tf.add(tf.mul(TAU, potential), current);
      const fired = fire(charged);
      potential = tf.mul(charged, tf.sub(1, fired));
      return fired;
    });
    return tf.concat(spikes, 0);
  };
  const block = (cin, cout, stride) => {
    const alpha = stride === 1 ? 1 : Math.SQRT1_2;
    const [conv1, norm1, conv2, norm2] = [
      conv(3, cin, cout, stride),
      norm(cout),
      conv(3, cout, cout),
      norm(cout, alpha),
    ];
    const [side, sideNorm] = stride === 1 ? [] : [conv(1, cin, cout), norm(cout, alpha)];
    const shortcut = (x) => (side === undefined ? x : sideNorm(side(tf.avgPool(x, stride, stride, 'valid'))));
    return (x) => lif(tf.add(norm2(conv2(lif(norm1(conv1(x))))), shortcut(x)));
  };
  const [stem, stemNorm] = [conv(3, 3, width), norm(width)];
  const blocks = [];
  let cin = width;
  for (const factor of [1, 2, 4]) {
    for (let i = 0; i < 3; i++) {
      blocks.push(block(cin, factor * width, factor > 1 && i === 0 ? 2 : 1));
      cin = factor * width;
    }
  }
  const [weight, bias] = [variable(tf.randomNormal([cin, 10], 0, 1 / cin)), variable(tf.zeros([10]))];
  const network = (images) => {
    let x = lif(stemNorm(tf.tile(stem(images), [timesteps, 1, 1, 1])));
    for (const next of blocks) x = next(x);
    const logits = tf.add(tf.matMul(tf.mean(x, [1, 2]), weight), bias);
    return tf.mean(tf.reshape(logits, [timesteps, -1, 10]), 0);
  };
  return { network, variables };
}

async function prepare({ timesteps, batch }) {
  const tf = await find('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  await tf.ready();
  const { network, variables } = resnet(tf, timesteps, 16);
  const images = tf.randomNormal([batch, 32, 32, 3]);
  const labels = tf.oneHot(tf.range(0, batch, 1, 'int32'), 10);
  const sgd = tf.train.momentum(0.05, 0.9);
  const once = () => {
    const loss = sgd.minimize(() => tf.losses.softmaxCrossEntropy(labels, network(images)), true, variables);
    loss.dataSync();
    loss.dispose();
  };
  const facts = { tfjs: versionOf('@tensorflow/tfjs'), batch, images: 'noise' };
  return { facts, run: (repetitions) => timed(repetitions, once) };
}

await serve(prepare, installing('@tensorflow/tfjs'));
