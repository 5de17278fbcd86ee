// Neurons of a Python file as checkNeuron takes them, whatever library they are of.

import { existsSync } from 'node:fs';
import { check } from '../../../errors';
import { type OptionsOf, option, optionTable, text } from '../../../options';
import type { TensorData } from '../../arbitraries';
import type { ForeignNeuron, ForeignRun, ForeignStates } from '../../laws';
import { type PythonProcess, startPython, WHERE } from './process';

/** What {@link pythonNeurons} is told besides the file. */
export interface PythonNeuronsOptions {
  /** The Python that runs the file, a name or a path: of the environment with the library. Default `python3`. */
  python?: string;
}

export const pythonNeuronsOptions = optionTable({
  python: option(text, 'python3'),
} satisfies OptionsOf<PythonNeuronsOptions>);

type Way = 'run' | 'otherwise' | 'gradient' | 'gradient_in_pieces' | 'smooth';
/** What a neuron says of itself, as the parts of ForeignNeuron are called. */
type Promises = Omit<ForeignNeuron, 'name' | Way | 'gradientInPieces'>;

/** A list of numbers within what Python is given; a typed array would be written as an object. */
const statesOf = (states: ForeignStates | undefined) =>
  states && Object.fromEntries(Object.entries(states).map(([name, list]) => [name, Array.from(list)]));

/** The neurons of a Python file, in a process that runs until `close`. */
export class PythonNeurons {
  /** The file's neurons: its classes that have a `run`, or the keys of its dictionary `neurons`. */
  readonly names: readonly string[];
  /** What the file says in `versions`; else Python's own. */
  readonly versions: Readonly<Record<string, string>>;
  readonly #process: PythonProcess;

  /** Made by {@link pythonNeurons}. */
  constructor(process: PythonProcess) {
    this.#process = process;
    this.names = process.greeting.neurons;
    this.versions = process.greeting.versions;
  }

  /**
   * One of the neurons, as checkNeuron takes it: with the functions that its object has, and what it promises.
   * @param name needed where the file has several
   */
  async neuron(name?: string): Promise<ForeignNeuron> {
    const chosen = name ?? this.names[0]!;
    check(
      name === undefined ? this.names.length === 1 : this.names.includes(name),
      WHERE,
      () =>
        `${name === undefined ? 'which neuron?' : `no neuron ${name};`} there are ${this.names.join(' | ')}`,
    );
    const ask = <T>(way: Way | 'what', ...given: unknown[]) =>
      this.#process.ask(chosen, way, ...given) as Promise<T>;
    const { ways, promises } = await ask<{ ways: readonly Way[]; promises: Promises }>('what');
    const can = (way: Way) => ways.includes(way);
    return {
      name: chosen,
      ...promises,
      run: (currents, initial) => ask<ForeignRun>('run', currents, statesOf(initial) ?? null),
      ...(can('otherwise') && {
        otherwise: (currents: TensorData) => ask<ForeignRun>('otherwise', currents),
      }),
      ...(can('gradient') && {
        gradient: (currents: TensorData, weights: readonly number[]) =>
          ask<number[]>('gradient', currents, weights),
      }),
      ...(can('gradient_in_pieces') && {
        gradientInPieces: (currents: TensorData, weights: readonly number[], cut: number) =>
          ask<number[]>('gradient_in_pieces', currents, weights, cut),
      }),
      ...(can('smooth') && {
        smooth: (currents: TensorData, moved: readonly TensorData[]) =>
          ask<number[][]>('smooth', currents, moved),
      }),
    };
  }

  /** Lets the process end. */
  close(): Promise<void> {
    return this.#process.close();
  }
}

/**
 * Neurons of a Python file, whatever library they are of, for `checkNeuron` of `spikegrad/testing`. A neuron is a class
 * with `run(self, currents, initial)`; docs/testing.md has an example, and what else it may have.
 *
 * @param file its path
 * @throws when there is no such file or no such Python, or the file ends with an error: with the last that it wrote
 */
export async function pythonNeurons(
  file: string,
  options: PythonNeuronsOptions = {},
): Promise<PythonNeurons> {
  const { python } = pythonNeuronsOptions.read(WHERE, options);
  check(existsSync(file), WHERE, () => `no file ${file}`);
  const neurons = new PythonNeurons(await startPython(python, file));
  if (neurons.names.length > 0) return neurons;
  await neurons.close();
  check(false, WHERE, () => `${file} has no class with run(self, currents, initial)`);
  return neurons;
}
