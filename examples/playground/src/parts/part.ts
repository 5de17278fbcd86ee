// What every control has in common: an element for the page and a value that can be shown in it.

export interface Part<V> {
  readonly element: HTMLElement;
  /** Shows a value without telling anybody. */
  show(value: V): void;
  /** Whether it can be used now. */
  enable(enabled: boolean): void;
}
