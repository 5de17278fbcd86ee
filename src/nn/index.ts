// Modules that know nothing of spikes.

export type {
  FunctionDescription,
  LayerDescription,
  LayerKind,
  NetworkDescription,
  NeuronDescription,
} from './description';
export type { DescribeOptions } from './description/describe';
export type { Flow, FlowValue, LayerResult } from './flow';
export {
  AvgPool2d,
  Conv2d,
  type Conv2dOptions,
  Dropout,
  Flatten,
  GlobalAvgPool,
  type LayerOptions,
  Linear,
  type LinearOptions,
} from './layers';
export { type ForwardHook, Module, type StateEntry, type StateLayout } from './module';
export { Sequential, sequential } from './sequential';
export { summary } from './summary';
