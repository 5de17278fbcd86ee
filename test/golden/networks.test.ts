import { afterAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import { wasmBackend } from '../../src/backends/wasm';
import { setActiveBackend } from '../../src/core/engine';
import { scope } from '../../src/core/scope';
import type { Tensor } from '../../src/core/tensor';
import { init } from '../../src/init';
import { channelsLast, fromFileLayout } from '../../src/interop/layout';
import { crossEntropy } from '../../src/ops';
import { flavours } from '../backends/wasm/kernel-memory';
import { golden, networkNames, relativeError } from './golden';
import { openNetwork } from './network';

/**
 * Every backend that computes in f32. The networks have no membrane so near a threshold that rounding flips a spike.
 */
const single: [string, () => Promise<Backend>][] = [
  ['cpu f32', async () => cpuBackend('f32')],
  ...flavours.flatMap((flavour) =>
    [1, 2].map((threads): [string, () => Promise<Backend>] => [
      `wasm ${flavour}, ${threads} thread(s)`,
      () => wasmBackend({ flavour, threads }),
    ]),
  ),
];

describe.skipIf(golden.missing)(`whole networks equal the reference vectors${golden.note}`, () => {
  for (const name of networkNames()) {
    test(`${name} in f64: logits, loss, every gradient, running statistics, evaluation logits to 1e-6`, async () => {
      await init({ precision: 'f64' });
      const { network, tensors, input, labels, floats } = openNetwork(name);
      const errors = new Map<string, number>();
      const compare = (
        key: string,
        actual: Tensor,
        turn = (a: { data: Float32Array | Float64Array; shape: readonly number[] }) => a,
      ) => {
        errors.set(key, relativeError(actual.dataSync(), turn(floats(key)).data));
      };
      scope(() => {
        const logits = network.call(input);
        const loss = crossEntropy(logits, labels);
        loss.backward();
        compare('logits', logits);
        compare('loss', loss);
        compare('gradInput', input.grad!, channelsLast);
        for (const [key, { tensor: state, layout, trainable }] of network.state()) {
          if (trainable) compare(`grad.${key}`, state.grad!, (array) => fromFileLayout(array, layout));
          else compare(`after.${key}`, state);
        }
        compare('logitsEval', network.evaluate().call(input));
      });
      const expected = [...tensors.keys()].filter(
        (key) => !key.startsWith('init.') && key !== 'input' && key !== 'labels',
      );
      expect([...errors.keys()].sort()).toEqual(expected.sort());
      const worst = [...errors].reduce((a, b) => (b[1] > a[1] || Number.isNaN(b[1]) ? b : a));
      expect(worst[1], worst[0]).toBeLessThanOrEqual(1e-6);
    });

    for (const [label, make] of single) {
      test(`${name} on ${label}: the loss to 1e-4, every gradient to 1e-3`, async () => {
        setActiveBackend(await make());
        const { network, input, labels, floats } = openNetwork(name);
        const errors = new Map<string, number>();
        scope(() => {
          const loss = crossEntropy(network.call(input), labels);
          loss.backward();
          expect(Math.abs(loss.itemSync() / floats('loss').data[0]! - 1)).toBeLessThanOrEqual(1e-4);
          for (const [key, { tensor: state, layout, trainable }] of network.state()) {
            if (!trainable) continue;
            const expected = fromFileLayout(floats(`grad.${key}`), layout);
            errors.set(key, relativeError(state.grad!.dataSync(), expected.data));
          }
        });
        const worst = [...errors].reduce((a, b) => (b[1] > a[1] || Number.isNaN(b[1]) ? b : a));
        expect(worst[1], worst[0]).toBeLessThanOrEqual(1e-3);
      });
    }
  }
  afterAll(() => init());
});
