// A cell's process that was killed, by the system for want of memory or by somebody: no word about the cell itself.

import { SpikegradError } from '../../../errors';

export class CellDiedError extends SpikegradError {
  /** @param complaints what it wrote to standard error */
  constructor(signal: NodeJS.Signals, complaints: string) {
    super('paper', `the process of a cell ended with ${signal}${complaints && `: ${complaints}`}`);
  }
}
