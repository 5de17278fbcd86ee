// What layers and optimisers are made with cannot be set behind their back: a property that nothing would read, or
// that their parameters would not follow, is an error where it is set, in JavaScript too.

import { beforeAll, describe, expect, test } from 'vitest';
import { init, Lif, Linear, Module, ones, Sgd, sequential, type Tensor } from '../../src/index';
import { CALLS } from './calls';

beforeAll(async () => {
  await init({ backend: 'cpu' });
});

const made = Object.entries(CALLS).filter(([taker]) => taker.startsWith('new '));

describe('a property that there is not', () => {
  test.each(made)('%s refuses it', async (_taker, make) => {
    const object = (await make({})) as object;
    expect(() => Object.assign(object, { wibbleflump: 1 })).toThrow(/wibbleflump/);
    expect(object).not.toHaveProperty('wibbleflump');
  });
});

test('a layer keeps the tensors that it was made with', () => {
  const layer = new Linear(2, 3);
  const { weight } = layer;
  expect(() => Object.assign(layer, { weight: ones([2, 3]) })).toThrow(/weight/);
  expect(layer.weight).toBe(weight);
});

test('what may be set stays so', () => {
  const lif = new Lif();
  lif.stateful = true;
  expect(lif.stateful).toBe(true);
  const sgd = new Sgd([ones([2])], { lr: 0.1 });
  sgd.lr = 0.05;
  sgd.momentum = 0;
  expect([sgd.lr, sgd.momentum]).toEqual([0.05, 0]);
  expect(() => {
    sgd.lr = Number.NaN;
  }).toThrow(/lr/);
});

test('a class of your own sets what it likes, a built-in layer in it too', () => {
  class Mine extends Lif {
    loudness = 0;
    override forward(x: Tensor): Tensor {
      this.loudness++;
      return super.forward(x);
    }
  }
  class Network extends Module {
    calls = 0;
    readonly mine = this.child('mine', new Mine());
    forward(x: Tensor): Tensor {
      this.calls++;
      return this.mine.call(x);
    }
  }
  const network = new Network();
  sequential(network).call(ones([2, 3]));
  expect([network.calls, network.mine.loudness]).toEqual([1, 1]);
});
