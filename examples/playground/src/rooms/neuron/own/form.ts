// The form of the equations: differential ones, or the step of differences that they become, at a click and back.

import { element } from '../../../parts/element';
import { fromJson, isDifferential, toJson, type Written } from './written';

export interface FormControl {
  readonly element: HTMLElement;
  /** @param isSound whether the equations can be read: others have no other form */
  show(written: Written, isSound: boolean): void;
  /** The step that was asked for has come. */
  take(own: string): void;
}

export interface FormEvents {
  now(): Written;
  /** Asks for the step of the equations of now. */
  ask(own: string): void;
  onChange(next: Written): void;
}

export function formControl({ now, ask, onChange }: FormEvents): FormControl {
  /** A step, and the differential equations that it came from. */
  let made: { readonly step: string; readonly from: string } | undefined;
  const button = element('button', { type: 'button', class: 'quiet' });
  button.addEventListener('click', () => {
    const own = toJson(now());
    if (isDifferential(now().equations)) ask(own);
    else if (made?.step === own) onChange(fromJson(made.from)!);
  });
  return {
    element: button,
    show(written, isSound) {
      const own = toJson(written);
      const isOfDerivatives = isDifferential(written.equations);
      button.hidden = !(isOfDerivatives || made?.step === own);
      button.disabled = !isSound;
      button.textContent = isOfDerivatives
        ? 'Show as a step of differences'
        : 'Back to the differential equations';
    },
    take(own) {
      const step = fromJson(own)!;
      made = { step: toJson(step), from: toJson(now()) };
      onChange(step);
    },
  };
}
