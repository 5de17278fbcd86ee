// The first number that is not finite: found forward and backward, named by operator and layer, at no change of
// results.

import { beforeEach, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { memory } from '../../src/core/storage';
import {
  AnomalyError,
  add,
  customOp,
  detectAnomaly,
  div,
  log,
  Module,
  maximum,
  mul,
  scope,
  sqrt,
  sum,
  TdBatchNorm,
  type Tensor,
} from '../../src/index';
import { init } from '../../src/init';
import { Linear, sequential } from '../../src/nn';
import { Computing } from '../support/computing';

/** A network with `compute` as layer 1, between two linear ones. */
const around = (compute: (x: Tensor) => Tensor) =>
  sequential(new Linear(2, 2), new Computing(compute), new Linear(2, 2));

/** Forward and backward; the loss. */
const step = (network: Module, x: Tensor) => () =>
  scope(() => {
    const loss = sum(network.call(x));
    loss.backward();
    return loss;
  });

async function anomalyOf<R>(fn: () => R, network?: Module) {
  const error = await detectAnomaly(fn, { network }).catch((thrown: unknown) => thrown);
  if (!(error instanceof AnomalyError)) throw new Error(`no anomaly: ${String(error)}`);
  expect(error.message).toMatch(/^detectAnomaly: first not finite: .*\. Look at what reaches it/);
  expect(error.message).toContain(error.anomaly.what);
  return error.anomaly;
}

describe.each(['cpu', 'wasm'] as const)('detectAnomaly on %s', (backend) => {
  let x: Tensor;
  beforeEach(async () => {
    await init({ backend });
    x = tensor([0.5, 1], [1, 2]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%s anywhere in an input is found, whatever its shape',
    async (value) => {
      for (const shape of [[], [7], [3, 5], [2, 3, 4, 5, 6]]) {
        const size = shape.reduce((product, length) => product * length, 1);
        for (const at of [0, size >> 1, size - 1]) {
          const data = Float32Array.from({ length: size }, (_, i) => (i === at ? value : 3e38));
          const broken = tensor(data, shape);
          const fine = tensor(data.fill(3e38), shape);
          expect((await anomalyOf(() => mul(broken, 1))).what).toBe('input 0 of mul');
          await detectAnomaly(() => mul(fine, 1));
        }
      }
    },
  );

  test('forward: the operator and the layer in which infinity is born, and what lies between layers', async () => {
    expect(
      await anomalyOf(
        step(
          around((y) => log(mul(y, 0))),
          x,
        ),
      ),
    ).toEqual({
      what: 'the output of log',
      operator: 'log',
      side: 'forward',
      layer: undefined,
    });
    const network = around((y) => log(mul(y, 0)));
    expect(await anomalyOf(step(network, x), network)).toEqual({
      what: 'the output of log in layer 1',
      operator: 'log',
      side: 'forward',
      layer: '1',
    });
    class Outer extends Module {
      readonly last = this.child('last', new Linear(2, 2));
      forward(input: Tensor): Tensor {
        return this.last.call(add(mul(input, 3e38), mul(input, 3e38)));
      }
    }
    const outer = new Outer();
    expect(await anomalyOf(step(outer, x), outer)).toMatchObject({
      what: 'the output of add before layer last',
      layer: undefined,
    });
    const loss = () => log(mul(sum(around((y) => y).call(x)), 0));
    expect(await anomalyOf(loss, outer)).toMatchObject({ what: 'the output of log behind the last layer' });
  });

  test('forward: an operator of your own, and the one inside it that is to blame', async () => {
    const inside = customOp({
      name: 'logarithm',
      forward: (_, y: Tensor) => log(sub1(y)),
      backward: (_, gradient) => [gradient],
    });
    const sub1 = (y: Tensor) => add(mul(y, 0), -1);
    const itself = customOp({
      name: 'broken',
      forward: (_, y: Tensor) => tensor(new Float32Array(y.size).fill(Number.NaN), y.shape),
      backward: (_, gradient) => [gradient],
    });
    const one = around((y) => inside(y));
    expect((await anomalyOf(step(one, x), one)).what).toBe('the output of log in layer 1');
    const other = around((y) => itself(y));
    expect((await anomalyOf(step(other, x), other)).what).toBe('the output of broken in layer 1');
  });

  test('backward: a finite loss whose gradient is not, by operator and layer', async () => {
    const network = around((y) => sqrt(mul(y, 0))); // √0 = 0, its derivative 1/(2√0)
    const pass = step(network, x);
    expect(Number.isFinite(pass().itemSync())).toBe(true);
    for (const parameter of network.parameters()) parameter.grad = null;
    expect(await anomalyOf(pass, network)).toEqual({
      what: 'the gradient of input 0 in the backward of sqrt in layer 1',
      operator: 'sqrt',
      side: 'backward',
      layer: '1',
    });
  });

  test('backward: what an operator of your own divides by is its own affair, and it is named', async () => {
    const own = customOp({
      name: 'own',
      forward: (_, y: Tensor) => mul(y, 2),
      backward: (_, gradient) => [div(gradient, mul(gradient, 0))],
    });
    const network = around((y) => own(y));
    expect((await anomalyOf(step(network, x), network)).what).toBe(
      'the gradient of input 0 in the backward of own in layer 1',
    );
  });

  test('backward: finite gradients whose sum is not, where they meet and at a leaf', async () => {
    const big = (y: Tensor) => add(mul(mul(y, 2e38), 1), mul(mul(y, 2e38), 1));
    const small = tensor([1e-3, 1e-3], [1, 2]);
    const network = sequential(
      new Computing((y) => mul(y, 1e-3)),
      new Linear(2, 2),
      new Computing((y) => mul(y, 1e-3)),
      new Computing(big),
    );
    for (const parameter of network.parameters())
      parameter.overwrite(new Float32Array(parameter.size).fill(1e-3));
    const { what, side, operator } = await anomalyOf(step(network, small), network);
    expect(what).toMatch(/^the gradient of the output of mul in layer 2 \(a sum of gradients/);
    expect({ side, operator }).toEqual({ side: 'backward', operator: 'mul' });

    const linear = new Linear(2, 2);
    const pass = () => {
      for (let i = 0; i < 2; i++) scope(() => sum(mul(linear.call(x), 2e38)).backward());
    };
    for (const parameter of linear.parameters()) parameter.overwrite(new Float32Array(parameter.size));
    expect((await anomalyOf(pass, linear)).what).toMatch(/^the gradient of parameter (weight|bias)$/);
  });

  test('backward that starts from a gradient that is not finite, and of a forward that nobody watched', async () => {
    const y = mul(tensor([1, 2], [2], { requiresGrad: true }), 3);
    const seed = tensor([1, Number.NaN]);
    expect(await anomalyOf(() => y.backward(seed, { retainGraph: true }))).toMatchObject({
      what: 'the gradient of the output of mul (a sum of gradients, or what backward() was given)',
      operator: 'mul',
    });
    const root = sqrt(mul(y, 0));
    expect((await anomalyOf(() => sum(root).backward())).what).toBe(
      'the gradient of input 0 in the backward of sqrt',
    );
  });

  test('a weight or an image that is no number is named, not what is computed of it', async () => {
    const network = around((y) => y);
    const image = tensor([1, Number.NaN], [1, 2]);
    expect((await anomalyOf(step(network, image), network)).what).toBe("the network's input");
    network.parameters()[0]!.overwrite([1, Number.NaN, 0, 0]);
    expect(await anomalyOf(step(network, x), network)).toEqual({ what: 'parameter 0.weight' });
  });

  test('running statistics that are no numbers are named where they are used', async () => {
    const norm = new TdBatchNorm(2);
    norm.runningMean.overwrite([0, Number.NaN]);
    const pass = () => scope(() => norm.call(tensor([1, 2, 3, 4], [2, 1, 2])));
    await detectAnomaly(pass, { network: norm });
    norm.evaluate();
    expect((await anomalyOf(pass, norm)).what).toBe('buffer running_mean');
  });

  test('an infinite bound that does no harm is none', async () => {
    const network = around((y) => maximum(y, Number.NEGATIVE_INFINITY));
    expect((await detectAnomaly(step(network, x), { network })).size).toBe(1);
  });

  test('gives what the code gives, takes its hooks off and frees what it kept, also after an error', async () => {
    const network = around((y) => y);
    const former = memory().tensors;
    const pass = () => scope(() => sum(network.call(x)));
    (await detectAnomaly(pass, { network })).dispose();
    expect(memory().tensors).toBe(former);
    const failing = () => {
      pass().dispose();
      throw new Error('on purpose');
    };
    await expect(detectAnomaly(failing, { network })).rejects.toThrow('on purpose');
    expect(memory().tensors).toBe(former);
    // an operator after that is watched no more, in no layer
    expect((await anomalyOf(() => log(mul(x, 0)))).what).toBe('the output of log');
  });

  test('asynchronous code is refused', async () => {
    await expect(detectAnomaly(async () => mul(x, 2))).rejects.toThrow(
      'detectAnomaly: fn returned a Promise; await outside',
    );
  });
});
