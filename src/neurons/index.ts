// Neurons as equations: written once, differentiated, compiled for every backend. This room knows nothing of tensors or
// backends.

export type { Expr, Real } from './graph/expression';
export { Learnable, type LearnableOptions, learnable } from './learnable';
export type { Assigned, NeuronModel, Parameter, State } from './model';
export {
  type EquationFunction,
  type NeuronDefinition,
  type NeuronOptions,
  neuron,
  type StepTools,
} from './neuron';
export { EquationError } from './text/mistake';
