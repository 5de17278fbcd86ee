// Pictures of any size brought to the size that a network takes: along each axis the mean of the pixels that a new
// one covers where there are fewer of them, and a line between the nearest two where there are more. The whole
// picture stays, so its sides may change their ratio.

/** A picture as rows of floats, so that a large one need not be held whole. */
export interface PictureRows {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [width,channels] of the row `y` from the top. */
  row(y: number): Float64Array;
}

/** For each new pixel of an axis the first old one that counts, and the weights of it and those behind. */
function weightsAlong(from: number, to: number): { first: number; weights: number[] }[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (scale <= 1) {
      const centre = Math.min(from - 1, Math.max(0, (i + 0.5) * scale - 0.5));
      const first = Math.min(Math.floor(centre), Math.max(0, from - 2));
      return { first, weights: from === 1 ? [1] : [1 - (centre - first), centre - first] };
    }
    const [begin, end] = [i * scale, (i + 1) * scale];
    const first = Math.floor(begin);
    const count = Math.min(from, Math.ceil(end)) - first;
    const covered = Array.from(
      { length: count },
      (_, k) => Math.min(end, first + k + 1) - Math.max(begin, first + k),
    );
    const sum = covered.reduce((total, share) => total + share, 0);
    return { first, weights: covered.map((share) => share / sum) };
  });
}

/** A list of vectors of `size` numbers brought to another length. */
function along(vectors: Float64Array, size: number, plan: ReturnType<typeof weightsAlong>): Float64Array {
  const out = new Float64Array(plan.length * size);
  plan.forEach(({ first, weights }, i) => {
    weights.forEach((weight, k) => {
      const source = (first + k) * size;
      for (let c = 0; c < size; c++) out[i * size + c]! += weight * vectors[source + c]!;
    });
  });
  return out;
}

/** The picture in another size, [height,width,channels]; in its own as it is. */
export function resized(picture: PictureRows, height: number, width: number): Float64Array {
  const { channels } = picture;
  const across = weightsAlong(picture.width, width);
  const narrow = new Float64Array(picture.height * width * channels);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.row(y);
    narrow.set(picture.width === width ? row : along(row, channels, across), y * width * channels);
  }
  return picture.height === height
    ? narrow
    : along(narrow, width * channels, weightsAlong(picture.height, height));
}
