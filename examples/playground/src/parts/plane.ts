// A square piece of the plane: a picture of numbers over it, points of two classes, and a crosshair that follows the
// pointer.

import { element, svgElement } from './element';
import { heat, type Palette } from './heat';

export interface PlaneOptions {
  /** Cells of the picture along a side. */
  readonly side: number;
  /** How far it reaches from the middle. */
  readonly reach: number;
  readonly onPoint: (x: number, y: number) => void;
}

export interface PlanePoints {
  /** x and y of each. */
  readonly places: ArrayLike<number>;
  /** 0 or 1. */
  readonly labels: ArrayLike<number>;
}

export interface Plane {
  readonly element: HTMLElement;
  /** @param words the picture for those who do not see it */
  paint(value: (index: number) => number, palette: Palette, words: string): void;
  /** @param more drawn hollow */
  showPoints(points: PlanePoints, more?: PlanePoints): void;
  moveCross(x: number, y: number): void;
}

/** Size of a point. */
const R = 0.028;

/** A circle for class 0, a diamond for class 1: form tells them apart where colour does not. */
const outline = (x: number, y: number, label: number): string =>
  label === 0
    ? `M${x - R},${-y}a${R},${R} 0 1 0 ${2 * R},0a${R},${R} 0 1 0 ${-2 * R},0z`
    : `M${x},${-y - 1.3 * R}l${1.3 * R},${1.3 * R}l${-1.3 * R},${1.3 * R}l${-1.3 * R},${-1.3 * R}z`;

export function plane({ side, reach, onPoint }: PlaneOptions): Plane {
  const picture = heat(side);
  const kinds = ['class-0', 'class-1', 'class-0 hollow', 'class-1 hollow'];
  const paths = kinds.map((kind) => svgElement('path', { class: kind }));
  const cross = svgElement('path', { class: 'cross' });
  const svg = svgElement(
    'svg',
    { viewBox: `${-reach} ${-reach} ${2 * reach} ${2 * reach}`, role: 'img' },
    ...paths,
    cross,
  );
  const root = element('div', { class: 'plane' }, picture.canvas, svg);
  const point = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = svg.getBoundingClientRect();
    onPoint(((2 * (clientX - left)) / width - 1) * reach, (1 - (2 * (clientY - top)) / height) * reach);
  };
  root.addEventListener('pointermove', point);
  root.addEventListener('pointerdown', point);
  const draft = ({ places, labels }: PlanePoints, label: number) =>
    Array.from(labels, (of, i) =>
      of === label ? outline(places[2 * i]!, places[2 * i + 1]!, label) : '',
    ).join('');
  return {
    element: root,
    paint(value, palette, words) {
      picture.paint(value, palette);
      svg.setAttribute('aria-label', words);
    },
    showPoints(points, more) {
      paths.forEach((path, i) => {
        const list = i < 2 ? points : more;
        path.setAttribute('d', list === undefined ? '' : draft(list, i % 2));
      });
    },
    moveCross(x, y) {
      const [gap, arm] = [0.05, 0.16];
      const arms = [
        `M${x - arm},${-y}h${arm - gap}`,
        `M${x + gap},${-y}h${arm - gap}`,
        `M${x},${-y - arm}v${arm - gap}`,
        `M${x},${-y + gap}v${arm - gap}`,
      ];
      cross.setAttribute('d', arms.join(''));
    },
  };
}
