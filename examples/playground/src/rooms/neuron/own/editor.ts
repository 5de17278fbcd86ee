// The equations, to be typed: a text field that is clear, over the same text with a wavy line under a mistake; below it
// the sentence that mends it.

import { element, freshId } from '../../../parts/element';
import { mistakeInWords } from './mistake-words';
import type { Mistake } from './studio/messages';

export interface EditorEvents {
  onText(text: string): void;
  /** A name is to be a constant. */
  onConstant(name: string): void;
}

export interface Editor {
  readonly element: HTMLElement;
  /** @param isOwn whether the text is what was typed just now, which stays as it is */
  show(text: string): void;
  showMistake(mistake: Mistake | undefined): void;
  focus(): void;
}

/** Lines that the field has at least. */
const LINES = 4;

export function editor({ onText, onConstant }: EditorEvents): Editor {
  const id = freshId('equations');
  const told = element('p', { id: `${id}-mistake`, class: 'mistake', role: 'status' });
  const under = element('pre', { class: 'under', 'aria-hidden': 'true' });
  const field = element('textarea', {
    id,
    class: 'equations-field',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    rows: LINES,
    'aria-describedby': `${id}-mistake`,
  });
  let mistake: Mistake | undefined;

  function draw(): void {
    const { value } = field;
    field.rows = Math.max(LINES, value.split('\n').length + 1);
    const place = mistake?.place;
    if (place === undefined) under.replaceChildren(value);
    else {
      // a mistake at the end of a line has nothing to stand under
      const piece = value.slice(place.start, place.end).replace(/^\n?$/, ' ');
      const rest = value.slice(place.start).startsWith('\n')
        ? value.slice(place.start)
        : value.slice(place.end);
      under.replaceChildren(value.slice(0, place.start), element('mark', {}, piece), rest);
    }
    under.append('\n');
    follow();
  }
  const follow = () => {
    under.scrollTo(field.scrollLeft, field.scrollTop);
  };

  field.addEventListener('input', () => {
    draw();
    onText(field.value);
  });
  field.addEventListener('scroll', follow);
  return {
    element: element(
      'div',
      { class: 'editor' },
      element('label', { for: id }, 'Equations of a step, in order'),
      element('div', { class: 'sheet-of-text' }, under, field),
      told,
    ),
    show(text) {
      if (field.value === text) return;
      field.value = text;
      draw();
    },
    showMistake(next) {
      mistake = next;
      field.setAttribute('aria-invalid', String(next !== undefined));
      told.replaceChildren(...(next === undefined ? [] : mistakeInWords(next, onConstant)));
      draw();
    },
    focus: () => field.focus(),
  };
}
