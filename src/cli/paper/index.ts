// `spikegrad paper`: the paper's figures and its table, made anew.

import { Command } from 'commander';
import { dynamicsCommand } from './dynamics';
import { figure2Command } from './figure2';
import { figure3Command } from './figure3';
import { gradientsCommand } from './gradients';
import { table1Command } from './table1';

export function paperCommand(): Command {
  const paper = new Command('paper').description(
    'make the figures and the table of the paper anew, and measure what it says',
  );
  for (const command of [
    figure2Command(),
    figure3Command(),
    table1Command(),
    gradientsCommand(),
    dynamicsCommand(),
  ])
    paper.addCommand(command);
  return paper;
}
