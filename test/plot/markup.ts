// A small check that text is well-formed markup: every tag closed in order, every attribute quoted, every reference
// known. Not a validator: it knows no element names beyond HTML's void ones.

const TAG = /^<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/;
const VOID = new Set(['meta', 'link', 'br', 'hr', 'img']);
const BAD_AMPERSAND = /&(?!(?:amp|lt|gt|quot|#39);)/;

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The elements in the order of their opening tags; throws where the markup is not well-formed. */
export function parseMarkup(markup: string): Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  let rest = markup.replace(/^<!doctype html>\n/, '');
  while (rest !== '') {
    const next = rest.indexOf('<');
    const text = next < 0 ? rest : rest.slice(0, next);
    if (BAD_AMPERSAND.test(text) && open.at(-1) !== 'style') throw new Error(`bare & in: ${text}`);
    if (open.length === 0 && text.trim() !== '') throw new Error(`text outside the root: ${text}`);
    if (next < 0) break;
    rest = rest.slice(next);
    const match = TAG.exec(rest);
    if (!match) throw new Error(`not a tag: ${rest.slice(0, 80)}`);
    const [whole, closing, name = '', attributeText = '', selfClosing] = match;
    rest = rest.slice(whole.length);
    if (closing) {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> closes <${expected}>`);
      continue;
    }
    elements.push({ name, attributes: parseAttributes(attributeText) });
    if (!selfClosing && !VOID.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return elements;
}

function parseAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, key = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (key in attributes) throw new Error(`attribute ${key} twice`);
    if (BAD_AMPERSAND.test(value)) throw new Error(`bare & in ${key}="${value}"`);
    attributes[key] = value;
  }
  return attributes;
}

// Attributes that carry words; all others are numbers, paths, colours or names of ours.
const WORDS = new Set(['aria-label', 'title']);

/** Parses a picture; throws also where an attribute that should be drawable holds NaN, Infinity or undefined. */
export function parsePicture(svg: string): Element[] {
  const elements = parseMarkup(svg);
  if (elements[0]?.name !== 'svg') throw new Error('the root is not <svg>');
  for (const { name, attributes } of elements) {
    for (const [key, value] of Object.entries(attributes)) {
      if (!WORDS.has(key) && /NaN|Infinity|undefined|null/.test(value))
        throw new Error(`<${name} ${key}="${value}">`);
      if ((key === 'width' || key === 'height' || key === 'r') && Number(value) < 0)
        throw new Error(`<${name} ${key}="${value}"> is negative`);
    }
  }
  return elements;
}

/** The elements of one name. */
export function named(elements: readonly Element[], name: string): Element[] {
  return elements.filter((element) => element.name === name);
}
