// A square of numbers from 0 to 1 as a picture. Colours are hue and opacity alone, so that it lies on any surface.

import { element } from './element';

type Colour = readonly [red: number, green: number, blue: number];

/** Hues of Okabe and Ito (2008): blue and orange for two classes, vermilion for spikes. */
const BLUE: Colour = [0, 114, 178];
const ORANGE: Colour = [230, 159, 0];
const VERMILION: Colour = [213, 94, 0];

export type Palette = 'classes' | 'rate';

/** Even where it is certain, points of the same hue must be seen on it. */
const STRONGEST = 0.78;

const shade: Record<Palette, (value: number) => readonly [Colour, number]> = {
  classes: (value) => [value < 0.5 ? BLUE : ORANGE, Math.abs(2 * value - 1) * STRONGEST],
  rate: (value) => [VERMILION, value],
};

const LEVELS = 255;

/** Pixels of 0 to LEVELS: a picture of thousands of cells is looked up, not computed. */
function pixelsOf(palette: Palette): Uint32Array {
  const bytes = new Uint8Array(4 * (LEVELS + 1));
  for (let level = 0; level <= LEVELS; level++) {
    const [colour, opacity] = shade[palette](level / LEVELS);
    bytes.set([...colour, Math.round(255 * opacity)], 4 * level);
  }
  return new Uint32Array(bytes.buffer);
}

const pixels: Record<Palette, Uint32Array> = { classes: pixelsOf('classes'), rate: pixelsOf('rate') };

export interface Heat {
  readonly canvas: HTMLCanvasElement;
  /** @param value of the cell at an index, rows from top to bottom */
  paint(value: (index: number) => number, palette: Palette): void;
}

/** @param side cells along a side */
export function heat(side: number): Heat {
  const canvas = element('canvas', { width: side, height: side, 'aria-hidden': 'true' });
  const pen = canvas.getContext('2d');
  const image = pen?.createImageData(side, side);
  return {
    canvas,
    paint(value, palette) {
      if (pen === null || image === undefined) return; // no canvas here: the words say it
      const cells = new Uint32Array(image.data.buffer);
      const shades = pixels[palette];
      for (let i = 0; i < cells.length; i++) cells[i] = shades[Math.round(value(i) * LEVELS)]!;
      pen.putImageData(image, 0, 0);
    },
  };
}
