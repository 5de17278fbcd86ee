// An option that goes by another framework's name: what it is called here, in the place of a guess by its letters.
// And a word that no option takes: where it may belong.

import { extname } from 'node:path';
import type { Command } from 'commander';
import { translated } from '../../options';
import { pathOptions } from './paths';

/** Words for options that only commands have. */
const COMMAND_WORDS: Readonly<Record<string, string>> = {
  strict: 'lenient',
  model: 'checkpoint',
  weights: 'checkpoint',
  ckpt: 'checkpoint',
  'load-from': 'checkpoint',
  root: 'data',
  'data-dir': 'data',
  'data-root': 'data',
};

/** Adds to a command's complaint of an unknown option the word that this command line has for it. */
export function tellOurWord(command: Command): void {
  command.configureOutput({
    outputError(text, write) {
      if (/too many arguments/.test(text)) return write(strayWord(command) ?? text);
      const [, word] = /unknown option '--([\w-]+)/.exec(text) ?? [];
      const names = command.options.map((option) => option.attributeName());
      const own = word !== undefined && Object.hasOwn(COMMAND_WORDS, word) ? COMMAND_WORDS[word]! : undefined;
      const here = own ?? (word === undefined ? undefined : translated(word, names));
      const flag = command.options.find((option) => option.attributeName() === here)?.long;
      if (flag === undefined) return write(text);
      const [complaint] = text.split('\n');
      write(`${complaint!.replace(/ \(Did you mean.*/, '')}; it is called ${flag} here\n`);
    },
  });
}

/** `error: './cifar10' stands alone; say what it is: --data ./cifar10, …` */
function strayWord(command: Command): string | undefined {
  const word = command.args[command.registeredArguments.length];
  const isFile = extname(word ?? '') !== '';
  const flags = pathOptions(command)
    .filter(({ flags: text }) => isFile || !text.endsWith('<file>'))
    .map(({ long }) => long);
  if (word === undefined || flags.length === 0) return undefined;
  return `error: '${word}' stands alone; say what it is: ${flags.map((flag) => `${flag} ${word}`).join(', or ')}\n`;
}
