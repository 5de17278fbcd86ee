// Every command by its name: what a list of commands says of it, and the file that it lies in, which is loaded when
// it is asked for. So the start of one command does not wait for the code of all others.

import type { LazyCommand } from './lazy';

const figures: readonly LazyCommand[] = [
  {
    name: 'figure2',
    description: 'draw φ over the spike function, and the surrogate gradient through it',
    load: async () => (await import('./paper/figure2')).figure2Command(),
  },
  {
    name: 'figure3',
    description:
      'draw membranes before and after rectification of a run with MPR, with their quantization error',
    load: async () => (await import('./paper/figure3')).figure3Command(),
  },
  {
    name: 'table1',
    description: 'train the grid of time steps, MPR and seeds; make the table of accuracies',
    load: async () => (await import('./paper/table1')).table1Command(),
  },
  {
    name: 'gradients',
    description: 'measure how the steepness of MPR makes gradients shrink or grow, layer by layer',
    load: async () => (await import('./paper/gradients')).gradientsCommand(),
  },
  {
    name: 'dynamics',
    description: 'train eq. 4 as printed against the leak form; compare accuracy, firing rates, gradients',
    load: async () => (await import('./paper/dynamics')).dynamicsCommand(),
  },
  {
    name: 'claims',
    description: 'say of each claim of the paper whether what was measured bears it out',
    load: async () => (await import('./paper/claims')).claimsCommand(),
  },
];

export const COMMANDS: readonly LazyCommand[] = [
  {
    name: 'train',
    description: 'train a spiking ResNet20 and write a model and a report',
    load: async () => (await import('./train')).trainCommand(),
  },
  {
    name: 'eval',
    description: 'measure a saved model: accuracy, loss, firing rates, energy',
    load: async () => (await import('./eval')).evalCommand(),
  },
  {
    name: 'predict',
    description: 'say what a saved model takes pictures for',
    load: async () => (await import('./predict')).predictCommand(),
  },
  {
    name: 'inspect',
    description:
      'list the layers, shapes, parameters and operations of a saved model, the nodes of a NIR graph, or what an ONNX model says',
    load: async () => (await import('./inspect')).inspectCommand(),
  },
  {
    name: 'export',
    description:
      'write a saved model for other tools: NIR for neuromorphic frameworks, ONNX to serve it, PyTorch',
    load: async () => (await import('./export')).exportCommand(),
  },
  {
    name: 'compile',
    description: 'write a saved model in integers: smaller, faster, and the same bits on every machine',
    load: async () => (await import('./compile')).compileCommand(),
  },
  {
    name: 'paper',
    description: 'make the figures and the table of the paper anew, and measure what it says',
    children: figures,
  },
  {
    name: 'worker',
    description: 'train cells from a queue (see paper table1 --queue)',
    load: async () => (await import('./worker')).workerCommand(),
  },
  {
    name: 'info',
    description: 'show the backends that work on this machine, and why others do not',
    load: async () => (await import('./info')).infoCommand(),
  },
  {
    name: 'doctor',
    description: 'try whether numbers, threads, memory and files can be relied on here',
    load: async () => (await import('./doctor')).doctorCommand(),
  },
  {
    name: 'data',
    description: 'fetch data sets',
    load: async () => (await import('./data')).dataCommand(),
  },
  {
    name: 'cell-process',
    description: '',
    isHidden: true,
    load: async () => (await import('./paper/cells/process')).cellProcessCommand(),
  },
];
