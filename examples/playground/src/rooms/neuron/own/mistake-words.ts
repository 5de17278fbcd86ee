// A mistake in words, beside the text in which it stands; a name that is missing can be made a constant at once.

import { element } from '../../../parts/element';
import type { Mistake } from './studio/messages';

/** @param onConstant a name is to be a constant */
export function mistakeInWords(
  { words, place, beside, unknown }: Mistake,
  onConstant: (name: string) => void,
): (Node | string)[] {
  const at =
    place !== undefined
      ? `Line ${place.line}, column ${place.column}: `
      : beside !== undefined
        ? `Column ${beside.column}: `
        : undefined;
  const where = at === undefined ? [] : [element('strong', {}, at)];
  if (unknown === undefined) return [...where, words];
  const button = element('button', { type: 'button', class: 'quiet' }, `Make ${unknown} a constant`);
  button.addEventListener('click', () => onConstant(unknown));
  return [...where, words, ' ', button];
}
