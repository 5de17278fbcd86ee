// A training in words.

import type { Ready } from './messages';

const HELD = {
  drawn: 'drawn for testing',
  'own file': 'of your test file',
  'held back': 'held back for testing, the last of your file',
} as const;

export function describe({ parameters, train, test, held }: Ready): string {
  const count = (value: number) => value.toLocaleString('en');
  return `${count(parameters)} parameters; ${count(train)} images to learn from, ${count(test)} ${HELD[held]}`;
}
