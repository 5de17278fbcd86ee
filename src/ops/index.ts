// All differentiable operators.

export * from './arithmetic';
export * from './compare';
export { conv2d, convOperations } from './conv';
export type { ConvOptions } from './convolution';
export { type DropoutOptions, dropout } from './dropout';
export * from './functions';
export { argMax, gather, oneHot, type Places } from './gather';
export { col2im, type Im2colOptions, im2col } from './im2col';
export * from './layout';
export {
  type CrossEntropyOptions,
  crossEntropy,
  logSoftmax,
  type Reduction,
} from './loss';
export { linear, type MatmulFlags, matmul } from './matmul';
export { type CustomOperator, customOp, type OperatorContext } from './operator';
export { pad } from './pad';
export { avgPool2d, globalAvgPool, type MaxPoolOptions, maxPool2d, type PoolOptions } from './pool';
export { type RateBoundsOptions, rateBounds } from './rate-bounds';
export {
  maxMembraneLoss,
  type RateMseOptions,
  rateMse,
  type TetLossOptions,
  tetLoss,
} from './rate-loss';
export { type Axes, max, mean, min, type ReduceOptions, sum, variance } from './reduce';
export type { PerAxis } from './sides';
export { softmax } from './softmax';
export { type ConvTransposeOptions, convTranspose2d } from './transposed-conv';
