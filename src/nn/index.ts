// Modules that know nothing of spikes.

export { Conv2d, type Conv2dOptions, ConvTranspose2d, type ConvTranspose2dOptions } from './conv';
export type {
  FunctionDescription,
  LayerDescription,
  LayerKind,
  NetworkDescription,
  NeuronDescription,
} from './description';
export type { DescribeOptions } from './description/describe';
export type { Flow, FlowValue, LayerResult } from './flow';
export type { LayerOptions } from './layer-options';
export { Dropout, Flatten, type FlattenOptions, Linear, type LinearOptions } from './layers';
export { type ForwardHook, Module, type StateEntry, type StateLayout } from './module';
export { AvgPool2d, type AvgPool2dOptions, GlobalAvgPool, MaxPool2d, type MaxPool2dOptions } from './pools';
export { type Join, Residual, type ResidualOptions } from './residual';
export { Sequential, sequential } from './sequential';
export { summary } from './summary';
