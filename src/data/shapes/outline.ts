// The ten outlines of the `shapes` data set as signed distances: negative inside, positive outside, in units of the
// shape's radius, y pointing down as in an image. They are exact near the outline, which is all that anti-aliasing
// needs, and not everywhere else. Only + - * / and square roots: IEEE 754 fixes those to the last bit, on every
// machine.

/** Signed distance of the point (x, y) from an outline that fills about the unit disc. */
export type Outline = (x: number, y: number) => number;

const SIN_36 = 0.5877852522924731;
const COS_36 = 0.8090169943749475;
const SIN_60 = 0.8660254037844386;

const STAR_TIP = 1.15;
const STAR_NOTCH = 0.55;
const STAR_EDGE_X = STAR_NOTCH * SIN_36;
const STAR_EDGE_Y = STAR_NOTCH * COS_36 - STAR_TIP;
const STAR_EDGE = Math.sqrt(STAR_EDGE_X * STAR_EDGE_X + STAR_EDGE_Y * STAR_EDGE_Y);
const STAR_NORMAL_X = -STAR_EDGE_Y / STAR_EDGE;
const STAR_NORMAL_Y = STAR_EDGE_X / STAR_EDGE;

const circle = (x: number, y: number, radius: number) => Math.sqrt(x * x + y * y) - radius;

const box = (x: number, y: number, halfWidth: number, halfHeight: number) =>
  Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);

const disc: Outline = (x, y) => circle(x, y, 0.98);

const ring: Outline = (x, y) => Math.abs(circle(x, y, 0.76)) - 0.22;

const square: Outline = (x, y) => box(x, y, 0.7, 0.7);

/** Three half-planes at the inscribed circle's radius. */
const triangle: Outline = (x, y) => {
  const centred = y - 0.2;
  return Math.max(centred, SIN_60 * Math.abs(x) - centred / 2) - 0.6;
};

const cross: Outline = (x, y) => Math.min(box(x, y, 1, 0.22), box(x, y, 0.22, 1));

/** Twice the distance of a point beyond the line that stands 36 degrees from upright: the step to its mirror image. */
const beyond36 = (x: number, y: number) => 2 * Math.max(0, x * COS_36 - y * SIN_36);

/** A star with five points: folded onto one half of one point, a single straight edge from tip to notch is left. */
const star: Outline = (x, y) => {
  let u = Math.abs(x);
  let v = -y;
  for (let fold = 0; fold < 2; fold++) {
    const move = beyond36(u, v);
    u = Math.abs(u - move * COS_36);
    v += move * SIN_36;
  }
  return u * STAR_NORMAL_X + (v - STAR_TIP) * STAR_NORMAL_Y;
};

/** Four dots on the corners of a square. */
const dots: Outline = (x, y) => circle(Math.abs(x) - 0.58, Math.abs(y) - 0.58, 0.34);

const crescent: Outline = (x, y) => Math.max(circle(x, y, 1), -circle(x - 0.5, y, 0.8));

/** Half circles whose radii grow by half a gap each, about one centre above and another below; round ends. */
const spiral: Outline = (x, y) => {
  const step = 0.26;
  const start = 0.14;
  const u = x + step;
  const radius = y < 0 ? Math.sqrt(u * u + y * y) : Math.sqrt((u - step) * (u - step) + y * y);
  const inner = y < 0 ? start : start + step;
  const arcs = Math.min(Math.abs(radius - inner), Math.abs(radius - inner - 2 * step));
  const ends = Math.min(circle(u - start, y, 0), circle(u - start - 4 * step, y, 0));
  return Math.min(arcs, ends) - 0.14;
};

/** Three parallel bars. */
const bars: Outline = (x, y) => {
  const v = Math.abs(y);
  return Math.min(box(x, v, 0.95, 0.17), box(x, v - 0.72, 0.95, 0.17));
};

/** Every outline under the name of its class, in the order of the labels. */
export const outlines = {
  disc,
  ring,
  square,
  triangle,
  cross,
  star,
  dots,
  crescent,
  spiral,
  bars,
} as const satisfies Record<string, Outline>;
