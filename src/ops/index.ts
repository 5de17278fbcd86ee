// All differentiable operators.

export * from './arithmetic';
export * from './compare';
export * from './conv';
export * from './dropout';
export * from './functions';
export * from './layout';
export * from './loss';
export * from './matmul';
export { type CustomOperator, customOp, type OperatorContext } from './operator';
export * from './pool';
export { type Axes, max, mean, type ReduceOptions, sum, variance } from './reduce';
