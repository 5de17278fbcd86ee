// Thins a line to what a screen can show: within one column of pixels a line looks the same when only its first,
// lowest, highest and last points are kept. Loss per batch over a hundred epochs shrinks from 40,000 points to under
// 2,000.

/** A point in px; NaN in either place is a gap. */
export type Point = readonly [number, number];

/** The points to draw, in their order. Gaps stay gaps. */
export function decimate(points: readonly Point[]): Point[] {
  const out: Point[] = [];
  let start = 0;
  while (start < points.length) {
    const column = columnOf(points[start]!);
    let low = start;
    let high = start;
    let end = start;
    while (end + 1 < points.length && columnOf(points[end + 1]!) === column) {
      end++;
      if (points[end]![1] < points[low]![1]) low = end;
      if (points[end]![1] > points[high]![1]) high = end;
    }
    const kept = new Set([start, Math.min(low, high), Math.max(low, high), end]);
    for (const i of kept) out.push(points[i]!);
    start = end + 1;
  }
  return out;
}

/** True where a point cannot be drawn. */
export function isGap([x, y]: Point): boolean {
  return Number.isNaN(x) || Number.isNaN(y);
}

/** NaN for a gap: NaN is never equal to itself, so a gap is a run of its own. */
function columnOf(point: Point): number {
  return isGap(point) ? Number.NaN : Math.floor(point[0]);
}
