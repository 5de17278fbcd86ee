// Making elements in one expression.

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

function furnish(made: Element, attributes: Attributes, children: readonly (Node | string)[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children);
}

/** An HTML element. An attribute that is `true` is set, one that is `false` or undefined is not. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  furnish(made, attributes, children);
  return made;
}

export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  furnish(made, attributes, children);
  return made;
}

let made = 0;

/** An id that no other element of the page has. */
export function freshId(kind: string): string {
  made += 1;
  return `${kind}-${made}`;
}
