// Optimisers, schedules, clipping.

export { clipGradNorm } from './clip';
export { cosine } from './schedule';
export { Sgd, type SgdOptions } from './sgd';
