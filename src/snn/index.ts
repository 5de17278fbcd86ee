// Spiking neurons, their gradients, and networks of them.

export { customRectifier, type RectifierDefinition } from '../neurons';
export * from '../neurons/surrogates';
export * from '../neurons/zoo';
export { SpikeAttention, type SpikeAttentionOptions } from './attention';
export { BatchNorm2d, type BatchNorm2dOptions } from './batch-norm';
export { type Cell, lifCell, spike, type UnrollOptions, unroll } from './cell';
export { Delay, type DelayOptions } from './delay';
export { Direct, direct, latency, type PoissonOptions, poisson, TimeMean } from './encoder';
export * from './equations';
export { type HeldRates, type HoldRatesOptions, holdRates } from './hold-rates';
export { Lif, type LifSequence, type LifTrace, lif, lifSequence, lifTrace } from './lif';
export * from './networks';
export type { NeuronChoice } from './neuron-layer';
export type { LifLayerOptions, LifOptions } from './options';
export { type Probe, type ProbeOptions, type ProbeReport, probe } from './probe';
export type { HistogramOptions, LayerReport, QuantizationError } from './probe/membrane';
export { ENERGY, type LayerOperations, type OperationsReport } from './probe/operations';
export { type NeuronRecording, type RecordOptions, spikeTimes } from './probe/recording';
export { type MprOptions, type MprRectifier, mpr, type Rectifier } from './rectifier';
export { Recurrent, type RecurrentOptions } from './recurrent';
export { type ResNet20Options, type ResNetVariant, resnet20, SpikingResNet20 } from './resnet20';
export { TdBatchNorm, type TdbnOptions, type TdbnState, tdbn } from './tdbn';
export { Voting } from './voting';
