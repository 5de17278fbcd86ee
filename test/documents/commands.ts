// What a shell line of a document becomes in a test: `spikegrad` runs with small limits in a folder that has what the
// line asks for; of what installs, builds or serves it is only looked up that it exists.

import { existsSync, readFileSync } from 'node:fs';

/** The commands of a block, one by one, without remarks; `\` at the end of a line goes on in the next. */
export function commandsOf(code: string): string[] {
  return code
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap((line) => line.split(/\s*&&\s*/))
    .filter((command) => command !== '');
}

const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!);

/** The words behind `npx spikegrad`; undefined where it is another command. */
export function spikegradWords(command: string): string[] | undefined {
  const words = wordsOf(command);
  if (words[0] === 'npx') words.shift();
  return words.shift() === 'spikegrad' ? words : undefined;
}

/** Everything that training takes to be over at once. */
export const TRAINING = '--limit 16 --batch 8 --epochs 1 --width 2 --timesteps 1 --threads 1'.split(' ');

/** What makes a command small; the later word counts. */
const SMALL: Readonly<Record<string, readonly string[]>> = {
  train: TRAINING,
  eval: '--limit 16 --batch 8 --threads 1'.split(' '),
  predict: [],
  inspect: [],
  info: [],
  doctor: ['--threads', '1', '--checks', 'rounding'],
  export: [],
  compile: [],
  'paper figure2': [],
  'paper figure3': '--images 8 --batch 8 --threads 1'.split(' '),
  'paper table1': [...TRAINING, ...'--mpr none --seeds 0 --jobs 1'.split(' ')],
  'paper gradients': '--width 2 --timesteps 1 --batches 1 --batch 8 --threads 1'.split(' '),
  'paper claims': [],
  'paper dynamics': [...TRAINING, ...'--seeds 0 --batches 1'.split(' ')],
};

/** @throws where nobody has said how the command is made small */
export function small(words: readonly string[]): string[] {
  const name = words[0] === 'paper' ? words.slice(0, 2).join(' ') : words[0]!;
  const more = SMALL[name];
  if (more === undefined)
    throw new Error(`spikegrad ${name} has no small form in test/documents/commands.ts`);
  // a run that goes on keeps its settings
  if (words.includes('--resume')) return [...words, '--threads', '1'];
  const arms = name !== 'paper gradients' || words.includes('--arms') ? [] : ['--k', '1'];
  const training = words.includes('--epochs') ? ['--epochs', '1', '--limit', '16'] : [];
  return [...words, ...more, ...arms, ...training];
}

/** What is wrong with a command that is not run: it names what is not there, or nobody knows it. */
export function wrongIn(command: string): string | undefined {
  const [program, ...words] = wordsOf(command);
  const file = (path = 'such file') =>
    existsSync(path.replace(/^node_modules\/spikegrad\//, '')) ? undefined : `there is no ${path}`;
  switch (program) {
    case 'npm': {
      if (/^(ci|i|install|pack)$/.test(words[0] ?? '')) return undefined;
      const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
      const script = words[0] === 'run' ? words[1] : words[0];
      return script !== undefined && script in scripts ? undefined : `there is no script ${script}`;
    }
    case 'npx':
      return words[0] === 'tsx' ? file(words[1]) : `nobody knows how to check npx ${words[0]}`;
    case 'node':
      return file(words[0]);
    case 'cd':
    case 'mkdir':
      return undefined;
    case 'git':
      return words[0] === 'clone' ? undefined : `nobody knows how to check git ${words[0]}`;
    default:
      return `nobody knows how to check ${program}`;
  }
}
