// An option that goes by another framework's name: what it is called here, in the place of a guess by its letters.
// And a word that no option takes: where it may belong.

import { extname } from 'node:path';
import type { Command } from 'commander';
import { suggestion, translated } from '../../options';
import { pathOptions } from './paths';

/** Words for options that only commands have. */
const COMMAND_WORDS: Readonly<Record<string, readonly string[]>> = {
  strict: ['lenient'],
  model: ['checkpoint', 'arch'],
  net: ['checkpoint', 'arch'],
  weights: ['checkpoint'],
  ckpt: ['checkpoint'],
  pretrained: ['checkpoint'],
  'load-from': ['checkpoint'],
  root: ['data'],
  'data-dir': ['data'],
  'data-path': ['data'],
  'data-root': ['data'],
  output: ['out'],
  'output-dir': ['out'],
  'out-dir': ['out'],
  'save-dir': ['out'],
  'log-dir': ['out'],
  logdir: ['out'],
  'work-dir': ['out'],
  cpu: ['backend'],
  gpu: ['backend'],
  cuda: ['backend'],
  'no-cuda': ['backend'],
  channels: ['width'],
};

/** Words for what is no option because a neuron's equations say it. */
const NEURON_WORDS: ReadonlySet<string> = new Set([
  'tau',
  'tau-mem',
  'tau-syn',
  'beta',
  'alpha',
  'threshold',
  'vth',
  'v-th',
  'v-threshold',
  'v-reset',
  'reset',
  'reset-mechanism',
  'soft-reset',
  'hard-reset',
  'detach-reset',
  'decay-input',
  'learn-beta',
  'learn-threshold',
  'surrogate',
  'surrogate-function',
  'surrogate-gradient',
  'spike-grad',
]);

// without spaces, so that no break of a line gets into it
const NEURON_ADVICE =
  "constants, reset and surrogate of a neuron are written as its equations: --neuron '" +
  '{"equations":"h=tau*v+x\\nspikes=spike(h-vth)\\nv=h*(1-spikes)",' +
  '"parameters":{"tau":0.5,"vth":1},"surrogate":"arctan"}\'';

/** Adds to a command's complaint of an unknown option the word that this command line has for it. */
export function tellOurWord(command: Command): void {
  command.configureOutput({
    outputError(text, write) {
      if (/too many arguments/.test(text)) return write(strayWord(command) ?? text);
      const choice = /argument '(.*)' is invalid\. Allowed choices are (.*)\.\s*$/s.exec(text);
      if (choice !== null)
        return write(`${text.trimEnd().slice(0, -1)}${suggestion(choice[1]!, choice[2]!.split(', '))}\n`);
      const [, word] = /unknown option '--([\w-]+)/.exec(text) ?? [];
      const names = command.options.map((option) => option.attributeName());
      const own =
        word !== undefined && Object.hasOwn(COMMAND_WORDS, word)
          ? COMMAND_WORDS[word]!.find((name) => names.includes(name))
          : undefined;
      const here = own ?? (word === undefined ? undefined : translated(word, names));
      const flag = command.options.find((option) => option.attributeName() === here)?.long;
      const complaint = text.split('\n')[0]!.replace(/ \(Did you mean.*/, '');
      if (flag !== undefined) write(`${complaint}; it is called ${flag} here\n`);
      else if (NEURON_WORDS.has(word ?? '') && names.includes('neuron'))
        write(`${complaint}; ${NEURON_ADVICE}\n`);
      else write(text);
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
