// Neurons of equations over tensors.

export {
  type Assigned,
  type DifferentialSettings,
  type DifferentialSource,
  EquationError,
  type EquationFunction,
  type Expr,
  explain,
  type IntegrationMethod,
  Learnable,
  type LearnableOptions,
  learnable,
  type NeuronDefinition,
  type NeuronModel,
  type NeuronOptions,
  neuron,
  type Parameter,
  type Real,
  type State,
  type StateDecay,
  type StepTools,
} from '../../neurons';
export { differenceForm } from './difference';
export {
  type FunctionInFile,
  type LearnableInFile,
  type NeuronFile,
  neuronFromJson,
  neuronToJson,
} from './file';
export { Spiking, type SpikingOptions } from './layer';
export { type NeuronRun, type RunNeuronOptions, runNeuron } from './run';
