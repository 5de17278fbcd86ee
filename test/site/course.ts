// The programs of the course as its chapters have them. Not a test itself.

import { readdirSync, readFileSync } from 'node:fs';
import { type Block, blocksOf } from '../documents/blocks';

export interface Exercise {
  readonly place: string;
  readonly text: string;
  readonly check: string;
  readonly solution: string;
}

export interface Chapter {
  /** docs/course/01-time.md */
  readonly source: string;
  readonly programs: readonly Block[];
  readonly exercise: Exercise;
}

const FOLDER = 'docs/course';

/** @throws where a chapter has not just one exercise, with its check and its solution behind it */
function chapter(name: string): Chapter {
  const source = `${FOLDER}/${name}`;
  const blocks = blocksOf(source, readFileSync(source, 'utf8')).filter(({ language }) => language === 'ts');
  const marked = blocks.filter(({ mark }) => mark !== '');
  if (marked.map(({ mark }) => mark).join() !== 'exercise,check,solution')
    throw new Error(`${source} should end with an exercise, its check and a solution`);
  const [text, check, solution] = marked as [Block, Block, Block];
  return {
    source,
    programs: blocks.filter(({ mark }) => mark === ''),
    exercise: { place: text.place, text: text.code, check: check.code, solution: solution.code },
  };
}

/** All chapters, in order. */
export const chapters = (): Chapter[] =>
  readdirSync(FOLDER)
    .filter((name) => /^\d/.test(name))
    .sort()
    .map(chapter);

/** How many pictures a program prints. */
export const picturesOf = (code: string): number => [...code.matchAll(/console\.log\(\w+Chart\(/g)].length;
