#!/usr/bin/env node
// The `spikegrad` command.

import nodeModule from 'node:module';
import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { printable } from '../printable';
import { tellOurWord } from './arguments/foreign-words';
import { understandHome } from './arguments/paths';
import { COMMANDS } from './commands';
import { EXIT, reportError } from './exit';
import { addCommands } from './lazy';
import { columnsOf } from './terminal';
import { reflow } from './terminal/wrap';

const program = new Command('spikegrad')
  .description('Train and study spiking neural networks.')
  .version(version)
  .showSuggestionAfterError()
  .addHelpText('after', '\nExamples:\n  $ spikegrad train\n  $ spikegrad train --help');

// from Node 22 on: a command's code is compiled once, not at every start
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
await addCommands(program, COMMANDS, process.argv.slice(2));

/** Errors of usage are thrown instead of ending the process, so that they have an exit code of their own. */
function throwOnUsage(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwOnUsage(child);
}
throwOnUsage(program);

/** Help and complaints as wide as the terminal, words whole. */
function fitToTerminal(command: Command): void {
  const fitted = (stream: NodeJS.WriteStream) => (text: string) =>
    void stream.write(reflow(printable(text), columnsOf(stream)));
  command.configureOutput({
    getOutHelpWidth: () => columnsOf(process.stdout),
    getErrHelpWidth: () => columnsOf(process.stderr),
    writeOut: fitted(process.stdout),
    writeErr: fitted(process.stderr),
  });
  for (const child of command.commands) fitToTerminal(child);
}
fitToTerminal(program);
for (const command of [program, ...program.commands.flatMap((child) => [child, ...child.commands])]) {
  tellOurWord(command);
  understandHome(command);
}

// a reader that has seen enough (`| head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else process.exitCode = reportError(error);
}
