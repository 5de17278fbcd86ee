// What max pooling and convolutions in groups share here: every pair of a window and a pixel under it.

import { endTap, firstTap, type WindowGrid } from '../windows';

/**
 * Calls `visit` for each window, and `each` of it for every pixel under it, row by row. Places are those of the first
 * channel; `tap` is row·columns + column of the window.
 */
export function forEachWindow(
  g: WindowGrid,
  visit: (window: number, each: (use: (pixel: number, tap: number) => void) => void) => void,
): void {
  const { rows, columns } = g;
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      const [top, down, bottom] = [
        oy * rows.stride - rows.padding,
        firstTap(rows, oy),
        endTap(rows, oy, g.height),
      ];
      for (let ox = 0; ox < g.outWidth; ox++) {
        const left = ox * columns.stride - columns.padding;
        const [across, right] = [firstTap(columns, ox), endTap(columns, ox, g.width)];
        visit((n * g.outHeight + oy) * g.outWidth + ox, (use) => {
          for (let i = down; i < bottom; i++) {
            const line = (n * g.height + top + i * rows.dilation) * g.width;
            for (let j = across; j < right; j++)
              use((line + left + j * columns.dilation) * g.channels, i * columns.size + j);
          }
        });
      }
    }
  }
}
