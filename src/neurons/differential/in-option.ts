// Texts that stand in options: their mistakes bear the option's name, since line and column are those of that text.

import { EquationError } from '../text/mistake';

/** Mistakes in the name of an option. */
export function inOption<T>(option: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof EquationError ? error.in(`neuron: ${option}`) : error;
  }
}
