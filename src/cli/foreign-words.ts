// An option that goes by another framework's name: what it is called here, in the place of a guess by its letters.

import type { Command } from 'commander';
import { translated } from '../options';

/** Adds to a command's complaint of an unknown option the word that this command line has for it. */
export function tellOurWord(command: Command): void {
  command.configureOutput({
    outputError(text, write) {
      const [, word] = /unknown option '--([\w-]+)/.exec(text) ?? [];
      const names = command.options.map((option) => option.attributeName());
      const here = word === undefined ? undefined : translated(word, names);
      const flag = command.options.find((option) => option.attributeName() === here)?.long;
      if (flag === undefined) return write(text);
      const [complaint] = text.split('\n');
      write(`${complaint!.replace(/ \(Did you mean.*/, '')}; it is called ${flag} here\n`);
    },
  });
}
