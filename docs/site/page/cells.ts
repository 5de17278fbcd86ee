// The programs of a page: each cell runs in a worker of its own, can be stopped, and is edited where it stands. What
// runs and what edits is loaded when it is first asked for.

import type { Editor } from './editor';
import { type Kept, keptText } from './kept';
import { load } from './load';
import type { FromWorker } from './messages';
import { Printed } from './printed';
import { type Run, startRun } from './run';

/** Programs that are found in a cell and behind it. */
const textOf = (element: Element | null) => element?.querySelector('pre')?.textContent ?? '';

class Cell {
  /** As the page has it. */
  readonly #first: string;
  readonly #kept: Kept;
  readonly #printed: Printed;
  readonly #state: HTMLElement;
  #run: Run | undefined;
  #editor: Editor | undefined;

  constructor(
    readonly root: HTMLElement,
    place: string,
  ) {
    this.#first = textOf(root);
    this.#kept = keptText(place, this.#first);
    this.#printed = new Printed(this.#find('.printed'));
    this.#state = this.#find('.state');
    this.#on('.run', () => this.#start());
    this.#on('.stop', () => this.#stop());
    this.#on('.edit', () => void this.#edit());
    this.#on('.restore', () => this.#restore());
    this.#find('pre').addEventListener('dblclick', () => void this.#edit());
    this.#find('.bar').hidden = false;
    const own = this.#kept.read();
    if (own === undefined) return;
    this.#find('pre').textContent = own;
    this.#find('.restore').hidden = false;
    this.#show('As you left it.', false);
  }

  #find = (selector: string): HTMLElement => this.root.querySelector<HTMLElement>(selector)!;
  #on = (selector: string, act: () => void) => this.#find(selector).addEventListener('click', act);

  get #isExercise(): boolean {
    return this.root.dataset.kind === 'exercise';
  }

  get #text(): string {
    return this.#editor?.text ?? textOf(this.root);
  }

  /** What runs: the program, and behind that of an exercise its check. */
  get #programs(): string[] {
    if (!this.#isExercise) return [this.#text];
    const check = this.root.nextElementSibling;
    return [this.#text, textOf(check?.matches('.check') ? check : null)];
  }

  #start(): void {
    this.#run?.stop();
    this.#printed.clear();
    this.#show('Running …', true);
    this.#run = startRun(this.#programs, (message) => this.#hear(message));
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'printed') this.#printed.add(message.text);
    else if (message.kind === 'failed') this.#fail(message.text);
    else this.#show(this.#isExercise ? 'Right.' : 'Done.', false, 'right');
  }

  #fail(why: string): void {
    this.#printed.add(why, 'wrong');
    this.#show(this.#isExercise ? 'Not yet.' : 'An error.', false, 'wrong');
  }

  #stop(): void {
    this.#run?.stop();
    this.#show('Stopped.', false);
  }

  #show(word: string, isRunning: boolean, look = ''): void {
    this.#state.textContent = word;
    this.#state.dataset.look = look;
    const [shown, hidden] = (isRunning ? ['.stop', '.run'] : ['.run', '.stop']).map(this.#find);
    const hadFocus = document.activeElement === hidden;
    shown!.hidden = false;
    hidden!.hidden = true;
    if (hadFocus) shown!.focus(); // the keyboard stays where it was
  }

  async #edit(): Promise<void> {
    const button = this.#find('.edit');
    button.hidden = true;
    try {
      const { createCellEditor } = await load('edit', 'spikegradEditor');
      this.#editor ??= createCellEditor(this.#find('.text'), this.#text, {
        run: () => this.#start(),
        changed: (text) => this.#kept.write(text),
      });
      this.#find('.restore').hidden = false;
      this.#editor.focus();
    } catch (error) {
      button.hidden = false;
      this.#fail((error as Error).message);
    }
  }

  /** The program as it was, and nothing below it. */
  #restore(): void {
    this.#run?.stop();
    this.#printed.clear();
    this.#show('', false);
    if (this.#editor === undefined) this.#find('pre').textContent = this.#first;
    this.#editor?.setText(this.#first);
    this.#kept.write(this.#first);
  }
}

for (const [i, root] of document.querySelectorAll<HTMLElement>('.cell').entries())
  new Cell(root, `${location.pathname} ${i}`);
