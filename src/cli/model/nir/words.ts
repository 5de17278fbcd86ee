// What commands are told of a NIR graph that its file may not say: --nir, --dt, --convention.

import { type Command, Option } from 'commander';
import type { NirConvention } from '../../../interop/nir';
import { NIR_CONVENTIONS } from '../../../interop/nir/convention';
import { realNumber } from '../../arguments';

export interface NirWords {
  readonly nir?: string;
  /** Seconds of a time step. */
  readonly dt?: number;
  /** The tool that wrote it. */
  readonly convention?: NirConvention;
}

export function addNirWords(command: Command): Command {
  return command
    .option('--nir <file>', 'a NIR graph, of this or another framework')
    .option(
      '--dt <seconds>',
      "with --nir: seconds of a time step (default: what the file says, else the convention's)",
      realNumber(0, false),
    )
    .addOption(
      new Option(
        '--convention <tool>',
        "with --nir: the tool that wrote it, for what a file cannot tell (default: nir, the format's own equations)",
      ).choices(NIR_CONVENTIONS),
    );
}

/** @throws as wrong usage where there is no graph that they could be of */
export function refuseNirWords({ dt, convention }: NirWords, command: Command): void {
  if (dt !== undefined) command.error("error: '--dt <seconds>' goes with '--nir <file>'");
  if (convention !== undefined) command.error("error: '--convention <tool>' goes with '--nir <file>'");
}
