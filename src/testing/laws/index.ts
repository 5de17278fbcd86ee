// Laws for rectifiers, surrogates and neurons of one's own.

export type { ForeignNeuron, ForeignRun, ForeignStates, MaybeLater } from './foreign/subject';
export { type HeldLaw, LawBroken, type LawOptions, type LawReport, type Unchecked } from './hold';
export type { Counterexample } from './law';
export { checkNeuron, type NeuronCheckOptions } from './neuron';
export type { FiringRule, OwnNeuron } from './neuron/subject';
export { checkRectifier, type RectifierCheckOptions } from './rectifier';
export { checkSurrogate, type SurrogateText } from './surrogate';
export type { FunctionText } from './text';
