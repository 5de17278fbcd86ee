// Threshold-dependent batch normalisation (Zheng et al., "Going deeper with directly-trained larger SNNs", AAAI 2021):
// statistics per channel over time, batch, height and width, scaled to the firing threshold,
//
//   y = λ·α·vth·(x - μ)/√(σ² + ε) + β.
//
// The biased variance normalises; the unbiased one goes into the running variance.

import type { NormSpec } from '../backends/backend';
import { formatShape } from '../backends/shape';
import { ones, zeros } from '../core/create';
import { scope } from '../core/scope';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import type { Flow } from '../nn/flow';
import { Module } from '../nn/module';
import { add, mul, pow, sub } from '../ops/arithmetic';
import { commonBackend, operation } from '../ops/operator';
import { sum } from '../ops/reduce';
import {
  anObject,
  checkKind,
  finite,
  flag,
  type OptionsOf,
  option,
  optionsBelong,
  optionTable,
  whole,
} from '../options';

/** The constants of {@link tdbn}. */
export interface TdbnOptions {
  /** Firing threshold of the neuron behind. Default 0.5. */
  vth?: number;
  /** 1, or 1/√2 for each of two branches that are summed. Default 1. */
  alpha?: number;
  /** ε. Default 1e-5. */
  epsilon?: number;
  /** Weight of the new batch in the running statistics. Default 0.1. */
  momentum?: number;
}

export const tdbnOptions = optionTable({
  vth: option(finite(), 0.5),
  alpha: option(finite({ above: 0 }), 1),
  epsilon: option(finite({ least: 0 }), 1e-5),
  momentum: option(finite({ least: 0, most: 1 }), 0.1),
} satisfies OptionsOf<TdbnOptions>);

/** λ, β and the running statistics, each [C]. */
export interface TdbnState {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
}

const modeFlag = { ...flag, advice: optionsBelong('tdbn(x, state, training, { … })') };

/**
 * tdBN: y = λ·α·vth·(x - μ)/√(σ² + ε) + β, with statistics per channel over all other axes.
 * @param x [T,N,...,C], channel last
 * @param training normalise with the batch's own statistics and move the running ones; else use the running ones
 * @throws in training when a channel has a single value: it has no variance
 */
export function tdbn(x: Tensor, state: TdbnState, training: boolean, options: TdbnOptions = {}): Tensor {
  checkTensor('tdbn', x);
  checkKind('tdbn', 'state', anObject, state);
  checkKind('tdbn', 'training', modeFlag, training);
  const { vth, alpha, epsilon, momentum } = tdbnOptions.again('tdbn', options);
  const spec: NormSpec = { scale: alpha * vth, epsilon, momentum };
  const { weight, bias, runningMean, runningVariance } = state;
  checkTensor('tdbn', weight, 'state.weight');
  checkTensor('tdbn', bias, 'state.bias');
  checkTensor('tdbn', runningMean, 'state.runningMean');
  checkTensor('tdbn', runningVariance, 'state.runningVariance');
  const channels = weight.shape[0] ?? 0;
  check(
    x.shape.length >= 2 && x.shape.at(-1) === channels,
    'tdbn',
    () => `expects ${channels} channels in the last axis, input is ${formatShape(x.shape)}`,
  );
  const backend = commonBackend('tdbn', [x, weight, bias, runningMean, runningVariance]);
  const { shape } = x;
  if (!training) return evaluated(x, state, spec);
  check(
    x.size / channels > 1,
    'tdbn',
    () =>
      `input ${formatShape(shape)} has one value per channel, which has no variance: train with more images, time steps or pixels, or call evaluate()`,
  );
  return scope(() => {
    const { y, statistics } = backend.normTrain(
      x,
      weight,
      bias,
      runningMean.handle,
      runningVariance.handle,
      spec,
    );
    runningMean.markChanged();
    runningVariance.markChanged();
    return operation({
      name: 'tdbn',
      inputs: [x, weight, bias],
      handle: y,
      shape,
      saved: [
        x,
        weight,
        fromHandle(backend, statistics.mean, [channels]),
        fromHandle(backend, statistics.inverseDeviation, [channels]),
      ],
      backward: (g, [input, w, mean, inverseDeviation]) => {
        const back = backend.normGradient(
          g,
          input!,
          w!,
          { mean: mean!.handle, inverseDeviation: inverseDeviation!.handle },
          spec,
        );
        return [
          fromHandle(backend, back.x, shape),
          fromHandle(backend, back.weight, [channels]),
          fromHandle(backend, back.bias, [channels]),
        ];
      },
    });
  });
}

/** Normalised with the running statistics, which are constants: dx = g·λ·s/√(σ² + ε), dλ = s·Σ g·x̂, dβ = Σ g. */
function evaluated(
  x: Tensor,
  { weight, bias, runningMean, runningVariance }: TdbnState,
  spec: NormSpec,
): Tensor {
  const { backend, shape } = x;
  return operation({
    name: 'tdbn',
    inputs: [x, weight, bias],
    handle: backend.normEvaluate(x, weight, bias, runningMean, runningVariance, spec),
    shape,
    saved: [x, weight, runningMean, runningVariance],
    backward: (g, [input, w, mean, variance], needs) => {
      const axes = shape.slice(0, -1).map((_, axis) => axis);
      const inverse = mul(pow(add(variance!, spec.epsilon), -0.5), spec.scale);
      return [
        needs[0] ? mul(g, mul(w!, inverse)) : null,
        needs[1] ? mul(sum(mul(g, sub(input!, mean!)), axes), inverse) : null,
        needs[2] ? sum(g, axes) : null,
      ];
    },
  });
}

const channelCount = { ...whole({ least: 1 }), advice: optionsBelong('new TdBatchNorm(channels, { … })') };

/** {@link tdbn} as a layer that keeps λ, β and the running statistics. */
export class TdBatchNorm extends Module implements TdbnState {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
  /** May be replaced between calls. */
  options: TdbnOptions;

  /** λ starts at 1, β and the running mean at 0, the running variance at 1. */
  constructor(channels: number, options: TdbnOptions = {}) {
    super();
    checkKind('TdBatchNorm', 'channels', channelCount, channels);
    tdbnOptions.check('TdBatchNorm', options);
    this.options = options;
    this.weight = this.parameter('weight', ones([channels]));
    this.bias = this.parameter('bias', zeros([channels]));
    this.runningMean = this.buffer('running_mean', zeros([channels]));
    this.runningVariance = this.buffer('running_var', ones([channels]));
    if (Object.getPrototypeOf(new.target) === Module) Object.preventExtensions(this);
  }

  forward(x: Tensor): Tensor {
    return tdbn(x, this, this.training, this.options);
  }

  override outline(x: Flow): Flow {
    const { vth, alpha, epsilon } = tdbnOptions.read('TdBatchNorm', this.options);
    const channels = this.weight.size;
    check(
      x.shape === undefined || x.shape.at(-1) === channels,
      'TdBatchNorm',
      () => `expects ${channels} channels in the last axis, it is fed ${formatShape(x.shape!)}`,
    );
    return x.layer({ kind: 'norm', channels, scale: alpha * vth, epsilon }, {});
  }
}
