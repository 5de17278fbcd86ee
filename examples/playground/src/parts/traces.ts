// Panels over one time axis, with one cursor through all of them: it follows the pointer.

import { element } from './element';
import { type TraceData, TracePanel, type TracePanelOptions } from './trace-panel';

export interface TracesOptions {
  /** What the traces show, for those who do not see them. */
  readonly label: string;
  readonly panels: readonly TracePanelOptions[];
  /** The pointer is over a time step. */
  readonly onCursor: (step: number) => void;
}

export interface Traces {
  readonly element: HTMLElement;
  readonly panels: readonly TracePanel[];
  /** One entry a panel. */
  show(data: readonly TraceData[]): void;
  moveCursor(step: number): void;
}

export function traces({ label, panels: options, onCursor }: TracesOptions): Traces {
  const panels = options.map((panel) => new TracePanel(panel));
  const root = element('div', { class: 'traces', role: 'group', 'aria-label': label });
  root.append(...panels.map((panel) => panel.element));
  root.addEventListener('pointermove', (event) => onCursor(panels[0]!.at(event.clientX, event.clientY).step));
  return {
    element: root,
    panels,
    show(data) {
      for (const [i, panel] of panels.entries()) panel.show(data[i]!);
    },
    moveCursor(step) {
      for (const panel of panels) panel.moveCursor(step);
    },
  };
}
