import { beforeAll, describe, expect, test } from 'vitest';
import { tensor, zeros } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { direct, type ResNet20Options, resnet20 } from '../../src/snn';
import { initTested } from '../support/backend';
import { expectClose, normal } from './numbers';

beforeAll(async () => {
  await initTested();
});

const tiny = (options: ResNet20Options = {}) =>
  resnet20({ width: 2, timesteps: 2, random: new Random(1), ...options });

describe('the spiking ResNet20', () => {
  test('has 0.27 M parameters when small and 11.25 M when wide', () => {
    expect((resnet20().parameterCount() / 1e6).toFixed(2)).toBe('0.27');
    const wide = resnet20({ variant: 'wide' });
    expect((wide.parameterCount() / 1e6).toFixed(2)).toBe('11.25');
    wide.dispose();
  });

  test('names its state as the files do', () => {
    const norm = (name: string) =>
      ['weight', 'bias', 'running_mean', 'running_var'].map((part) => `${name}.${part}`);
    const expected = ['stem.0.conv.weight', ...norm('stem.0.bn'), 'fc.weight', 'fc.bias'];
    for (let s = 0; s < 3; s++) {
      for (let b = 0; b < 3; b++) {
        const block = `stages.${s}.${b}`;
        for (const i of [1, 2]) expected.push(`${block}.conv${i}.weight`, ...norm(`${block}.bn${i}`));
        if (s > 0 && b === 0) expected.push(`${block}.shortcut.conv.weight`, ...norm(`${block}.shortcut.bn`));
      }
    }
    expect([...tiny().state().keys()].sort()).toEqual(expected.sort());
  });

  test.each(['small', 'wide'] as const)(
    'gives a %s network the same output and gradients for images and for their repetition',
    (variant) => {
      const images = tensor(normal(2 * 8 * 8 * 3, 7), [2, 8, 8, 3]);
      const run = (x: Tensor) => {
        const net = tiny({ variant });
        const y = net.call(x);
        y.backward(tensor(normal(20, 8), [2, 10]));
        return [y, ...net.parameters().map((p) => p.grad!)].map((t) => Array.from(t.dataSync()));
      };
      const [once, repeated] = [run(images), run(direct(images, 2))];
      expect(once.length).toBe(repeated.length);
      once.forEach((list, i) => {
        expectClose(list, repeated[i]!, 1e-9);
      });
    },
  );

  test.each([
    [28, 28, 1],
    [33, 31, 3],
    [1, 5, 2],
  ])('takes images of %ix%ix%i, gradients too', (height, width, channels) => {
    for (const variant of ['small', 'wide'] as const) {
      const net = tiny({ variant, channels, classes: 3 });
      const y = net.call(tensor(normal(2 * height * width * channels, 2), [2, height, width, channels]));
      expect(y.shape).toEqual([2, 3]);
      y.backward(tensor(normal(6, 3), [2, 3]));
      for (const parameter of net.parameters()) {
        expect(parameter.grad!.shape).toEqual(parameter.shape);
        expect(parameter.grad!.dataSync().every(Number.isFinite)).toBe(true);
      }
    }
  });

  test('evaluates each image as if it were alone', () => {
    const net = tiny().evaluate();
    const images = tensor(normal(3 * 8 * 8 * 3, 7), [3, 8, 8, 3]);
    const alone = tensor(images.dataSync().slice(192, 384), [1, 8, 8, 3]);
    const [all, one] = noGrad(() => [net.call(images).dataSync(), net.call(alone).dataSync()]);
    expectClose(one!, all!.slice(10, 20));
  });

  test('refuses inputs and options that do not fit, and says what does', () => {
    expect(() => tiny().call(zeros([2, 8, 8, 1]))).toThrow(
      /expects images \[N,H,W,3\] or sequences \[T,N,H,W,3\], got \[2,8,8,1\]/,
    );
    expect(() => tiny().call(zeros([8, 8, 3]))).toThrow(/expects images/);
    expect(() => tiny({ timesteps: 0 })).toThrow(/timesteps must be a whole number >= 1, got 0/);
    expect(() => tiny({ width: 1.5 })).toThrow(/width must be a whole number/);
    expect(() => tiny({ classes: -1 })).toThrow(/classes must be a whole number/);
    expect(() => tiny({ variant: 'large' as 'wide' })).toThrow(
      /variant must be 'small' or 'wide', got 'large'/,
    );
    expect(() => tiny({ neuron: { vth: 0, vReset: 0 } })).toThrow(/must lie below vth/);
  });
});
