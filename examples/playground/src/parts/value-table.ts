// Numbers as a table: what a chart shows, for those who would rather read it or copy it. Every number stands in a
// <data> element with all its digits.

import { element } from './element';
import { reading } from './reading';

export interface Column {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface ValueTable {
  readonly element: HTMLElement;
  show(columns: readonly Column[]): void;
}

/** @param rowName what a row is, such as "time step"; rows are counted from 1 */
export function valueTable(caption: string, rowName: string): ValueTable {
  const table = element('table');
  const scroller = element(
    'div',
    { class: 'table-scroller', tabindex: 0, role: 'region', 'aria-label': caption },
    table,
  );
  const root = element('details', { class: 'value-table' }, element('summary', {}, caption), scroller);
  let columns: readonly Column[] = [];
  const fill = () => {
    if (!root.open) return; // hundreds of cells that nobody sees
    const head = element(
      'tr',
      {},
      ...[rowName, ...columns.map(({ name }) => name)].map((name) => element('th', { scope: 'col' }, name)),
    );
    const rows = Array.from({ length: columns[0]?.values.length ?? 0 }, (_, row) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, String(row + 1)),
        ...columns.map(({ values }) => {
          const value = values[row]!;
          return element('td', {}, element('data', { value }, reading(value)));
        }),
      ),
    );
    table.replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows));
  };
  root.addEventListener('toggle', fill);
  return {
    element: root,
    show(next) {
      columns = next;
      fill();
    },
  };
}
