// Writes SVG elements as strings. Attribute values and text are escaped here; children are markup that other calls
// made.

import { check } from '../../errors';
import { figureCss, type Role, rolePaint } from '../theme';
import { escapeXml } from './escape';

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element. Numbers are rounded to 1/100 px; an attribute that is undefined is left out. */
export function el(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    open += ` ${key}="${typeof value === 'number' ? px(value) : escapeXml(value)}"`;
  }
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** A coordinate to 1/100 px. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}

export interface LabelOptions {
  readonly role?: Role;
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
  /** Degrees, about (x, y). */
  readonly rotate?: number;
}

/** A line of text with its baseline at (x, y). */
export function label(text: string, x: number, y: number, options: LabelOptions): string {
  const { role = 'muted', size, anchor, weight, rotate } = options;
  const transform = rotate === undefined ? undefined : `rotate(${px(rotate)} ${px(x)} ${px(y)})`;
  return el(
    'text',
    { ...rolePaint(role), x, y, 'font-size': size, 'text-anchor': anchor, 'font-weight': weight, transform },
    escapeXml(text),
  );
}

/** What a pointer shows when it rests on the element that contains this. */
export function tooltip(text: string): string {
  return el('title', {}, escapeXml(text));
}

export interface DocumentOptions {
  readonly title: string;
  /** What a reader who cannot see the picture should know. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** `group`: there are pictures in it, with descriptions of their own. Default `img`. */
  readonly role?: 'img' | 'group';
}

/**
 * A standalone SVG file, which also goes into an HTML page as it is: it has no ids and its CSS touches only figures.
 */
export function svgDocument(options: DocumentOptions, body: readonly string[]): string {
  const { title, description, width, height, role = 'img' } = options;
  return el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'sg-chart',
      viewBox: `0 0 ${px(width)} ${px(height)}`,
      width,
      height,
      role,
      'aria-label': title || undefined,
      'font-family': FONT,
    },
    el('title', {}, escapeXml(title)),
    el('desc', {}, escapeXml(description)),
    el('style', {}, figureCss()),
    el('rect', { ...rolePaint('surface'), width, height }),
    ...body,
  );
}

/** Refuses sizes that cannot hold a chart. */
export function checkSize(where: string, width: number, height: number): void {
  check(
    width >= 160 && width <= 4000 && height >= 120 && height <= 4000,
    where,
    () => `width and height must be 160..4000 and 120..4000 px, got ${width} x ${height}`,
  );
}
