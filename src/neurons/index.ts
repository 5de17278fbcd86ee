// Neurons as equations: written once, differentiated, compiled for every backend. This room knows nothing of tensors
// or backends. graph/ has expressions and what is done with them, text/ the language of equations, numbers/ the plain
// loops.

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
  isOfSpikes,
  isSpike,
  learnablesOf,
  type NeuronModel,
  outputsOf,
  type Parameter,
  type State,
} from './model';
export {
  type EquationFunction,
  type NeuronDefinition,
  type NeuronOptions,
  neuron,
  type StepTools,
} from './neuron';
export { customRectifier, type RectifierDefinition } from './rectifier';
export * from './surrogates';
export { EquationError } from './text/mistake';
