// Modules that know nothing of spikes.

export * from './layers';
export { type ForwardHook, Module, type StateEntry, type StateLayout } from './module';
export { Sequential, sequential } from './sequential';
