// The editor of a cell: prism-code-editor with undo, brackets and Tab. Loaded at the first edit.

import { createEditor } from 'prism-code-editor';
import { defaultCommands, editHistory } from 'prism-code-editor/commands';
import layout from 'prism-code-editor/layout.css';
import { matchBrackets } from 'prism-code-editor/match-brackets';
import 'prism-code-editor/prism/languages/typescript';

export interface Editor {
  readonly text: string;
  setText(text: string): void;
  focus(): void;
}

let isStyled = false;

function style(): void {
  if (isStyled) return;
  isStyled = true;
  const tag = document.createElement('style');
  tag.textContent = layout;
  document.head.prepend(tag); // the page's own rules come later
}

export interface EditorEvents {
  /** What Ctrl+Enter does. */
  run(): void;
  /** The text is another. */
  changed(text: string): void;
}

/** Puts an editor in the place of a cell's text. */
export function createCellEditor(place: HTMLElement, text: string, { run, changed }: EditorEvents): Editor {
  style();
  place.replaceChildren();
  const editor = createEditor(
    place,
    { language: 'typescript', value: text, tabSize: 2, insertSpaces: true, onUpdate: changed },
    matchBrackets(),
    defaultCommands(),
    editHistory(),
  );
  const { textarea } = editor;
  textarea.setAttribute('aria-label', 'Program; Ctrl+M lets Tab leave it, Ctrl+Enter runs it');
  textarea.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    run();
  });
  return {
    get text() {
      return editor.value;
    },
    setText: (value) => editor.setOptions({ value }),
    focus: () => textarea.focus(),
  };
}

(globalThis as { spikegradEditor?: unknown }).spikegradEditor = { createCellEditor };
