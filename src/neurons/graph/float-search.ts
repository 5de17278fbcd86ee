// Searching the f32 numbers in their order: where a condition that holds from some number on begins to hold. Not a root
// finder: the answer is exact, one of the 2^32.

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);
/** Place of -Infinity and +Infinity in the order below. */
const LOWEST = -0x7f800000;
const HIGHEST = 0x7f800000;

/** The number at a place of the order: 0 at place 0, its neighbours at ±1. */
function floatAt(place: number): number {
  bits[0] = Math.abs(place);
  return place < 0 ? -float[0]! : float[0]!;
}

/**
 * The least f32 number, infinities among them, for which `holds`.
 * @param holds once true, true for every greater number
 * @returns undefined when it holds for none
 */
export function firstFloat(holds: (value: number) => boolean): number | undefined {
  if (!holds(Number.POSITIVE_INFINITY)) return undefined;
  let below = LOWEST - 1;
  let from = HIGHEST; // holds here; not at `below`
  while (from - below > 1) {
    const middle = Math.floor((below + from) / 2);
    if (holds(floatAt(middle))) from = middle;
    else below = middle;
  }
  return floatAt(from);
}
