// All differentiable operators.

export * from './arithmetic';
export * from './compare';
export {
  col2im,
  conv2d,
  convOperations,
  type Im2colOptions,
  im2col,
  type WindowOptions,
} from './conv';
export { type DropoutOptions, dropout } from './dropout';
export * from './functions';
export { argMax, gather, oneHot, type Places } from './gather';
export * from './layout';
export * from './loss';
export { linear, type MatmulFlags, matmul } from './matmul';
export { type CustomOperator, customOp, type OperatorContext } from './operator';
export { pad } from './pad';
export { avgPool2d, globalAvgPool, type PoolOptions } from './pool';
export { type Axes, max, mean, min, type ReduceOptions, sum, variance } from './reduce';
export { softmax } from './softmax';
