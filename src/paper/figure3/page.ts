// Figure 3 as a page: the picture, the table, and what its numbers belong to.

import { htmlReport } from '../../plot';
import { FIGURE3_HEAD, type Figure3, figure3Cells } from '.';

export function figure3Page({ svg, rows, words }: Figure3): string {
  return htmlReport({
    title: 'Membrane potentials before and after rectification',
    facts: [],
    sections: [
      {
        heading: 'Average quantization error',
        text: words.join('\n\n'),
        figures: [{ svg, caption: 'H before and Ĥ after rectification, all time steps together.' }],
        table: { head: FIGURE3_HEAD, rows: rows.map(figure3Cells) },
      },
    ],
  });
}
