// Networks that people know, beside the ResNet20.

export { type CsnnOptions, csnn } from './csnn';
export { type SpikingMlpOptions, spikingMlp } from './mlp';
export { type MsResnet20Options, msResnet20 } from './ms-resnet';
export type { SpikingNetworkOptions } from './options';
export { type ParametricLifNetOf, type ParametricLifNetOptions, parametricLifNet } from './parametric-lif';
export { type SewDepth, type SewResnetOptions, sewResnet } from './sew-resnet';
export { type SpikformerOptions, spikformer } from './spikformer';
export { type VggDepth, type VggOptions, vgg } from './vgg';
