// Modules that know nothing of spikes.

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
