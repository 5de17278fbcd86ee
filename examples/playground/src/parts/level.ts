// A line across a chart at one value of an axis, with its name, that can be dragged along the axis.

import { svgElement } from './element';
import type { PlotArea } from './plot-area';

export class Level {
  readonly #line = svgElement('path', { class: 'level' });
  readonly #grip: SVGPathElement;
  readonly #name: SVGTextElement;

  /**
   * @param axis that the value belongs to: 'y' makes a horizontal line
   * @param onDrag told the value under the pointer
   */
  constructor(
    private readonly area: PlotArea,
    name: string,
    private readonly axis: 'x' | 'y',
    onDrag: (value: number) => void,
  ) {
    const grip = svgElement('path', { class: `grip ${axis}` });
    this.#grip = grip;
    this.#name = svgElement('text', { class: `level-name ${axis}` }, name);
    area.marks.append(this.#line);
    area.above.prepend(this.#name, grip);
    grip.addEventListener('pointerdown', (event) => {
      if (event.button === 0) grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener('pointermove', (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const { left, top } = area.svg.getBoundingClientRect();
      onDrag(axis === 'y' ? area.y.invert(event.clientY - top) : area.x.invert(event.clientX - left));
    });
  }

  show(value: number): void {
    const { x, y } = this.area;
    const [left, right] = x.range() as [number, number];
    const [bottom, top] = y.range() as [number, number];
    const path = this.axis === 'y' ? `M${left},${y(value)}H${right}` : `M${x(value)},${top}V${bottom}`;
    this.#line.setAttribute('d', path);
    this.#grip.setAttribute('d', path);
    const [nameX, nameY] = this.axis === 'y' ? [right, y(value) - 4] : [x(value) - 5, top + 10];
    this.#name.setAttribute('x', String(nameX));
    this.#name.setAttribute('y', String(nameY));
  }
}
