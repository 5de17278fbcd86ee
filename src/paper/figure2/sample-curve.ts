// A function of one number as the points of a line that shows its jumps upright.

/** Intervals along the axis. */
const STEPS = 400;
/** Halvings after which a jump's place is known to the last digit. */
const HALVINGS = 60;

/**
 * Points of `f` over a range. Where it leaves or reaches 0 between two of them, as a rectangle does at once, the
 * place is searched and has a point on either side.
 */
export function sampleCurve(
  f: (x: number) => number,
  [low, high]: readonly [number, number],
): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i <= STEPS; i++) {
    const x = low + ((high - low) * i) / STEPS;
    const value = f(x);
    const before = points.at(-1);
    if (before !== undefined && (before[1] === 0) !== (value === 0)) {
      let [from, to] = [before[0], x];
      for (let round = 0; round < HALVINGS; round++) {
        const middle = (from + to) / 2;
        if ((f(middle) === 0) === (before[1] === 0)) from = middle;
        else to = middle;
      }
      points.push([from, f(from)], [to, f(to)]);
    }
    points.push([x, value]);
  }
  return points;
}
