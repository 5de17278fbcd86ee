#!/usr/bin/env node
// The `spikegrad` command.

import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { dataCommand } from './data';
import { doctorCommand } from './doctor';
import { evalCommand } from './eval';
import { EXIT, reportError } from './exit';
import { exportCommand } from './export';
import { tellOurWord } from './foreign-words';
import { infoCommand } from './info';
import { inspectCommand } from './inspect';
import { paperCommand } from './paper';
import { cellProcessCommand } from './paper/cell-process';
import { understandHome } from './paths';
import { predictCommand } from './predict';
import { columnsOf } from './terminal';
import { trainCommand } from './train';
import { workerCommand } from './worker';
import { reflow } from './wrap';

const program = new Command('spikegrad')
  .description('Train and study spiking neural networks.')
  .version(version)
  .showSuggestionAfterError()
  .addHelpText('after', '\nExamples:\n  $ spikegrad train\n  $ spikegrad train --help');

for (const command of [
  trainCommand(),
  evalCommand(),
  predictCommand(),
  inspectCommand(),
  exportCommand(),
  paperCommand(),
  workerCommand(),
  infoCommand(),
  doctorCommand(),
  dataCommand(),
]) {
  program.addCommand(command);
}
program.addCommand(cellProcessCommand(), { hidden: true });

/** Errors of usage are thrown instead of ending the process, so that they have an exit code of their own. */
function throwOnUsage(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwOnUsage(child);
}
throwOnUsage(program);

/** Help and complaints as wide as the terminal, words whole. */
function fitToTerminal(command: Command): void {
  const fitted = (stream: NodeJS.WriteStream) => (text: string) =>
    void stream.write(reflow(text, columnsOf(stream)));
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
