// Colours of figures and report. Series take the palette of Okabe and Ito (2008), which stays distinct for colour-blind
// eyes; light and dark order it differently, so that every line has contrast 3:1 against its background where it can.
// Figures carry the light colours as attributes, which every renderer knows, and the dark ones as CSS.

import { oneOf } from '../options';

/** A colour in light and in dark surroundings. */
export interface Shade {
  readonly light: string;
  readonly dark: string;
}

/** Okabe-Ito. Yellow would vanish on white and black on black, so those two share a place, as blue and sky blue do. */
export const SERIES: readonly Shade[] = [
  { light: '#0072B2', dark: '#56B4E9' }, // blue, sky blue
  { light: '#D55E00', dark: '#D55E00' }, // vermillion
  { light: '#009E73', dark: '#009E73' }, // bluish green
  { light: '#CC79A7', dark: '#CC79A7' }, // reddish purple
  { light: '#E69F00', dark: '#E69F00' }, // orange
  { light: '#56B4E9', dark: '#0072B2' }, // sky blue, blue
  { light: '#000000', dark: '#F0E442' }, // black, yellow
];

/**
 * Everything that is not a series. `onHeat` is text on a strongly filled heatmap cell, `midHeat` on a half filled
 * one, where dark text is the readable one in both modes. `charged` and `rectified` are H and Ĥ wherever they are
 * drawn, in the playground too.
 */
export const ROLES = {
  page: { light: '#f6f8fa', dark: '#0d1117' },
  surface: { light: '#ffffff', dark: '#161b22' },
  ink: { light: '#1f2328', dark: '#e6edf3' },
  muted: { light: '#59636e', dark: '#9aa4af' },
  axis: { light: '#818b98', dark: '#6e7681' },
  grid: { light: '#e4e7eb', dark: '#2d333b' },
  heat: { light: '#00508a', dark: '#6cc3f5' },
  midHeat: { light: '#1f2328', dark: '#0d1117' },
  onHeat: { light: '#ffffff', dark: '#0d1117' },
  charged: { light: '#3f4954', dark: '#d3dae2' },
  rectified: { light: '#0072b2', dark: '#56b4e9' },
} as const satisfies Record<string, Shade>;

export type Role = keyof typeof ROLES;

/**
 * Colours of an ordered family of lines, from its first to its last: blue over purple to vermillion, the two ends of
 * the palette above. All of them have contrast 3:1 on the light and on the dark surface, so they need no second
 * shade.
 */
const RAMP = ['#0072B2', '#5F66BE', '#A552AE', '#C9437D', '#D55E00'] as const;

/** Attributes that give an element a theme colour as its `currentColor`. */
export interface Paint {
  readonly class?: string;
  readonly color: string;
  /** Said on each painted element, since some renderers resolve an inherited `currentColor` where it was said first. */
  readonly fill: 'currentColor';
}

export function rolePaint(role: Role): Paint {
  return { class: `sg-${role}`, color: ROLES[role].light, fill: 'currentColor' };
}

/** Colour of series `index`; after seven series they repeat, and {@link seriesDash} tells them apart. */
export function seriesPaint(index: number): Paint {
  const i = index % SERIES.length;
  return { class: `sg-s${i}`, color: SERIES[i]!.light, fill: 'currentColor' };
}

/** What has one colour wherever it is drawn: the membrane before rectification, H, and after, Ĥ. */
export type Quantity = 'charged' | 'rectified';
export const quantityKind = oneOf<Quantity>(['charged', 'rectified']);

/** Colour of a quantity; of series `index` where it is none. */
export function quantityPaint(quantity: Quantity | undefined, index: number): Paint {
  return quantity === undefined ? seriesPaint(index) : rolePaint(quantity);
}

/** Colour at `share` (0 to 1) of the way through an ordered family. */
export function rampPaint(share: number): Paint {
  const at = Math.max(0, Math.min(1, share)) * (RAMP.length - 1);
  const from = Math.min(RAMP.length - 2, Math.floor(at));
  const channel = (i: number) => {
    const [a, b] = [RAMP[from]!, RAMP[from + 1]!].map((hex) => Number.parseInt(hex.slice(i, i + 2), 16));
    const mixed = Math.round(a! + (b! - a!) * (at - from));
    return mixed.toString(16).padStart(2, '0').toUpperCase();
  };
  return { color: `#${channel(1)}${channel(3)}${channel(5)}`, fill: 'currentColor' };
}

/** stroke-dasharray of series `index`; undefined for the first seven. */
export function seriesDash(index: number): string | undefined {
  return [undefined, '7 4', '2 4', '8 3 2 3'][Math.floor(index / SERIES.length) % 4];
}

/** The dark colours as one media query; what every figure carries in its <style>. */
export function figureCss(): string {
  const rules = [
    ...Object.entries(ROLES).map(([role, shade]) => `.sg-chart .sg-${role}{color:${shade.dark}}`),
    ...SERIES.map((shade, i) => `.sg-chart .sg-s${i}{color:${shade.dark}}`),
  ];
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`;
}

/** The roles as CSS variables (`--sg-ink`, …) for a page around the figures. */
export function pageVariables(): string {
  const list = (mode: keyof Shade) =>
    Object.entries(ROLES)
      .map(([role, shade]) => `--sg-${role}:${shade[mode]};`)
      .join('');
  return `:root{color-scheme:light dark;${list('light')}}@media (prefers-color-scheme:dark){:root{${list('dark')}}}`;
}
