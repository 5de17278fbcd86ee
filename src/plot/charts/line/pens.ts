// What the lines of a chart look like, each by its place among the others, and how the legend names them.

import type { LegendItem } from '../../legend';
import { type Quantity, rampPaint, rolePaint, SERIES, seriesDash, seriesPaint } from '../../theme';

/** One line of a chart. */
export interface LineSeries {
  readonly name: string;
  /** [x, y] in the order in which the line visits them. */
  readonly points: readonly (readonly [number, number])[];
  /** What the other lines are compared with: a broad grey line under them, without a colour of its own. */
  readonly reference?: boolean;
  /** Draws the line dashed: an arm of another kind among the others. */
  readonly dashed?: boolean;
  /** What the line shows, where that has a colour of its own: H is `charged`, Ĥ is `rectified`. */
  readonly quantity?: Quantity;
  /** [low, high] at each point, shaded around the line. */
  readonly ranges?: readonly (readonly [number, number])[];
}

/** The part of a chart's options that decides. */
export interface DrawnLines {
  readonly series: readonly LineSeries[];
  readonly ordered?: boolean;
}

export interface Pen {
  readonly width: number;
  readonly opacity?: number;
}

/** Unlike those by which a colour's second and third series are told from its first. */
const DASHED = '5 5';

export const PENS = {
  plain: { width: 2 },
  /** For many lines of one family. */
  thin: { width: 1.5 },
  /** For more points than pixels. */
  dense: { width: 1, opacity: 0.5 },
  reference: { width: 5, opacity: 0.55 },
} as const satisfies Record<string, Pen>;

/** Whether the lines are too many to be named one by one, and have an order by which they can be named together. */
export function isFamily({ series, ordered = false }: DrawnLines): boolean {
  return ordered && series.filter(({ reference }) => !reference).length > SERIES.length;
}

/** How each series is drawn: references in grey, the others by position or along the scale of an ordered family. */
export function penItems({ series, ordered = false }: DrawnLines): LegendItem[] {
  const own = series.filter(({ reference }) => !reference);
  return series.map((one) => {
    const { name, reference } = one;
    const dash = one.dashed ? DASHED : undefined;
    if (reference) return { name, paint: rolePaint('axis'), dash };
    const i = own.indexOf(one);
    if (one.quantity !== undefined) return { name, paint: rolePaint(one.quantity), dash };
    if (ordered) return { name, paint: rampPaint(own.length > 1 ? i / (own.length - 1) : 0), dash };
    return { name, paint: seriesPaint(i), dash: dash ?? seriesDash(i) };
  });
}

/** References by name, and the family by its first and its last. */
export function familyItems({ series }: DrawnLines, pens: readonly LegendItem[]): LegendItem[] {
  const family = pens.filter((_, i) => !series[i]!.reference);
  const name = `${family[0]!.name} to ${family.at(-1)!.name}`;
  const scale = family.map(({ paint }) => paint);
  return [...pens.filter((_, i) => series[i]!.reference), { name, paint: scale[0]!, scale }];
}
