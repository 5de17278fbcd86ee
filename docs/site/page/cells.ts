// The programs of a page: each cell runs in a worker of its own, can be stopped, and is edited where it stands. What
// runs and what edits is loaded when it is first asked for.

import type { Editor } from './editor';
import { load } from './load';
import { Printed } from './printed';
import { type Run, startRun } from './run';

/** Programs that are found in a cell and behind it. */
const textOf = (element: Element | null) => element?.querySelector('pre')?.textContent ?? '';

class Cell {
  readonly #first: string;
  readonly #printed: Printed;
  readonly #state: HTMLElement;
  #run: Run | undefined;
  #editor: Editor | undefined;

  constructor(readonly root: HTMLElement) {
    this.#first = textOf(root);
    this.#printed = new Printed(this.#find('.printed'));
    this.#state = this.#find('.state');
    this.#on('.run', () => void this.#start());
    this.#on('.stop', () => this.#stop('Stopped.'));
    this.#on('.edit', () => void this.#edit());
    this.#on('.restore', () => this.#editor?.setText(this.#first));
    this.#find('pre').addEventListener('dblclick', () => void this.#edit());
    this.#find('.bar').hidden = false;
  }

  #find = (selector: string): HTMLElement => this.root.querySelector<HTMLElement>(selector)!;
  #on = (selector: string, act: () => void) => this.#find(selector).addEventListener('click', act);

  get #isExercise(): boolean {
    return this.root.dataset.kind === 'exercise';
  }

  /** What runs: the program, and behind that of an exercise its check. */
  get #programs(): string[] {
    const program = this.#editor?.text ?? this.#first;
    if (!this.#isExercise) return [program];
    const check = this.root.nextElementSibling;
    return [program, textOf(check?.matches('.check') ? check : null)];
  }

  async #start(): Promise<void> {
    this.#stop('');
    this.#printed.clear();
    this.#show('Running …', true);
    try {
      this.#run = await startRun(this.#programs, (text) => this.#printed.add(text));
      await this.#run.ended;
      this.#show(this.#isExercise ? 'Right.' : 'Done.', false, 'right');
    } catch (error) {
      this.#printed.add(error instanceof Error ? error.message : String(error), 'wrong');
      this.#show(this.#isExercise ? 'Not yet.' : 'An error.', false, 'wrong');
    }
    this.#run = undefined;
  }

  #stop(word: string): void {
    if (this.#run === undefined) return;
    this.#run.stop();
    this.#run = undefined;
    this.#show(word, false);
  }

  #show(word: string, isRunning: boolean, look = ''): void {
    this.#state.textContent = word;
    this.#state.dataset.look = look;
    this.#find('.run').hidden = isRunning;
    this.#find('.stop').hidden = !isRunning;
  }

  async #edit(): Promise<void> {
    const button = this.#find('.edit');
    button.hidden = true;
    const { createCellEditor } = await load('edit', 'spikegradEditor');
    this.#editor ??= createCellEditor(this.#find('.text'), this.#first, () => void this.#start());
    this.#find('.restore').hidden = false;
    this.#editor.focus();
  }
}

for (const root of document.querySelectorAll<HTMLElement>('.cell')) new Cell(root);
