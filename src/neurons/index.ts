// Neurons as equations: written once, differentiated, compiled for every backend. This room knows nothing of tensors
// or backends. graph/ has expressions and what is done with them, text/ the language of equations, differential/ what
// makes steps of differential ones, numbers/ the plain loops.

export type { IntegrationMethod } from './differential/methods';
export type { DifferentialSettings } from './differential/settings';
export type { DifferentialSource, StateDecay } from './differential/source';
export { explain } from './explain';
export { type FormulaText, formulaOf } from './formula';
export {
  type Expr,
  type Formula,
  formulaIn,
  type NumberFunction,
  type Real,
  withFormula,
} from './graph/expression';
export { Learnable, type LearnableOptions, learnable } from './learnable';
export {
  type Assigned,
  aNeuronModel,
  fires,
  isOfSpikes,
  isSpike,
  learnablesOf,
  type NeuronModel,
  outputsOf,
  type Parameter,
  type State,
  valuesOfStep,
} from './model';
export { neuron } from './neuron';
export type { EquationFunction, NeuronDefinition, NeuronOptions, StepTools } from './options';
export { customRectifier, type RectifierDefinition } from './rectifier';
export * from './surrogates';
export { EquationError } from './text/mistake';
export { type Remembered, type UpdateRule, updateRule } from './update/rule';
