// Groups of parameters: rates in proportion, which of a network's parameters decay, several optimisers as one, what is
// remembered as numbers.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import type { Tensor } from '../../src/core/tensor';
import { learnable } from '../../src/neurons';
import { Conv2d, Linear, sequential } from '../../src/nn';
import {
  Adam,
  AdamW,
  CustomOptimizer,
  Lion,
  Muon,
  type Optimizer,
  Optimizers,
  parameterGroups,
  RmsProp,
  Sgd,
} from '../../src/optim';
import { neuron, Spiking, TdBatchNorm } from '../../src/snn';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

const one = (...values: number[]): Tensor => tensor(values, [values.length], { requiresGrad: true });
const matrix = (): Tensor => tensor([1, 2, 3, 4, 5, 7], [2, 3], { requiresGrad: true });

function step(optimizer: Optimizer, gradient = 1): void {
  for (const parameter of optimizer.parameters)
    parameter.grad = tensor(new Array<number>(parameter.size).fill(gradient), parameter.shape);
  optimizer.step();
  optimizer.zeroGrad();
}

describe('groups', () => {
  test('a schedule moves all rates in proportion, one of them is set alone', () => {
    const [a, b] = [one(0), one(0)];
    const sgd = new Sgd([{ parameters: [a] }, { parameters: [b], lr: 0.5 }], { lr: 0.1, momentum: 0 });
    sgd.lr = 1;
    expect(sgd.groups.map(({ lr }) => lr)).toEqual([1, 5]);
    sgd.groups[1]!.lr = 2;
    sgd.lr = 0.5;
    expect(sgd.groups.map(({ lr }) => lr)).toEqual([0.5, 1]);
    step(sgd);
    expect([a.itemSync(), b.itemSync()]).toEqual([-0.5, -1]);
  });

  test('momentum and decay set on the optimiser are those of all groups, and are checked', () => {
    const sgd = new Sgd([{ parameters: [one(1)] }, { parameters: [one(1)], momentum: 0.5 }], { lr: 1 });
    expect(sgd.groups.map(({ momentum }) => momentum)).toEqual([0.9, 0.5]);
    sgd.momentum = 0;
    sgd.weightDecay = 0.25;
    expect(sgd.groups.map(({ momentum, weightDecay }) => [momentum, weightDecay])).toEqual([
      [0, 0.25],
      [0, 0.25],
    ]);
    expect(() => {
      sgd.groups[0]!.momentum = -1;
    }).toThrow('Sgd: momentum must be a number >= 0, got -1');
  });

  test('a parameter in two groups, and a rate beside 0, are refused', () => {
    const a = one(0);
    expect(() => new Adam([{ parameters: [a] }, { parameters: [a] }])).toThrow(
      'a parameter is in two groups',
    );
    expect(() => new Adam([{ parameters: [a], lr: 1 }], { lr: 0 })).toThrow('a group has lr 1, the others 0');
    expect(() => new Adam([])).toThrow('Adam: got no parameters to train');
    expect(() => new Optimizers(new Adam([a]), new Sgd([a], { lr: 1 }))).toThrow('in two optimisers');
  });

  test("a network's weights decay, its norms and biases do not, its neurons if they say so", () => {
    const lif = neuron('h = a*v + b*x; spikes = spike(h - 1); v = h*(1 - spikes)', {
      parameters: { a: learnable(0.5), b: learnable(1, { decay: true }) },
    });
    const [conv, norm, spiking, head] = [
      new Conv2d(2, 3),
      new TdBatchNorm(3),
      new Spiking(lif),
      new Linear(3, 2),
    ];
    const network = sequential(conv, norm, spiking, head);
    const { a, b } = spiking.learned;
    expect(parameterGroups(network)).toEqual([
      { parameters: [conv.weight, b, head.weight] },
      { parameters: [norm.weight, norm.bias, a, head.bias], weightDecay: 0 },
    ]);
    expect(parameterGroups(network, { decay: 'all', normBiasLr: 3 })).toEqual([
      { parameters: [conv.weight, norm.weight, b, head.weight, head.bias] },
      { parameters: [a], weightDecay: 0 },
      { parameters: [norm.bias], lr: 3 },
    ]);
    const sgd = new Sgd(parameterGroups(network), { lr: 1, weightDecay: 0.5, momentum: 0 });
    step(sgd, 0);
    expect([norm.weight.dataSync()[0], b!.itemSync()]).toEqual([1, 0.5]);
  });

  test('two optimisers are one: rates in proportion, steps of both', () => {
    const [w, v] = [matrix(), one(1)];
    const both = new Optimizers(new Muon([w], { lr: 0.2 }), new Sgd([v], { lr: 0.1, momentum: 0 }));
    both.lr = 1;
    expect(both.groups.map(({ lr }) => lr)).toEqual([1, 0.5]);
    step(both);
    expect(v.itemSync()).toBe(0.5);
    expect(w.dataSync()[0]).toBeLessThan(1);
  });
});

describe('what is remembered', () => {
  const makers: Record<string, () => Optimizer> = {
    Sgd: () => new Sgd([one(1, 2), matrix()], { lr: 0.1 }),
    'Sgd with dampening': () => new Sgd([one(1, 2)], { lr: 0.1, dampening: 0.5 }),
    Adam: () => new Adam([one(1, 2)], { lr: 0.1 }),
    AdamW: () => new AdamW([one(1, 2)], { lr: 0.1 }),
    RmsProp: () => new RmsProp([{ parameters: [one(1, 2)] }, { parameters: [one(3)], centered: true }]),
    Lion: () => new Lion([one(1, 2)], { lr: 0.1 }),
    Optimizers: () => new Optimizers(new Muon([matrix()]), new AdamW([one(1, 2)])),
    CustomOptimizer: () =>
      new CustomOptimizer([one(1, 2)], {
        equations: 'm = keep*m + g; p = p - lr*m/t',
        lr: 0.1,
        constants: { keep: 0.5 },
        numbers: (t) => ({ t }),
      }),
  };

  test.each(Object.entries(makers))('%s goes on from its state as if it had not stopped', async (_, make) => {
    const [whole, first] = [make(), make()];
    for (let i = 1; i <= 4; i++) step(whole, i);
    step(first, 1);
    step(first, 2);
    const then = make();
    then.loadState(structuredClone(await first.state()));
    for (const [i, parameter] of then.parameters.entries())
      parameter.overwrite(first.parameters[i]!.dataSync());
    step(then, 3);
    step(then, 4);
    expect(then.parameters.map((p) => p.dataSync())).toEqual(whole.parameters.map((p) => p.dataSync()));
  });

  test('is refused by another optimiser, which stays as it is', async () => {
    const [sgd, adam] = [makers.Sgd!(), makers.Adam!()];
    const before = await adam.state();
    const other = await sgd.state();
    expect(() => adam.loadState(other)).toThrow('the state is of 2 parameters, there are 1');
    const torchs = { state: { 0: { step: 3 } }, param_groups: [{ lr: 0.1, params: [0] }] };
    expect(() => adam.loadState(torchs as never)).toThrow('that is a state_dict of torch.optim');
    expect(() => adam.loadState({ steps: [1], values: other.values })).toThrow(
      "Adam.loadState: the state has no mean of 2 numbers for parameter 0: it is another optimiser's",
    );
    expect(await adam.state()).toEqual(before);
  });
});
