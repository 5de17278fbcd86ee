// Work that answers a control: once a frame, with whatever is wanted last.

/** @returns asks for `work` before the next picture; asking again before then changes nothing */
export function eachFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
