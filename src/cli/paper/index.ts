// `spikegrad paper`: the paper's table, made anew.

import { Command } from 'commander';
import { table1Command } from './table1';

export function paperCommand(): Command {
  const paper = new Command('paper').description('make the table of the paper anew');
  for (const command of [table1Command()]) paper.addCommand(command);
  return paper;
}
