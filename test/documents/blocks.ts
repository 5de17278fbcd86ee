// The code in README.md and docs/, block by block, with what the first line of a block says of it:
//
//   ```ts                      runs; what it prints stands in its comments behind an arrow, as in examples/
//   ```ts continues            goes on with the block before, as one program
//   ```sh                      each line is run or looked up (commands.test.ts)
//   ```ts no-run: the reason   is left alone, and so is ```sh no-run: the reason
//
// The chapters of docs/course have programs for the page, which test/site/course.test.ts runs as the page does.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export interface Block {
  /** From the root of the project, with the line of its first line: `docs/neuron.md:4`. */
  readonly place: string;
  readonly document: string;
  readonly language: string;
  /** The words behind the language. */
  readonly mark: string;
  readonly code: string;
}

const ROOT = resolve('.');

/** README.md and what lies in docs, as paths. */
export function documents(): string[] {
  const found = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  return [resolve('README.md'), ...found.sort().map((name) => resolve('docs', name))];
}

/** The fenced blocks of a text. @throws where one has no end */
export function blocksOf(document: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; fence: string; info: string; code: string[] } | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (open === undefined) {
      if (fence !== null) open = { line: i + 2, fence: fence[1]!, info: fence[2]!, code: [] };
    } else if (line.trimEnd() === open.fence) {
      const [, language, mark] = /^(\S*)\s*(.*)$/.exec(open.info)!;
      const place = `${document}:${open.line}`;
      blocks.push({ place, document, language: language!, mark: mark!, code: `${open.code.join('\n')}\n` });
      open = undefined;
    } else open.code.push(line);
  }
  if (open !== undefined) throw new Error(`${document}:${open.line - 1}: the block has no end`);
  return blocks;
}

/** All blocks of all documents. */
export function allBlocks(): Block[] {
  return documents().flatMap((path) => blocksOf(relative(ROOT, path), readFileSync(path, 'utf8')));
}

/** Whether a block is to be run. @throws where a mark is unknown, or one that leaves it alone gives no reason */
export function isRun({ mark, place }: Block): boolean {
  if (mark === '' || mark === 'continues') return true;
  if (/^no-run: \S/.test(mark)) return false;
  throw new Error(`${place}: "${mark}" is no mark; write \`continues\` or \`no-run: the reason\``);
}

/** A folder for what documents are made into. */
export const WORK = join(ROOT, '.cache', 'documents');

/** Whether it is a program of the course. */
const isOfCourse = ({ document, language }: Block) =>
  document.startsWith('docs/course/') && language === 'ts';

/** The blocks of TypeScript that run. */
export function snippets(): Block[] {
  return allBlocks().filter(
    (block) => /^(ts|typescript)$/.test(block.language) && !isOfCourse(block) && isRun(block),
  );
}

/** A snippet behind those that it continues. */
export function programOf(block: Block, all: readonly Block[]): string {
  if (block.mark !== 'continues') return block.code;
  const before = all[all.indexOf(block) - 1];
  if (before?.document !== block.document) throw new Error(`${block.place} has nothing to continue`);
  return programOf(before, all) + block.code;
}
