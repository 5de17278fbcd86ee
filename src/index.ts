/**
 * The public API: everything that runs in Node and in browsers alike.
 *
 * @module spikegrad
 */

export type {
  Backend,
  FloatArray,
  Handle,
  Operand,
  Precision,
  ScalarFunction,
} from './backends/backend';
export type { Shape } from './backends/shape';
export type { Calibration, CalibrationStore, Round, Workload } from './calibrate';
export {
  arange,
  bernoulli,
  full,
  type Nested,
  ones,
  type RandomTensorOptions,
  randn,
  type TensorOptions,
  tensor,
  uniform,
  zeros,
} from './core/create';
export { manualSeed } from './core/engine';
export type { Labels } from './core/labels';
export type { NestedArray } from './core/nested';
export { Random, type RandomState } from './core/random';
export { keep, scope } from './core/scope';
export { memory } from './core/storage';
export { type Gradient, noGrad } from './core/tape';
export { type BackwardOptions, Tensor, type TensorLike } from './core/tensor';
export * from './data';
export { OutOfMemoryError, SpikegradError } from './errors';
export { type NpyArray, type NpyTexts, readNpy, readNpz } from './formats/numpy';
export {
  type BackendName,
  type ConvolutionPlan,
  createBackend,
  type EngineLimits,
  type EngineProfile,
  type Flavour,
  type InitOptions,
  init,
  isGpu,
  isWasm,
  type KernelLoad,
  type WasmBackend,
} from './init';
export {
  type CompiledNetwork,
  type CompiledReport,
  type CompileOptions,
  compile,
  decodeCompiled,
  encodeCompiled,
  type IntegerLayerReport,
  type RealLayerReport,
} from './integer';
export {
  type FromMapOptions,
  fromMap,
  type GivenConstants,
  type MapLayer,
  mapNames,
  type NameMap,
  type NeuronLibrary,
  theirState,
} from './interop/maps';
export type { ModelMetadata } from './interop/metadata';
export { type PyTorchFile, readPyTorch, writePyTorch } from './interop/pytorch';
export {
  readSafetensors,
  type SafetensorsDtype,
  type SafetensorsEntry,
  type SafetensorsFile,
  writeSafetensors,
} from './interop/safetensors';
export { type LoadedState, type LoadStateOptions, loadState, stateOf } from './interop/state';
export * from './nn';
export * from './ops';
export * from './optim';
export type { StopSignal } from './options';
export * from './plot';
export * from './snn';
export * from './train';
